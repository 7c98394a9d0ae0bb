import { atMost, baseLaw, constant, law, type Observe, observed, theorem } from "theorycheck";

// an enum is no type to strip: it must be compiled
enum Most {
  Steps = 20,
}

const small = law({
  id: "short",
  title: "twenty steps",
  ranges: { ...baseLaw.ranges, M: constant(3), d: constant(4), L: constant(10), m: constant(10), Tmax: constant(20) },
});

const steps: Observe = (run) => run.steps;

export const fewSteps = theorem({
  id: "few-steps",
  title: "Training takes at most 20 steps",
  provenance: observed(),
  law: small,
  claims: [atMost("steps", Most.Steps, steps)],
});
