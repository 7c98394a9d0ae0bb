/** Violation probability that a theorem allows: it claims to hold with probability at least 1 − p₀ over its law. */
export const DEFAULT_P0 = 0.05;

/** Models after which an undecided claim is inconclusive. */
export const DEFAULT_MAX_MODELS = 1500;
