import { readFileSync } from "node:fs";

/** What a thread of Node reserves, in MB: measured with Node 20, 590 to 640, and 840 for the first. */
const OF_A_THREAD = 640;

/** Code of the error below. */
export const TOO_FEW_ADDRESSES = "ERR_TOO_FEW_ADDRESSES";

/**
 * Asks whether a limit of addresses (`ulimit -v`) leaves room for so many further threads. Node does not fail where it
 * does not: it is killed by a trap, without a word.
 *
 * @throws Error of that code where there is too little. Where Linux does not tell, nothing is known
 */
export function requireAddresses(threads: number): void {
  const limit = numberIn("/proc/self/limits", /^Max address space +(\d+)/m, 2 ** -20);
  const used = numberIn("/proc/self/status", /^VmSize:\s+(\d+) kB/m, 2 ** -10);
  if (limit === undefined || used === undefined || limit - used >= threads * OF_A_THREAD) return;
  const message = `${Math.max(0, Math.round(limit - used))} MB of addresses are left, where ${threads} threads need ${threads * OF_A_THREAD} MB`;
  throw Object.assign(new Error(message), { code: TOO_FEW_ADDRESSES });
}

function numberIn(file: string, pattern: RegExp, unit: number): number | undefined {
  try {
    const [, digits] = pattern.exec(readFileSync(file, "latin1")) ?? [];
    return digits === undefined ? undefined : Number(digits) * unit;
  } catch {
    return undefined;
  }
}
