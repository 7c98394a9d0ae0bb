import type { Stream } from "../../src/random/stream.ts";

/** What stands in the place of a value of JSON. */
const VALUES: readonly unknown[] = [
  ...[null, true, false, 0, -1, 0.5, 1e308, -1e-320, 2 ** 53, 1e20],
  ...[
    "",
    " ",
    "NaN",
    "Infinity",
    "constructor",
    "__proto__",
    "toString",
    "\u202e",
    "\u0000",
    "x".repeat(3000),
    "../../x",
    "<b>",
  ],
  ...[[], {}, [[]], [null], { a: 1 }, [0, 0, 0]],
];

const KEYS = ["constructor", "__proto__", "toString", "", "length", "0", "unknown"];

/** Pieces of text that JSON, links and lines are made of, and some that they are not. */
const PIECES = [
  "{",
  "}",
  "[",
  "]",
  '"',
  ",",
  ":",
  "\\",
  "\n",
  "\r",
  "\u0000",
  "\ufeff",
  "\u2028",
  "&",
  "=",
  "%",
  "%00",
  "%E2%80%AE",
  "#",
  "e999",
  "-",
  "NaN",
  "null",
  "\ud800",
  "9".repeat(400),
  "[".repeat(300),
];

/** A text that was valid, with one to four changes: as data where it is JSON, or as text. */
export function mutated(random: Stream, text: string): string {
  if (random.uniform() < 0.6) {
    const data = dataIn(text);
    if (data !== undefined) return textOf(times(random, data.value, changedData));
  }
  return times(random, text, changedText);
}

function times<T>(random: Stream, value: T, change: (random: Stream, value: T) => T): T {
  let changed = value;
  for (let i = random.integer(1, 4); i > 0; i--) changed = change(random, changed);
  return changed;
}

/** One place in it has another value, is gone, or has a neighbour. */
function changedData(random: Stream, data: unknown): unknown {
  if (typeof data !== "object" || data === null || random.uniform() < 0.05) return oneOf(random, VALUES);
  const entries = Object.entries(data);
  if (entries.length === 0) return oneOf(random, VALUES);
  const at = random.integer(0, entries.length - 1);
  const [key, value] = entries[at] as [string, unknown];
  const isDeep = typeof value === "object" && value !== null;
  const what = random.uniform();
  if (isDeep && what < 0.8) entries[at] = [key, changedData(random, value)];
  else if (what < 0.6) entries[at] = [key, changedLeaf(random, value)];
  else if (what < 0.75) entries.splice(at, 1);
  else if (what < 0.9) entries.push([oneOf(random, KEYS), oneOf(random, VALUES)]);
  else entries[at] = [oneOf(random, KEYS), value];
  if (Array.isArray(data)) return entries.map(([, each]) => each);
  // as JSON.parse does it: __proto__ is a field like any other
  const result: Record<string, unknown> = Object.create(null);
  for (const [name, each] of entries)
    Object.defineProperty(result, name, { value: each, enumerable: true, configurable: true, writable: true });
  return result;
}

function changedLeaf(random: Stream, value: unknown): unknown {
  if (typeof value === "number" && random.uniform() < 0.5) {
    return oneOf(random, [-value, value + 1, value * 1e9, value / 3, Math.trunc(value), 1 / value]);
  }
  if (typeof value === "string" && random.uniform() < 0.5) return changedText(random, value);
  return oneOf(random, VALUES);
}

function changedText(random: Stream, text: string): string {
  const [a, b] = [random.integer(0, text.length), random.integer(0, text.length)].sort((x, y) => x - y) as [
    number,
    number,
  ];
  const what = random.uniform();
  if (what < 0.3) return text.slice(0, a) + oneOf(random, PIECES) + text.slice(a);
  if (what < 0.5) return text.slice(0, a) + oneOf(random, PIECES) + text.slice(a + 1);
  if (what < 0.7) return text.slice(0, a) + text.slice(Math.min(b, a + 30));
  if (what < 0.8) return text.slice(0, b);
  if (what < 0.9) return text.slice(0, b) + text.slice(a);
  return text.slice(0, a) + String.fromCharCode(text.charCodeAt(a) ^ (1 << random.integer(0, 7))) + text.slice(a + 1);
}

function dataIn(text: string): { readonly value: unknown } | undefined {
  try {
    return { value: JSON.parse(text) };
  } catch {
    return undefined;
  }
}

function textOf(data: unknown): string {
  return JSON.stringify(data, (_, value) => (typeof value === "bigint" ? String(value) : value)) ?? "";
}

export function oneOf<T>(random: Stream, all: readonly T[]): T {
  return all[random.integer(0, all.length - 1)] as T;
}
