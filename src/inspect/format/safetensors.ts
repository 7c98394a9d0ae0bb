import { z } from "zod";
import { InvalidInput } from "../../invalid-input.ts";
import { jsonIn, ofForm } from "../../json.ts";
import { type ByteSource, wholeBytes, wholeText } from "../../laboratory/byte-source.ts";
import { quoted } from "./quoted.ts";
import { refuseRepeatedKeys } from "./repeated-keys.ts";
import { entriesOf, type NumberType, type Tensor } from "./tensor.ts";

/**
 * safetensors: eight bytes with the length of a header, the header in JSON, and the numbers. Strict: offsets leave no gap
 * and no overlap, and the numbers end where the file ends.
 */

/** The header of a model of 10^5 tensors has some 10 MB. */
const LONGEST_HEADER = 25_000_000;

const MOST_TENSORS = 100_000;

/** Bytes of a number; those that are not measured are there to be skipped by name. */
const WIDTHS: Readonly<Record<string, number>> = {
  ...{ F64: 8, F32: 4, F16: 2, BF16: 2 },
  ...{ I64: 8, U64: 8, I32: 4, U32: 4, I16: 2, U16: 2, I8: 1, U8: 1, BOOL: 1, F8_E4M3: 1, F8_E5M2: 1, C64: 8 },
};

const entry = z.strictObject({
  dtype: z.string(),
  shape: z.array(z.int().min(0)).max(16),
  data_offsets: z.tuple([z.int().min(0), z.int().min(0)]),
});

const header = z.looseObject({ __metadata__: z.record(z.string(), z.string()).optional() });

/** @throws InvalidInput where it is none */
export async function safetensorsIn(source: ByteSource): Promise<Tensor[]> {
  const { name, size } = source;
  if (size < 8) throw new InvalidInput(`${name}: is cut, required the 8 bytes of a length, got ${size}`);
  const word = await wholeBytes(source, 0, 8);
  const length = Number(new DataView(word.buffer).getBigUint64(0, true));
  if (length > LONGEST_HEADER) {
    throw new InvalidInput(
      `${name}: its header must have at most ${LONGEST_HEADER} bytes, got ${length}: it was not read`,
    );
  }
  if (length > size - 8) throw new InvalidInput(`${name}: is cut, its header has ${length} bytes, got ${size - 8}`);
  const text = await wholeText(source, 8, length);
  if (!text.startsWith("{")) throw new InvalidInput(`${name}: its header must begin with {, got ${quoted(text, 20)}`);
  const { __metadata__, ...entries } = ofForm(header.parse, jsonIn(text, `${name}: header`, 4), name);
  refuseRepeatedKeys(text, name);
  return tensorsOf(source, 8 + length, entries);
}

function tensorsOf(source: ByteSource, start: number, entries: Readonly<Record<string, unknown>>): Tensor[] {
  const names = Object.keys(entries);
  if (names.length > MOST_TENSORS) {
    throw new InvalidInput(`${source.name}: must have at most ${MOST_TENSORS} tensors, got ${names.length}`);
  }
  const found = names.map((name) => {
    const what = `${source.name}: tensor ${quoted(name)}`;
    const { dtype, shape, data_offsets } = ofForm(entry.parse, entries[name], what);
    const width = Object.hasOwn(WIDTHS, dtype) ? WIDTHS[dtype] : undefined;
    if (width === undefined) {
      throw new InvalidInput(`${what}: dtype must be one of ${Object.keys(WIDTHS).join(", ")}, got ${quoted(dtype)}`);
    }
    const bytes = entriesOf(shape, what) * width;
    const [from, to] = data_offsets;
    if (to - from !== bytes) {
      throw new InvalidInput(`${what}: ${dtype} of shape [${shape}] has ${bytes} bytes, got offsets ${from} to ${to}`);
    }
    return { name, dtype, shape, from, to };
  });
  requireApart(found, source.size - start, source.name);
  return found.map(({ name, dtype, shape, from }) => ({
    ...{ name, shape, order: "rows" },
    numbers: isMeasured(dtype)
      ? { source, from: start + from, type: dtype, bigEndian: false }
      : { unread: `its numbers are ${dtype}` },
  }));
}

function isMeasured(dtype: string): dtype is NumberType {
  return ["F64", "F32", "F16", "BF16"].includes(dtype);
}

/** Each tensor begins where the one before it ends, and the last one ends with the file. */
function requireApart(
  tensors: readonly { readonly name: string; readonly from: number; readonly to: number }[],
  size: number,
  file: string,
): void {
  let end = 0;
  for (const { name, from, to } of [...tensors].sort((one, other) => one.from - other.from || one.to - other.to)) {
    if (from !== end) {
      const fault = from < end ? "overlap" : "leave a gap";
      throw new InvalidInput(`${file}: tensor ${quoted(name)}: offsets must not ${fault}, got ${from} after ${end}`);
    }
    end = to;
  }
  if (end > size) throw new InvalidInput(`${file}: is cut, its tensors have ${end} bytes, got ${size}`);
  if (end < size) throw new InvalidInput(`${file}: must end with its last tensor, got ${size - end} bytes more`);
}
