import type { Law } from "../law/law.ts";
import { type Theorem, theoremAbout } from "./theorem.ts";

/** Calls nothing: a declaration that is made here stands in no file of its own. */
const nowhere = () => {};

/** A theorem on another law, with the claims and bounds that it has on one of its own. */
export function onLaw(theorem: Theorem, declared: Law, law: Law): Theorem {
  const { experiment, id, title, formula, provenance, deviates, traces, p0, declaresP0, maxModels } = theorem;
  const { hypotheses, noControl } = theorem;
  return theoremAbout(
    experiment,
    {
      ...{ id, title, provenance, deviates, law, maxModels, hypotheses, trace: traces },
      ...(formula === undefined ? {} : { formula }),
      ...(declaresP0 ? { p0 } : {}),
      ...(noControl === undefined ? {} : { noControl }),
      claims: theorem.claimsOn(declared),
    },
    nowhere,
  );
}
