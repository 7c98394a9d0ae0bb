import { InvalidInput } from "../../invalid-input.ts";
import { type ByteSource, wholeBytes, wholeText } from "../../laboratory/byte-source.ts";
import { type Allowed, unpickled } from "./pickle.ts";
import { quoted } from "./quoted.ts";
import { BYTES_OF, entriesOf, type NumberType, type Tensor } from "./tensor.ts";

/**
 * What `torch.save` writes since PyTorch 1.6: a zip archive with a pickle that says what tensors there are, and a member
 * for each storage of numbers.
 */

const LARGEST_PICKLE = 50_000_000;

/** Values that are looked at in the nested dicts of a checkpoint; a pickle may hold one value in many places. */
const MOST_VALUES = 1_000_000;

const DEEPEST = 32;

/** Storages by the type that the pickle names, with the bytes of a number. */
const STORAGES: Readonly<
  Record<string, { readonly type: NumberType } | { readonly width: number; readonly of: string }>
> = {
  DoubleStorage: { type: "F64" },
  FloatStorage: { type: "F32" },
  HalfStorage: { type: "F16" },
  BFloat16Storage: { type: "BF16" },
  LongStorage: { width: 8, of: "integers" },
  IntStorage: { width: 4, of: "integers" },
  ShortStorage: { width: 2, of: "integers" },
  CharStorage: { width: 1, of: "integers" },
  ByteStorage: { width: 1, of: "integers" },
  BoolStorage: { width: 1, of: "truth values" },
  ComplexFloatStorage: { width: 8, of: "complex" },
  ComplexDoubleStorage: { width: 16, of: "complex" },
};

interface Storage {
  readonly source: ByteSource;
  readonly kind: string;
  readonly numbers: number;
}

/** A tensor before it has a name. */
class Rebuilt {
  readonly storage: Storage;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: Storage, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** The member of an archive that says that it is PyTorch's. */
export function pickleMember(members: ReadonlyMap<string, ByteSource>): string | undefined {
  return [...members.keys()].find((name) => /^[^/]+\/data\.pkl$/.test(name));
}

/** @throws InvalidInput where it is none, or names what no state_dict needs */
export async function pytorchIn(file: ByteSource, members: ReadonlyMap<string, ByteSource>): Promise<Tensor[]> {
  const pickleName = pickleMember(members) as string;
  const folder = pickleName.slice(0, -"data.pkl".length);
  const pickle = members.get(pickleName) as ByteSource;
  if (pickle.size > LARGEST_PICKLE) {
    throw new InvalidInput(
      `${pickle.name}: must have at most ${LARGEST_PICKLE} bytes, got ${pickle.size}: it was not read`,
    );
  }
  const byteOrder = members.get(`${folder}byteorder`);
  if (byteOrder !== undefined && (await wholeText(byteOrder, 0, Math.min(byteOrder.size, 16))) !== "little") {
    throw new InvalidInput(`${file.name}: numbers must have the lesser byte first (byteorder little)`);
  }
  const bytes = await wholeBytes(pickle, 0, pickle.size);
  const state = unpickled(bytes, file.name, namesFor(file.name), (id) => storageOf(id, file.name, folder, members));
  const tensors: Tensor[] = [];
  let values = 0;
  const visit = (value: unknown, path: readonly string[]): void => {
    if (++values > MOST_VALUES || path.length > DEEPEST) {
      throw new InvalidInput(`${file.name}: dicts must hold at most ${MOST_VALUES} values, ${DEEPEST} deep`);
    }
    if (value instanceof Rebuilt) tensors.push(tensorOf(value, path.join(".") || "tensor", file.name));
    else if (value instanceof Map) for (const [key, each] of value) visit(each, [...path, String(key)]);
    else if (Array.isArray(value)) value.forEach((each, i) => void visit(each, [...path, String(i)]));
  };
  visit(state, []);
  return tensors;
}

/** All that a state_dict needs. */
function namesFor(file: string): Allowed {
  const refuse = (what: string): never => {
    throw new InvalidInput(`${file}: ${what}`);
  };
  const rebuild = (storage: unknown, offset: unknown, shape: unknown, strides: unknown): Rebuilt => {
    if (!isStorage(storage) || !isLength(offset) || !isLengths(shape) || !isLengths(strides)) {
      return refuse("a tensor must have a storage, an offset, a shape and strides");
    }
    if (shape.length !== strides.length)
      refuse(`a tensor of shape (${shape}) must have as many strides, got (${strides})`);
    return new Rebuilt(storage, offset, shape, strides);
  };
  const storageTypes = Object.keys(STORAGES).map((kind) => [
    `torch.${kind}`,
    () => refuse("a storage is not made by a call"),
  ]);
  return {
    ...(Object.fromEntries(storageTypes) as Allowed),
    "collections.OrderedDict": (...args) =>
      args.length === 0 ? new Map() : refuse("an OrderedDict must be empty when it is made"),
    "torch._utils._rebuild_tensor_v2": rebuild,
    "torch._utils._rebuild_tensor": rebuild,
    "torch._utils._rebuild_parameter": (tensor) =>
      tensor instanceof Rebuilt ? tensor : refuse("a parameter must be a tensor"),
  };
}

/** ("storage", its type, its member, a device, how many numbers) */
function storageOf(id: unknown, file: string, folder: string, members: ReadonlyMap<string, ByteSource>): Storage {
  const refuse = (what: string): never => {
    throw new InvalidInput(`${file}: ${what}`);
  };
  if (!Array.isArray(id) || id[0] !== "storage") return refuse("a persistent id must be that of a storage");
  const [, named, key, , numbers] = id as readonly unknown[];
  const kind = String((named as { name?: string } | null)?.name).replace(/^torch\./, "");
  if (!Object.hasOwn(STORAGES, kind)) return refuse(`a storage must be of a known type, got ${quoted(kind)}`);
  const source = members.get(`${folder}data/${key}`);
  if (source === undefined) return refuse(`is cut, it has no member ${quoted(`${folder}data/${key}`)}`);
  if (!isLength(numbers)) return refuse(`storage ${quoted(String(key))} must say how many numbers it has`);
  const bytes = numbers * widthOf(kind);
  if (bytes !== source.size) refuse(`storage ${quoted(String(key))} must have ${bytes} bytes, got ${source.size}`);
  return { source, kind, numbers };
}

function widthOf(kind: string): number {
  const storage = STORAGES[kind] as (typeof STORAGES)[string];
  return "type" in storage ? BYTES_OF[storage.type] : storage.width;
}

function tensorOf({ storage, offset, shape, strides }: Rebuilt, name: string, file: string): Tensor {
  const what = `${file}: tensor ${quoted(name)}`;
  const entries = entriesOf(shape, what);
  const last = shape.reduce((sum, length, i) => sum + (length - 1) * (strides[i] as number), offset);
  if (entries > 0 && !(last < storage.numbers)) {
    throw new InvalidInput(`${what}: must lie within its storage of ${storage.numbers} numbers, got one at ${last}`);
  }
  const kind = STORAGES[storage.kind] as (typeof STORAGES)[string];
  const order = orderOf(shape, strides);
  const numbers = (): Tensor["numbers"] => {
    if (!("type" in kind)) return { unread: `its numbers are ${kind.of} (${storage.kind})` };
    if (order === undefined) return { unread: `its numbers do not lie side by side (strides ${strides.join(", ")})` };
    const from = offset * BYTES_OF[kind.type];
    return { source: storage.source, from, type: kind.type, bigEndian: false };
  };
  return { name, shape, order: order ?? "rows", numbers: numbers() };
}

/** Which index runs fastest, where numbers lie side by side; lengths of 1 have any stride. */
function orderOf(shape: readonly number[], strides: readonly number[]): Tensor["order"] | undefined {
  const isDense = (indices: readonly number[]) => {
    let expected = 1;
    return indices.every((i) => {
      const fits = shape[i] === 1 || strides[i] === expected;
      expected *= shape[i] as number;
      return fits;
    });
  };
  const indices = shape.map((_, i) => i);
  if (shape.includes(0) || isDense([...indices].reverse())) return "rows";
  return isDense(indices) ? "columns" : undefined;
}

function isStorage(value: unknown): value is Storage {
  return typeof value === "object" && value !== null && "source" in value && "kind" in value;
}

function isLength(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function isLengths(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every(isLength);
}
