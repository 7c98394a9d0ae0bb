import { InvalidInput } from "../invalid-input.ts";
import { readEntries } from "./entries.ts";
import { factored } from "./factored.ts";
import type { Adapter, FactoredUpdate } from "./format/lora.ts";
import { quoted } from "./format/quoted.ts";
import { entriesOf, MOST_ENTRIES, type Tensor } from "./format/tensor.ts";
import { type Neurons, neuronsOf, rowNorms } from "./neurons.ts";
import { type Spectrum, spectrumOf } from "./spectrum.ts";

/** What was measured of a checkpoint: each of its tensors is a matrix here, or among those that were skipped. */
export interface Inspection {
  /** ΔW of a pair or an adapter, W of one checkpoint. */
  readonly of: "ΔW" | "W";
  readonly matrices: readonly MeasuredMatrix[];
  readonly skipped: readonly Skipped[];
}

export interface MeasuredMatrix {
  readonly name: string;
  readonly shape: readonly number[];
  readonly spectrum: Spectrum;
  /** Undefined where there is one row. */
  readonly neurons: Neurons | undefined;
}

export interface Skipped {
  readonly name: string;
  readonly why: string;
}

/** A file or a folder with what it holds. */
export interface Checkpoint {
  readonly path: string;
  readonly tensors: readonly Tensor[];
  /** Where it is a LoRA adapter; its tensors are those of the adapter then. */
  readonly adapter?: Adapter | undefined;
}

export interface InspectionOptions {
  /** All singular values, however long they take. */
  readonly all: boolean;
  /** Called before each matrix. */
  readonly tell: (done: number, matrices: number, name: string) => void;
}

/** @throws InvalidInput where shapes differ or numbers are not finite */
export async function inspect(
  after: Checkpoint,
  before: Checkpoint | undefined,
  options: InspectionOptions,
): Promise<Inspection> {
  for (const { adapter, path } of [after, ...(before === undefined ? [] : [before])]) {
    if (adapter !== undefined && before !== undefined) {
      throw new InvalidInput(`${path}: an adapter is ΔW already: it must be inspected by itself, got --before too`);
    }
  }
  return after.adapter === undefined
    ? inspectTensors(after, before, options)
    : inspectAdapter(after.path, after.adapter, options);
}

async function inspectTensors(
  after: Checkpoint,
  before: Checkpoint | undefined,
  { all, tell }: InspectionOptions,
): Promise<Inspection> {
  const earlier = before === undefined ? undefined : new Map(before.tensors.map((tensor) => [tensor.name, tensor]));
  const skipped: Skipped[] = [];
  const measured: Tensor[] = [];
  for (const tensor of after.tensors) {
    const { name } = tensor;
    const other = earlier?.get(name);
    if (other !== undefined) requireSameShape(tensor, other, after.path);
    const why =
      whyNot(tensor) ?? (earlier !== undefined && other === undefined ? "not in --before" : other && whyNot(other));
    if (why === undefined) measured.push(tensor);
    else skipped.push({ name, why });
  }
  const names = new Set(after.tensors.map(({ name }) => name));
  for (const { name } of before?.tensors ?? []) if (!names.has(name)) skipped.push({ name, why: "only in --before" });
  const matrices: MeasuredMatrix[] = [];
  for (const [i, tensor] of measured.entries()) {
    tell(i, measured.length, tensor.name);
    const entries = await readEntries(tensor, earlier?.get(tensor.name), after.path);
    if (entries.values.every((value) => value === 0)) {
      skipped.push({ name: tensor.name, why: earlier === undefined ? "all 0" : "unchanged: ΔW is 0" });
      continue;
    }
    matrices.push({
      ...{ name: tensor.name, shape: tensor.shape, spectrum: spectrumOf(entries, all) },
      neurons: entries.rows > 1 ? neuronsOf(rowNorms(entries)) : undefined,
    });
  }
  return { of: earlier === undefined ? "W" : "ΔW", matrices, skipped };
}

async function inspectAdapter(path: string, adapter: Adapter, { tell }: InspectionOptions): Promise<Inspection> {
  const skipped: Skipped[] = adapter.others.map((tensor) => ({
    name: tensor.name,
    why: whyNot(tensor) ?? "no factor of an update",
  }));
  const matrices: MeasuredMatrix[] = [];
  for (const [i, update] of adapter.updates.entries()) {
    tell(i, adapter.updates.length, update.name);
    const why = whyNot(update.left) ?? whyNot(update.right);
    const found = why === undefined ? await factoredOf(update, path) : undefined;
    if (found?.spectrum === undefined) {
      skipped.push({ name: update.name, why: why ?? "ΔW is 0: one of its factors is" });
      continue;
    }
    matrices.push({
      ...{ name: update.name, shape: update.shape, spectrum: found.spectrum },
      neurons: found.norms.length > 1 ? neuronsOf(found.norms) : undefined,
    });
  }
  return { of: "ΔW", matrices, skipped };
}

async function factoredOf({ left, right, scale, transposed }: FactoredUpdate, path: string) {
  const B = await readEntries(left, undefined, path);
  return factored(B, await readEntries(right, undefined, path), scale, transposed);
}

/** Why a tensor is not measured. */
function whyNot({ name, shape, numbers }: Tensor): string | undefined {
  if ("unread" in numbers) return numbers.unread;
  if (shape.length !== 2) return `no matrix: ${shape.length} ${shape.length === 1 ? "dimension" : "dimensions"}`;
  const entries = entriesOf(shape, name);
  if (entries === 0) return "no entries";
  return entries > MOST_ENTRIES ? `more than ${MOST_ENTRIES} entries` : undefined;
}

function requireSameShape(after: Tensor, before: Tensor, path: string): void {
  if (String(after.shape) !== String(before.shape)) {
    throw new InvalidInput(
      `${path}: tensor ${quoted(after.name)} must have the shape that it has in --before, [${before.shape}], got [${after.shape}]`,
    );
  }
}

/** What `--json` prints. */
export function inspectionJson({ matrices, skipped }: Inspection) {
  return {
    matrices: matrices.map(({ name, shape, spectrum: { singularValues, stableRank, ranks, complete } }) => ({
      ...{ name, shape, singularValues, stableRank, ranks, complete },
    })),
    neurons: matrices.flatMap(({ name, neurons }) =>
      neurons === undefined
        ? []
        : [{ name, small: neurons.small, large: neurons.large, betweenShare: neurons.betweenShare }],
    ),
    skipped,
  };
}
