import { createHmac, randomBytes } from "node:crypto";
import type { Laboratory } from "../../experiment/laboratory.ts";
import type { Order, TrialRecord } from "../../experiment/trial.ts";
import { encodedText } from "./messages.ts";

/** A share of what others answered, trained again at home. */
export interface Audit {
  /** Of all answers; in (0, 1]. */
  readonly share: number;
  /** Where this process trusts what comes out. */
  readonly home: Laboratory;
}

/**
 * Draws a share of orders by a secret that nobody else knows, so that who forges an answer cannot tell whether it will
 * be trained again. What is drawn changes no result.
 */
export function auditDraw(share: number, secret: Uint8Array = randomBytes(32)): (id: string) => boolean {
  const UNITS = 2 ** 48;
  return (id) => createHmac("sha256", secret).update(id).digest().readUIntBE(0, 6) < share * UNITS;
}

/** What two answers to one order differ in; undefined where they are the same to the bit. */
export function whyDifferent(one: TrialRecord, other: TrialRecord): string | undefined {
  if (encodedText(one) === encodedText(other)) return undefined;
  const digests = [one, other].map(({ models }) => models.map(({ digest }) => digest).join(" and "));
  return digests[0] === digests[1] ? "what was observed differs" : `digests ${digests.join(" against ")}`;
}

/** Trains an order again. @returns what differs from the answer; undefined where nothing does */
export async function trainedAgain(home: Laboratory, order: Order, answer: TrialRecord): Promise<string | undefined> {
  try {
    const again = await home.run(order);
    return again === undefined ? undefined : whyDifferent(answer, again);
  } catch (error) {
    return `here it failed: ${error instanceof Error ? error.message : String(error)}`;
  }
}
