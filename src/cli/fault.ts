import { fileURLToPath } from "node:url";
import { TOO_FEW_ADDRESSES } from "../laboratory/address-space.ts";

/** What went wrong, without a class: those are lost between threads. */
export interface Fault {
  /** One line: what, and what to do. */
  readonly line: string;
  /** Where from; for who asks with `DEBUG=theorycheck`. */
  readonly stack: string;
}

/** What is known of an error, wherever it was made. */
interface Known {
  readonly name?: unknown;
  readonly message?: unknown;
  readonly code?: unknown;
  readonly path?: unknown;
  readonly dest?: unknown;
  readonly syscall?: unknown;
  readonly stack?: unknown;
  readonly cause?: unknown;
}

/** Codes of faults of the machine: what is the matter, and what to do. `@` stands for the file, where one is known. */
const MACHINE: Readonly<Record<string, readonly [what: string, remedy: string]>> = {
  ENOSPC: ["no space is left to write@", "free some, or write elsewhere"],
  EDQUOT: ["the quota of disk space is used up@", "free some, or write elsewhere"],
  EFBIG: ["a file may not become that large@", "raise the limit (ulimit -f), or write elsewhere"],
  EROFS: ["the file system is read-only@", "write elsewhere"],
  EACCES: ["there is no permission@", "give it, or name another place"],
  EPERM: ["there is no permission@", "give it, or name another place"],
  EMFILE: ["too many files are open@", "raise the limit (ulimit -n), or lower --workers"],
  ENFILE: ["too many files are open on this machine@", "close some, or lower --workers"],
  EAGAIN: ["no further thread or process can be started", "raise the limit (ulimit -u), or lower --workers"],
  ERR_WORKER_INIT_FAILED: ["no further thread can be started", "raise the limits (ulimit -u, -n), or lower --workers"],
  ERR_WORKER_OUT_OF_MEMORY: [
    "out of memory",
    "lower --workers, or give Node more: NODE_OPTIONS=--max-old-space-size=4096",
  ],
  [TOO_FEW_ADDRESSES]: ["too few addresses are left for threads", "raise the limit (ulimit -v), or lower --workers"],
  ENOMEM: ["out of memory", "lower --workers, or free some"],
  ENOENT: ["something is not there@", "make it, or name another place"],
  EISDIR: ["a file is needed where a folder is@", "name another place"],
  ENOTDIR: ["a folder is needed where a file is@", "name another place"],
  EEXIST: ["a folder is needed where a file is@", "name another place"],
  ENOTEMPTY: ["a folder is in the way@", "remove it, or name another place"],
  ELOOP: ["symbolic links run in a circle@", "name another place"],
  ENAMETOOLONG: ["a name is too long@", "name another place"],
  EIO: ["the device fails@", "look at the disk, or write elsewhere"],
};

const NO_WEBASSEMBLY: readonly [string, string] = [
  "there is no memory for WebAssembly",
  "raise the limit (ulimit -v), or NODE_OPTIONS=--disable-wasm-trap-handler",
];

const TORN: readonly [string, string] = [
  "theorycheck's own files are missing or torn",
  "npm run build in a checkout, or install theorycheck again",
];

const ENDED: readonly [string, string] = [
  "something would have ended the program before there was an answer",
  "look for process.exit in the declarations and what they import, or raise the limits (ulimit -v, -u) where there is none",
];

const NO_COMPILER: readonly [string, string] = [
  "esbuild, which reads declarations, cannot be started or was ended",
  "raise the limits (ulimit -u, -v), or free memory",
];

const NO_CODE: readonly [string, string] = [
  "Node was told to make no code from text, which worker threads need",
  "leave out --disallow-code-generation-from-strings",
];

const OURS = new URL("..", import.meta.url);
const FOLDER = fileURLToPath(OURS);

/** Whatever was thrown, in words: faults of the machine by name, anything else as a fault of the program. */
export function faultOf(thrown: unknown): Fault {
  const error: Known = typeof thrown === "object" && thrown !== null ? thrown : { message: String(thrown) };
  const message = oneLine(error.message ?? "no message");
  const stack = typeof error.stack === "string" ? error.stack : message;
  const named = machineFault(error) ?? (error.cause === undefined ? undefined : machineFault(error.cause as Known));
  if (named === undefined) {
    const name = typeof error.name === "string" && error.name !== "Error" ? `${error.name}: ` : "";
    return { line: `${name}${message}; DEBUG=theorycheck shows where, for a report of the fault`, stack };
  }
  const [what, remedy] = named;
  return { line: `${what} (${message}); ${remedy}`, stack };
}

function machineFault(error: Known): readonly [string, string] | undefined {
  const { name, code, path, dest } = error;
  const text = `${String(name)} ${String(error.message)}`;
  if (/WebAssembly/.test(text)) return /memory|allocat/i.test(text) ? NO_WEBASSEMBLY : TORN;
  if (/\b(?:memory limit|heap out of memory|Array buffer allocation failed)\b/.test(text)) {
    return MACHINE.ERR_WORKER_OUT_OF_MEMORY;
  }
  if (/\bprocess\.exit\(.*\) was called$/.test(text)) return ENDED;
  if (/\bCode generation from strings disallowed\b/.test(text)) return NO_CODE;
  if (/\bThe service (?:was stopped|is no longer running)/.test(text)) return NO_COMPILER;
  if (isTorn(error)) return TORN;
  const known = typeof code === "string" && Object.hasOwn(MACHINE, code) ? MACHINE[code] : undefined;
  if (known === undefined) return undefined;
  const place = dest ?? path;
  return [known[0].replace("@", typeof place === "string" ? `: ${oneLine(place)}` : ""), known[1]];
}

/** Whether a module of this package could not be loaded. */
function isTorn({ name, message, stack }: Known): boolean {
  const text = String(message);
  if (/^Cannot find (?:module|package) /.test(text)) return text.includes(FOLDER);
  const lines = String(stack).split("\n");
  const isOurs = (line = "") => line.includes(OURS.href) || line.includes(FOLDER);
  const first = lines.findIndex((line) => /^\s+at /.test(line));
  // a module that does not parse: what is wrong with one of somebody else's is bad input, and told of as such
  if (name === "SyntaxError" && (isOurs(lines[0]) || /\(node:internal\/(?:modules|vm)\//.test(lines[first] ?? "")))
    return true;
  // half a module may be one too: one of ours that is whole throws nothing while it is loaded
  return (
    isOurs(lines[first]) && /^\s+at (?:async )?file:/.test(lines[first]!) && /ModuleJob/.test(lines[first + 1] ?? "")
  );
}

/** Without line ends and control characters: what is told is one line. */
function oneLine(text: unknown): string {
  return String(text)
    .trim()
    .replace(/[\s\p{Cc}]+/gu, " ");
}
