/** Text of a file as messages quote it: between quotes, and not too much of it. */
export function quoted(text: string, most = 120): string {
  return JSON.stringify(text.length > most ? `${text.slice(0, most)}…` : text);
}
