import { sha256 } from "@noble/hashes/sha2.js";
import { bytesToHex } from "@noble/hashes/utils.js";
import { TRAINED_MATRICES, type Weights } from "../notation.ts";

/** SHA-256 of the weights' bytes (little-endian doubles, row by row) in the order WQ, WK, WV, WO. */
export function weightsDigest(weights: Weights): string {
  const hash = sha256.create();
  for (const name of TRAINED_MATRICES) {
    const matrix = weights[name];
    const bytes = new DataView(new ArrayBuffer(8 * matrix.rows * matrix.columns));
    matrix.to1DArray().forEach((entry, i) => {
      bytes.setFloat64(8 * i, entry, true);
    });
    hash.update(new Uint8Array(bytes.buffer));
  }
  return bytesToHex(hash.digest());
}

export function allFinite(weights: Weights): boolean {
  return TRAINED_MATRICES.every((name) => weights[name].to1DArray().every(Number.isFinite));
}
