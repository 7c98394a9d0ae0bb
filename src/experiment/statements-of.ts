import {
  type Control,
  controlAbout,
  type DeclaredControl,
  type DeclaredFinding,
  type DeclaredTheorem,
  type Finding,
  findingAbout,
  type Theorem,
  theoremAbout,
} from "../claim/theorem.ts";
import { type DeclaredLaw, type Law, lawOver, type RangesOf } from "../law/law.ts";
import type { Theta } from "../law/parameters.ts";
import type { Experiment } from "./experiment.ts";

/** How laws and statements about one experiment are declared: a misspelt field, measurement or hypothesis does not compile. */
export interface StatementsOf<T extends Theta, R, H extends string, Trace extends string> {
  law(declared: DeclaredLaw<T>): Law<RangesOf<T>>;
  theorem(declared: DeclaredTheorem<R, H, Trace>): Theorem;
  control(declared: DeclaredControl<R, H, Trace>): Control;
  finding(declared: DeclaredFinding<R, Trace>): Finding;
}

export function statementsOf<T extends Theta, R, H extends string, Trace extends string>(
  experiment: Experiment<T, R, H, Trace>,
): StatementsOf<T, R, H, Trace> {
  const theorem = (declared: DeclaredTheorem<R, H, Trace>) => theoremAbout(experiment, declared, theorem);
  const control = (declared: DeclaredControl<R, H, Trace>) => controlAbout(experiment, declared, control);
  const finding = (declared: DeclaredFinding<R, Trace>) => findingAbout(experiment, declared, finding);
  return { law: (declared) => lawOver(experiment.parameters, declared), theorem, control, finding };
}
