/** How a model does on test data. */
export interface Performance {
  /** Mean hinge loss max(0, 1 − y·score). */
  readonly hinge: number;
  /** Fraction of samples with y·score <= 0: a score of 0 counts as an error, and so does NaN. */
  readonly error: number;
}

/** @param scores and labels, one a sample */
export function performanceOf(scores: Float64Array, labels: Float64Array): Performance {
  let hinge = 0;
  let errors = 0;
  for (let n = 0; n < scores.length; n++) {
    const signedScore = (labels[n] as number) * (scores[n] as number);
    hinge += Math.max(0, 1 - signedScore);
    if (!(signedScore > 0)) errors++;
  }
  return { hinge: hinge / scores.length, error: errors / scores.length };
}
