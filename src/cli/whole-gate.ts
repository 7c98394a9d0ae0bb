import type { VerifyOptions } from "./verify.ts";

/** Where reports go when nothing narrows or changes what is judged. */
export const REPORTS = "reports";

export const ALL_LAWS = "all";

export function asksForAll(law = ALL_LAWS): boolean {
  return law === ALL_LAWS;
}

/** Whether the options leave what is judged as it is: they say where it is trained, written or shown, and no more. */
export function isWholeGate({
  json,
  progress,
  out,
  store,
  workers,
  queue,
  prefix,
  audit,
  law,
  ...changes
}: VerifyOptions): boolean {
  return asksForAll(law) && Object.keys(changes).length === 0;
}
