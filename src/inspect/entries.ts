import { InvalidInput } from "../invalid-input.ts";
import { quoted } from "./format/quoted.ts";
import { type Numbers, numbersIn, type Tensor } from "./format/tensor.ts";

/** A matrix in memory: rows x columns, row-major. */
export interface Entries {
  readonly rows: number;
  readonly columns: number;
  readonly values: Float64Array;
}

/**
 * Of a tensor with two dimensions, less those of another of the same shape where one is given. Read in parts: memory
 * holds the difference, and neither of the two.
 *
 * @param file what messages call where they come from
 * @throws InvalidInput where an entry, or a difference, is not finite
 */
export async function readEntries(tensor: Tensor, before: Tensor | undefined, file: string): Promise<Entries> {
  const [rows, columns] = tensor.shape as [number, number];
  const values = new Float64Array(rows * columns);
  await visitEntries(tensor, file, (at, value) => {
    values[at] = value;
  });
  if (before !== undefined) {
    await visitEntries(before, file, (at, value) => {
      const difference = (values[at] as number) - value;
      if (!Number.isFinite(difference)) refuse(tensor, file, at, columns, "a finite difference", difference);
      values[at] = difference;
    });
  }
  return { rows, columns, values };
}

/** Each entry with its place in a row-major matrix. */
async function visitEntries(tensor: Tensor, file: string, visit: (at: number, value: number) => void): Promise<void> {
  const [rows, columns] = tensor.shape as [number, number];
  let stored = 0;
  for await (const part of numbersIn(tensor.numbers as Numbers, rows * columns)) {
    for (let i = 0; i < part.length; i++, stored++) {
      const at = tensor.order === "rows" ? stored : (stored % rows) * columns + Math.floor(stored / rows);
      const value = part[i] as number;
      if (!Number.isFinite(value)) refuse(tensor, file, at, columns, "finite numbers", value);
      visit(at, value);
    }
  }
}

function refuse(tensor: Tensor, file: string, at: number, columns: number, required: string, got: number): never {
  const place = `row ${Math.floor(at / columns)}, column ${at % columns}`;
  throw new InvalidInput(`${file}: tensor ${quoted(tensor.name)} must have ${required}, got ${got} in ${place}`);
}

/** The transposed matrix. */
export function transposed({ rows, columns, values }: Entries): Entries {
  const turned = new Float64Array(values.length);
  for (let i = 0; i < rows; i++) {
    for (let j = 0; j < columns; j++) turned[j * rows + i] = values[i * columns + j] as number;
  }
  return { rows: columns, columns: rows, values: turned };
}
