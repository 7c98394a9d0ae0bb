/** How many names are worth reading. */
const MOST = 3;

/** Of names that there are, those that somebody may have meant by one that there is not: the nearest first, what is longer before that. */
export function nearestNames(given: string, names: readonly string[]): readonly string[] {
  const typed = given.toLowerCase();
  const words = new Set(wordsOf(typed));
  return names
    .map((name) => ({
      name,
      begins: typed.length > 2 && name.toLowerCase().startsWith(typed),
      edits: editsBetween(typed, name.toLowerCase()),
      common: wordsOf(name.toLowerCase()).filter((word) => words.has(word)).length,
    }))
    .filter(
      ({ name, edits, common }) =>
        edits <= Math.max(1, Math.floor(name.length / 3)) || common > 0 || (typed.length > 2 && name.includes(typed)),
    )
    .sort((one, other) => Number(other.begins) - Number(one.begins) || one.edits - other.edits)
    .slice(0, MOST)
    .map(({ name }) => name);
}

/** "; did you mean low-rank-update?", or nothing where nothing is near. */
export function didYouMean(given: string, names: readonly string[]): string {
  const near = nearestNames(given, names);
  return near.length === 0 ? "" : `; did you mean ${near.join(" or ")}?`;
}

/** Two letters are no word: they are in too many names. */
function wordsOf(name: string): readonly string[] {
  return name.split(/[^a-z0-9]+/).filter((word) => word.length > 2);
}

/** Insertions, deletions, substitutions and swaps of neighbours that make one text of the other (restricted Damerau). */
function editsBetween(one: string, other: string): number {
  let [before, last]: readonly number[][] = [[], Array.from({ length: other.length + 1 }, (_, j) => j)];
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const same = one[i - 1] === other[j - 1];
      const swapped = i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1];
      row[j] = Math.min(
        last![j]! + 1,
        row[j - 1]! + 1,
        last![j - 1]! + (same ? 0 : 1),
        swapped ? before![j - 2]! + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, last] = [last, row];
  }
  return last![other.length]!;
}
