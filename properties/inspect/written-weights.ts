import { crc32, deflateRawSync } from "node:zlib";

/** Files of weights, made byte by byte: as they should be, and as they should not. */

export interface SafetensorsEntry {
  readonly dtype: string;
  readonly shape: readonly number[];
  readonly data_offsets: readonly [number, number];
}

/** safetensors of a header, given as data or as text, and the bytes behind it. */
export function safetensors(header: Readonly<Record<string, unknown>> | string, bytes: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(typeof header === "string" ? header : JSON.stringify(header));
  const file = new Uint8Array(8 + text.length + bytes.length);
  new DataView(file.buffer).setBigUint64(0, BigInt(text.length), true);
  file.set(text, 8);
  file.set(bytes, 8 + text.length);
  return file;
}

/** safetensors of matrices of doubles, by name: rows of numbers. */
export function safetensorsOf(matrices: Readonly<Record<string, readonly (readonly number[])[]>>): Uint8Array {
  let end = 0;
  const header: Record<string, SafetensorsEntry> = {};
  for (const [name, rows] of Object.entries(matrices)) {
    const shape = [rows.length, rows[0]?.length ?? 0];
    const from = end;
    end += 8 * shape[0]! * shape[1]!;
    header[name] = { dtype: "F64", shape, data_offsets: [from, end] };
  }
  return safetensors(header, doubles(Object.values(matrices).flat(2)));
}

export function doubles(values: readonly number[]): Uint8Array {
  return new Uint8Array(Float64Array.from(values).buffer);
}

/** npy of version 1 with this header, and the bytes behind it. */
export function npy(header: string, bytes: Uint8Array): Uint8Array {
  const text = new TextEncoder().encode(`${header}\n`);
  return Uint8Array.from([0x93, ...Buffer.from("NUMPY"), 1, 0, text.length & 255, text.length >> 8, ...text, ...bytes]);
}

/** npy of a matrix of doubles. */
export function npyOf(rows: readonly (readonly number[])[]): Uint8Array {
  const shape = `(${rows.length}, ${rows[0]?.length ?? 0})`;
  return npy(`{'descr': '<f8', 'fortran_order': False, 'shape': ${shape}, }`, doubles(rows.flat()));
}

export interface Member {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly deflated?: boolean;
  /** What the archive says of it, where that is not so. */
  readonly says?: { readonly size?: number; readonly crc?: number; readonly offset?: number; readonly method?: number };
}

/** A zip archive of these members. */
export function zip(members: readonly Member[]): Uint8Array {
  const parts: Uint8Array[] = [];
  const directory: Uint8Array[] = [];
  let offset = 0;
  for (const { name, bytes, deflated = false, says = {} } of members) {
    const packed = deflated ? deflateRawSync(bytes) : bytes;
    const text = Buffer.from(name);
    const method = says.method ?? (deflated ? 8 : 0);
    const fields = [says.crc ?? crc32(bytes), packed.length, says.size ?? bytes.length];
    const local = Buffer.alloc(30);
    local.writeUInt32LE(0x04034b50, 0);
    local.writeUInt16LE(method, 8);
    for (const [i, field] of fields.entries()) local.writeUInt32LE(field, 14 + 4 * i);
    local.writeUInt16LE(text.length, 26);
    const entry = Buffer.alloc(46);
    entry.writeUInt32LE(0x02014b50, 0);
    entry.writeUInt16LE(method, 10);
    for (const [i, field] of fields.entries()) entry.writeUInt32LE(field, 16 + 4 * i);
    entry.writeUInt16LE(text.length, 28);
    entry.writeUInt32LE(says.offset ?? offset, 42);
    parts.push(local, text, packed);
    directory.push(entry, text);
    offset += local.length + text.length + packed.length;
  }
  const size = directory.reduce((sum, part) => sum + part.length, 0);
  const end = Buffer.alloc(22);
  end.writeUInt32LE(0x06054b50, 0);
  end.writeUInt16LE(members.length, 8);
  end.writeUInt16LE(members.length, 10);
  end.writeUInt32LE(size, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...parts, ...directory, end]);
}

/** Opcodes of pickle for a state_dict of one tensor of doubles, as PyTorch writes it; or with others in its place. */
export function pickleOf(
  shape: readonly [number, number],
  strides: readonly [number, number],
  numbers: number,
): string {
  const integer = (value: number) =>
    `J${String.fromCharCode(value & 255, (value >> 8) & 255, (value >> 16) & 255, value >> 24)}`;
  const word = (text: string) => `X${String.fromCharCode(text.length, 0, 0, 0)}${text}`;
  const pair = ([one, other]: readonly [number, number]) => `${integer(one)}${integer(other)}\x86`;
  const storage = `(${word("storage")}ctorch\nDoubleStorage\n${word("0")}${word("cpu")}${integer(numbers)}tQ`;
  const empty = "ccollections\nOrderedDict\n)R";
  const tensor = `ctorch._utils\n_rebuild_tensor_v2\n(${storage}${integer(0)}${pair(shape)}${pair(strides)}\x89${empty}tR`;
  return `\x80\x02${empty}${word("W")}${tensor}s.`;
}

/** What `torch.save` writes: a pickle, and one storage. */
export function torchFile(pickle: string, storage: Uint8Array): Uint8Array {
  return zip([
    { name: "archive/data.pkl", bytes: Buffer.from(pickle, "latin1") },
    { name: "archive/data/0", bytes: storage },
    { name: "archive/version", bytes: Buffer.from("3\n") },
  ]);
}
