import type { QueryColumns } from "../../report/query.ts";

/** SQL knows no upper case, so that M and m need different names: column -> field of θ and its type. */
const THETA_COLUMNS: QueryColumns["theta"] = {
  patterns: ["M", "INTEGER"],
  r: ["r", "INTEGER"],
  d: ["d", "INTEGER"],
  L: ["L", "INTEGER"],
  neurons: ["m", "INTEGER"],
  ma: ["ma", "INTEGER"],
  mb: ["mb", "INTEGER"],
  alphaStar: ["alphaStar", "DOUBLE"],
  alphaSharp: ["alphaSharp", "DOUBLE"],
  tau: ["tau", "DOUBLE"],
  delta: ["delta", "DOUBLE"],
  sigma: ["sigma", "DOUBLE"],
  xi: ["xi", "DOUBLE"],
  eta: ["eta", "DOUBLE"],
  N: ["N", "INTEGER"],
  B: ["B", "INTEGER"],
  Tmax: ["Tmax", "INTEGER"],
  testSamples: ["testSamples", "INTEGER"],
  readout: ["readout", "VARCHAR"],
  labels: ["labels", "VARCHAR"],
};

const MEASURED_COLUMNS: QueryColumns["measurements"] = {
  steps: ["steps", "INTEGER"],
  trainHinge: ["trainHinge", "DOUBLE"],
  testHinge: ["testHinge", "DOUBLE"],
  testError: ["testError", "DOUBLE"],
  tailWQ: ["tailEnergy.WQ", "DOUBLE"],
  tailWK: ["tailEnergy.WK", "DOUBLE"],
  tailWV: ["tailEnergy.WV", "DOUBLE"],
  singularValuesWQ: ["singularValues.WQ", "DOUBLE[]"],
  singularValuesWK: ["singularValues.WK", "DOUBLE[]"],
  singularValuesWV: ["singularValues.WV", "DOUBLE[]"],
  patternStrengthsWQ: ["patternStrengths.WQ", "DOUBLE[]"],
  patternStrengthsWK: ["patternStrengths.WK", "DOUBLE[]"],
  patternStrengthsWV: ["patternStrengths.WV", "DOUBLE[]"],
  smallNeurons: ["smallNeurons", "INTEGER"],
  medianSmallNorm: ["medianSmallNorm", "DOUBLE"],
  medianLargeNorm: ["medianLargeNorm", "DOUBLE"],
  prunedHinge: ["prunedHinge", "DOUBLE"],
  prunedError: ["prunedError", "DOUBLE"],
  attentionBefore: ["attentionBefore", "DOUBLE"],
  attentionAfter: ["attentionAfter", "DOUBLE"],
};

export const transformerColumns: QueryColumns = {
  theta: THETA_COLUMNS,
  measurements: MEASURED_COLUMNS,
  note: "patterns is M, neurons is m",
};
