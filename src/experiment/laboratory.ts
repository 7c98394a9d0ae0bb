import { type JudgedClaim, populationsOf } from "../claim/population.ts";
import type { Statement } from "../claim/theorem.ts";
import { InvalidInput } from "../invalid-input.ts";
import { type Experiment, experimentsOf } from "./experiment.ts";
import { type Order, runOrder, type TrialRecord } from "./trial.ts";

/** Runs trials, wherever: in this process, in threads, on other machines. */
export interface Laboratory {
  /** How many trials it runs at a time. */
  readonly places: number;
  /** Runs a trial as soon as a place is free, unless by then it is no longer `wanted`. */
  run(order: Order, wanted?: () => boolean): Promise<TrialRecord | undefined>;
  /** Ends what is under way. */
  close(): Promise<void>;
}

/** The laboratory of this process: one trial after the other. */
export function here(statements: readonly Statement[]): Laboratory {
  const run = runnerOf(statements);
  return {
    places: 1,
    run: async (order, wanted = () => true) => (wanted() ? run(order) : undefined),
    close: async () => {},
  };
}

/** What runs orders about these statements. @throws InvalidInput as `ordersAbout` does */
export function runnerOf(statements: readonly Statement[]): (order: Order) => TrialRecord {
  const asked = ordersAbout(statements);
  return (order) => {
    const { experiment, claims } = asked(order);
    return runOrder(experiment, order, claims);
  };
}

/** What an order asks for. */
export interface Asked {
  readonly experiment: Experiment;
  readonly claims: readonly JudgedClaim[];
}

/**
 * What orders about these statements ask for, found by experiment's id and claims' keys.
 *
 * @throws InvalidInput where an order is about an experiment or a claim that is not among them
 */
export function ordersAbout(statements: readonly Statement[]): (order: Order) => Asked {
  const experiments = experimentsOf(statements);
  const claims = new Map(
    populationsOf(statements).flatMap(({ claims, beside }) =>
      [...claims, ...beside].map((judged) => [judged.key, judged]),
    ),
  );
  return (order) => {
    const experiment = experiments.get(order.experiment);
    if (experiment === undefined) {
      const known = [...experiments.keys()].join(", ");
      throw new InvalidInput(`order: experiment must be one of ${known}, got ${order.experiment}`);
    }
    const wanted = order.wanted.map((key) => {
      const judged = claims.get(key);
      if (judged?.statement.experiment !== experiment) {
        throw new InvalidInput(`order: wanted must be keys of claims about ${experiment.id}, got ${key}`);
      }
      return judged;
    });
    return { experiment, claims: wanted };
  };
}
