import type { Run } from "./run.ts";

/** A measurement that is made of a run when it is first asked for, and kept as long as the run is. */
export function perRun<T>(measure: (run: Run) => T): (run: Run) => T {
  const kept = new WeakMap<Run, { readonly value: T }>();
  return (run) => {
    let found = kept.get(run);
    if (found === undefined) {
      found = { value: measure(run) };
      kept.set(run, found);
    }
    return found.value;
  };
}
