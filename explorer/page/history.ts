import { UPDATED_MATRICES, type UpdatedMatrix } from "../../src/transformer/notation.ts";

/** What a model's training looked like, thinned out evenly as it grows. Lists of one group are equally long. */
export interface History {
  /** every `spacing` steps: the batch's hinge before the step, singular values of the updates after it */
  readonly fine: {
    readonly steps: readonly number[];
    readonly batchHinge: readonly number[];
    /** for each entry of steps, in descending order */
    readonly singularValues: Readonly<Record<UpdatedMatrix, readonly (readonly number[])[]>>;
  };
  /** at step 0 and every `spacing` looks at the whole training set */
  readonly coarse: {
    readonly steps: readonly number[];
    readonly trainHinge: readonly number[];
    readonly testHinge: readonly number[];
    readonly relevantAttention: readonly number[];
  };
}

/** Points beyond which every other one is dropped, unless a series has a number of its own. */
const MOST_POINTS = 240;

/**
 * A list of (step, value) that keeps at most so many of them, evenly spaced: whether a step is kept depends on
 * its number alone, so that a training shows the same curve at any pace.
 */
export class ThinnedSeries<T> {
  readonly #first: number;
  readonly #most: number;
  #spacing: number;
  #points: { readonly step: number; readonly value: T }[] = [];

  /** @param first the first step that is offered; @param spacing steps between two that may be kept; @param most points */
  constructor(first: number, spacing: number, most = MOST_POINTS) {
    this.#most = most;
    this.#first = first;
    this.#spacing = spacing;
  }

  /** Whether `add` would keep this step: what is costly to measure is measured only then. */
  wants(step: number): boolean {
    return (step - this.#first) % this.#spacing === 0;
  }

  add(step: number, value: T): void {
    if (!this.wants(step)) return;
    this.#points.push({ step, value });
    if (this.#points.length > this.#most) {
      this.#spacing *= 2;
      this.#points = this.#points.filter((point) => this.wants(point.step));
    }
  }

  get steps(): number[] {
    return this.#points.map(({ step }) => step);
  }

  get values(): T[] {
    return this.#points.map(({ value }) => value);
  }
}

/** One value for each updated matrix. */
export function perUpdatedMatrix<T>(measure: (name: UpdatedMatrix) => T): Record<UpdatedMatrix, T> {
  return Object.fromEntries(UPDATED_MATRICES.map((name) => [name, measure(name)])) as Record<UpdatedMatrix, T>;
}
