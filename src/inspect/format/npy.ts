import { InvalidInput } from "../../invalid-input.ts";
import { type ByteSource, charactersOf, wholeBytes } from "../../laboratory/byte-source.ts";
import { quoted } from "./quoted.ts";
import { entriesOf, type NumberType, type Tensor } from "./tensor.ts";

/** NumPy's npy: a magic word, a header that is a literal of Python, and the numbers. Objects, which are pickles, are refused. */

export const NPY_MAGIC = "\u0093NUMPY";

const LONGEST_HEADER = 100_000;

/** The one form that NumPy writes: three keys, in any order, no other values than these. */
const FIELD = /\s*'(descr|fortran_order|shape)'\s*:\s*('[^'\\]*'|True|False|\([\d,\sL]*\)|\[[^\]]*\])\s*,?\s*/y;

const FLOATS: Readonly<Record<string, NumberType>> = { f2: "F16", f4: "F32", f8: "F64" };

/** What is no real number of these widths, by its letter. */
const OTHERS: Readonly<Record<string, string>> = {
  ...{ i: "integers", u: "integers", b: "truth values", c: "complex", f: "long doubles" },
  ...{ U: "text", S: "text", M: "dates", m: "durations", V: "raw bytes" },
};

/** @throws InvalidInput where it is none */
export async function npyIn(source: ByteSource, name: string): Promise<Tensor> {
  const start = charactersOf(await wholeBytes(source, 0, Math.min(source.size, 12)));
  const refuse = (what: string): never => {
    throw new InvalidInput(`${source.name}: ${what}`);
  };
  if (!start.startsWith(NPY_MAGIC) || start.length < 12) refuse("must be an array of NumPy (npy), got other bytes");
  const codes = Array.from(start, (character) => character.charCodeAt(0));
  const major = codes[6] as number;
  if (major < 1 || major > 3) refuse(`must be npy of version 1, 2 or 3, got ${major}`);
  const lengthBytes = major === 1 ? 2 : 4;
  const length = codes.slice(8, 8 + lengthBytes).reduceRight((sum, byte) => 256 * sum + byte, 0);
  if (length > LONGEST_HEADER)
    refuse(`its header must have at most ${LONGEST_HEADER} bytes, got ${length}: it was not read`);
  const from = 8 + lengthBytes + length;
  if (from > source.size) refuse(`is cut, its header ends at byte ${from}, got ${source.size}`);
  const text = charactersOf(await wholeBytes(source, from - length, length));
  const { descr, fortran_order, shape: lengths } = fieldsOf(text, refuse);
  if (descr === undefined || fortran_order === undefined || !lengths?.startsWith("(")) {
    return refuse(`its header must say descr, fortran_order and shape, got ${quoted(text)}`);
  }
  const shape = (lengths.match(/\d+/g) ?? []).map(Number);
  const [, order, kind, width] = /^'([<>|=]?)([a-zA-Z])(\d*)(?:\[\w+\])?'$/.exec(descr) ?? [];
  if (kind === "O") refuse("objects are pickles, which may run code: they are refused");
  if (kind === undefined || OTHERS[kind] === undefined) refuse(`descr must be of numbers, got ${quoted(descr)}`);
  const bytes = entriesOf(shape, source.name) * Number(width) * (kind === "U" ? 4 : 1);
  const timed = kind === "M" || kind === "m";
  if (!timed && bytes !== source.size - from) {
    refuse(`shape (${shape}) of ${descr} has ${bytes} bytes, got ${source.size - from}`);
  }
  const type = FLOATS[`${kind}${width}`];
  return {
    ...{ name, shape, order: fortran_order === "True" && shape.length > 1 ? "columns" : "rows" },
    numbers:
      type === undefined
        ? { unread: `its numbers are ${OTHERS[kind as string]} (${descr.replaceAll("'", "")})` }
        : { source, from, type, bigEndian: order === ">" },
  };
}

function fieldsOf(text: string, refuse: (what: string) => never): Readonly<Record<string, string | undefined>> {
  const literal = /^\s*\{(.*)\}\s*$/s.exec(text)?.[1] ?? refuse(`its header must be a dict, got ${quoted(text)}`);
  const fields: Record<string, string> = {};
  for (let at = 0; at < literal.length; ) {
    FIELD.lastIndex = at;
    const [whole, key, value] =
      FIELD.exec(literal) ?? refuse(`its header must be as NumPy writes it, got ${quoted(text)}`);
    if (Object.hasOwn(fields, key as string)) refuse(`its header must say ${key} once, got it twice`);
    fields[key as string] = value as string;
    at += whole.length;
  }
  return fields;
}
