import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { adapterOf } from "../inspect/format/lora.ts";
import { NPY_MAGIC, npyIn } from "../inspect/format/npy.ts";
import { pickleMember, pytorchIn } from "../inspect/format/pytorch.ts";
import { quoted } from "../inspect/format/quoted.ts";
import { safetensorsIn } from "../inspect/format/safetensors.ts";
import type { Tensor } from "../inspect/format/tensor.ts";
import type { Checkpoint } from "../inspect/inspection.ts";
import { InvalidInput } from "../invalid-input.ts";
import { jsonIn } from "../json.ts";
import { type ByteSource, charactersOf, wholeBytes } from "../laboratory/byte-source.ts";
import { type OpenFile, openFile } from "../laboratory/file-source.ts";
import { readText } from "../laboratory/read-text.ts";
import { zipMembers } from "../laboratory/zip.ts";

/** A checkpoint whose files are open. Close it. */
export interface OpenCheckpoint extends Checkpoint {
  readonly close: () => void;
}

const ADAPTER_CONFIG = "adapter_config.json";
const ADAPTER_FILES = ["adapter_model.safetensors", "adapter_model.bin"];
/** PROTO, with which every binary pickle begins. */
const PICKLE = "\u0080";

const LARGEST_CONFIG = 1_000_000;

/** A file of weights, a folder of safetensors, or the folder of a LoRA adapter. @throws InvalidInput where it is none */
export async function openCheckpoint(path: string): Promise<OpenCheckpoint> {
  const open: OpenFile[] = [];
  const close = () => {
    for (const file of open.splice(0)) file.close();
  };
  const read = async (file: string) => {
    const source = openFile(file);
    open.push(source);
    return tensorsIn(source);
  };
  try {
    if (!statSync(path, { throwIfNoEntry: false })?.isDirectory()) return { path, close, tensors: await read(path) };
    if (existsSync(join(path, ADAPTER_CONFIG))) {
      const configuration = jsonIn(readText(join(path, ADAPTER_CONFIG), LARGEST_CONFIG), join(path, ADAPTER_CONFIG));
      const file = ADAPTER_FILES.find((name) => existsSync(join(path, name)));
      if (file === undefined) throw new InvalidInput(`${path}: an adapter must have ${ADAPTER_FILES[0]}, got none`);
      const tensors = await read(join(path, file));
      return { path, close, tensors, adapter: adapterOf(configuration, tensors, path) };
    }
    return { path, close, tensors: await shardsIn(path, read) };
  } catch (error) {
    close();
    throw error;
  }
}

/** A model in parts. */
async function shardsIn(folder: string, read: (file: string) => Promise<Tensor[]>): Promise<Tensor[]> {
  const files = readdirSync(folder).filter((name) => name.endsWith(".safetensors"));
  if (files.length === 0) {
    throw new InvalidInput(`${folder}: a folder must hold ${ADAPTER_CONFIG} or files of safetensors, got neither`);
  }
  const tensors = new Map<string, Tensor>();
  for (const file of files.sort()) {
    for (const tensor of await read(join(folder, file))) {
      if (tensors.has(tensor.name)) {
        throw new InvalidInput(`${folder}: tensor ${quoted(tensor.name)} must stand in one file, got it in two`);
      }
      tensors.set(tensor.name, tensor);
    }
  }
  return [...tensors.values()];
}

/** Which format a file has is said by its first bytes, not by its name. */
async function tensorsIn(file: ByteSource): Promise<Tensor[]> {
  const start = charactersOf(await wholeBytes(file, 0, Math.min(file.size, 9)));
  if (start.startsWith("PK")) return archivedIn(file);
  if (start.startsWith(NPY_MAGIC)) return [await npyIn(file, basename(file.name).replace(/\.npy$/, ""))];
  if (start.startsWith(PICKLE) && !start.endsWith("{")) {
    throw new InvalidInput(
      `${file.name}: must not be a bare pickle: save it with PyTorch 1.6 or newer, or as safetensors`,
    );
  }
  if (start.endsWith("{") || file.name.endsWith(".safetensors")) return safetensorsIn(file);
  throw new InvalidInput(`${file.name}: must be safetensors, npz, npy, or of torch.save, got none of them`);
}

async function archivedIn(file: ByteSource): Promise<Tensor[]> {
  const members = await zipMembers(file);
  if (pickleMember(members) !== undefined) return pytorchIn(file, members);
  const tensors: Tensor[] = [];
  for (const [name, member] of members) {
    if (!name.endsWith(".npy")) {
      throw new InvalidInput(
        `${file.name}: an archive must hold arrays of NumPy or data.pkl of PyTorch, got ${quoted(name)}`,
      );
    }
    tensors.push(await npyIn(member, name.replace(/\.npy$/, "")));
  }
  return tensors;
}

/** Two single arrays are a pair, whatever their files are called. */
export function paired(after: Checkpoint, before: Checkpoint): Checkpoint {
  const [ofAfter, ...others] = after.tensors;
  const [ofBefore, ...more] = before.tensors;
  const single = [after, before].every(({ path }) => path.endsWith(".npy")) && others.length + more.length === 0;
  if (!single || ofAfter === undefined || ofBefore === undefined) return before;
  return { ...before, tensors: [{ ...ofBefore, name: ofAfter.name }] };
}

/** Those tensors whose names begin with this, without it. @throws InvalidInput where there are none */
export function withoutPrefix(checkpoint: Checkpoint, prefix: string | undefined): Checkpoint {
  if (prefix === undefined) return checkpoint;
  const named = checkpoint.tensors.filter(({ name }) => name.startsWith(prefix));
  if (named.length === 0) {
    throw new InvalidInput(`${checkpoint.path}: some names must begin with ${quoted(prefix)}, got none that does`);
  }
  return { ...checkpoint, tensors: named.map((tensor) => ({ ...tensor, name: tensor.name.slice(prefix.length) })) };
}
