import { fileURLToPath } from "node:url";

const SOURCE = fileURLToPath(new URL("../../src/index.ts", import.meta.url));

/** What a module of declarations says when it imports the package, and declares a law of models that take a millisecond. */
export const DECLARING = `
import {
  abstract, atLeast, atMost, baseLaw, companion, constant, control, derived, equalTo, finding, integer, law, logUniform,
  observed, real, theorem, times, within,
} from ${JSON.stringify(SOURCE)};

const small = law({
  id: "small",
  title: "small models",
  ranges: {
    ...baseLaw.ranges,
    M: integer(3, 4), d: constant(4), L: constant(10), m: constant(4), N: constant(4), B: constant(2),
    Tmax: constant(0), testSamples: constant(2),
  },
});

/** A theorem that small models keep where the bound is 0. */
const t = (id, bound = 0, more = {}) =>
  theorem({ id, title: id, provenance: observed(), law: small, claims: [atMost("steps", bound, (run) => run.steps)], ...more });
`;
