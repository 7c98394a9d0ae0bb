/** How many of all, in words: "all 20", "none of 20", "18 of 20". */
export function ofAll(count: number, all: number): string {
  return count === all ? `all ${all}` : count === 0 ? `none of ${all}` : `${count} of ${all}`;
}
