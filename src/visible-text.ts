/** What steers a terminal or turns text around, and halves of characters: control, format, line and paragraph separators. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/gu;

const ESCAPES: ReadonlyMap<string, string> = new Map([
  ["\n", "\\n"],
  ["\r", "\\r"],
  ["\t", "\\t"],
]);

/** Text from outside as it may be shown: what nobody would see stands there as JSON writes it, `\u202e`. */
export function visible(text: string): string {
  return text.replace(UNSEEN, escaped);
}

/** The same of text that may have several lines: line ends and tabs stay. */
export function visibleLines(text: string): string {
  return text.replace(UNSEEN, (character) =>
    character === "\n" || character === "\t" ? character : escaped(character),
  );
}

/** Data with all its text as it may be shown, names of fields included. Where two texts were the same, they still are. */
export function visibleIn<T>(data: T, shown: (text: string) => string = visibleLines): T {
  if (typeof data === "string") return shown(data) as T;
  if (typeof data !== "object" || data === null || ArrayBuffer.isView(data)) return data;
  if (Array.isArray(data)) return data.map((each) => visibleIn(each, shown)) as T;
  return Object.fromEntries(Object.entries(data).map(([name, value]) => [shown(name), visibleIn(value, shown)])) as T;
}

function escaped(character: string): string {
  const units = Array.from({ length: character.length }, (_, i) => character.charCodeAt(i));
  return ESCAPES.get(character) ?? units.map((unit) => `\\u${unit.toString(16).padStart(4, "0")}`).join("");
}
