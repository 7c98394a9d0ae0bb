/** A word as a shell takes it for one: in single quotes where it has more than what no shell reads anything into. */
export function shellWord(word: string): string {
  return /^[\w./@%+=:,-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
