/** An error to plant: `find` stands exactly once in the file, and `replace` takes its place. */
export interface Plant {
  /** Lower-case words joined by hyphens; unique. */
  readonly id: string;
  /** Relative to the project. */
  readonly file: string;
  /** What is wrong then, for people. */
  readonly description: string;
  readonly find: string;
  readonly replace: string;
}

/** The part of the project that a plant is in. */
export function roomOf({ file }: Plant): string {
  if (file.startsWith("src/model/kernel/")) return "kernel";
  return file.startsWith("src/") ? (file.split("/")[1] as string) : (file.split("/")[0] as string);
}

/** One room after the other, upstream first. */
export const plants: readonly Plant[] = [
  // random
  {
    id: "shuffle-never-stays",
    file: "src/random/stream.ts",
    description: "shuffling never leaves an item where it is: only cyclic orders (Sattolo for Fisher-Yates)",
    find: "uniformInt(generator, 0, last)",
    replace: "uniformInt(generator, 0, last - 1)",
  },
  {
    id: "streams-share-a-state",
    file: "src/random/stream.ts",
    description: "reused random stream: streams of one seed and different names are the same",
    find: 'hashedWords(requireSeed("stream", seed), name)',
    replace: 'hashedWords(requireSeed("stream", seed), "")',
  },
  {
    id: "seed-plus-index",
    file: "src/verdict/population.ts",
    description: "the i-th trial has the seed s + i, so that runs of neighbouring seeds share models",
    find: 'return subSeed(runSeed, "trial", lawId, index);',
    replace: "return runSeed + index + 0 * lawId.length;",
  },

  // data
  {
    id: "biased-sampling",
    file: "src/data/law.ts",
    description: "biased sampling: θ is drawn with fast-check's bias towards small and extreme values",
    find: '.generate(new fc.Random(stream(seed, "theta").generator), undefined)',
    replace: '.generate(new fc.Random(stream(seed, "theta").generator), 2)',
  },
  {
    id: "log-uniform-is-uniform",
    file: "src/data/range.ts",
    description: "a log-uniform range is drawn uniformly",
    find: "Math.min(to, Math.max(from, from * exp(unit * ln(to / from))))",
    replace: "Math.min(to, Math.max(from, from + unit * (to - from) + 0 * exp(ln(1))))",
  },
  {
    id: "integer-ends-are-rare",
    file: "src/data/range.ts",
    description: "the two ends of an integer range come up half as often as the values between",
    find: "Math.min(values - 1, Math.floor(unit * values))",
    replace: "Math.round(unit * (values - 1))",
  },
  {
    id: "noise-ignored",
    file: "src/data/sample.ts",
    description: "noise ignored: tokens are their patterns, whatever τ is",
    find: "patterns.get(sample[l] as number, c) + (noise[c] as number)",
    replace: "patterns.get(sample[l] as number, c) + 0 * (noise[c] as number)",
  },
  {
    id: "noise-always-largest",
    file: "src/data/sample.ts",
    description: "every token's noise has norm τ instead of τ·U(0,1)",
    find: "(tau * random.uniform())",
    replace: "(tau + 0 * random.uniform())",
  },
  {
    id: "noise-repeats-tokens",
    file: "src/data/sample.ts",
    description: "reused random stream: the noise is read from the stream that chose the patterns",
    find: "role} noise`)",
    replace: "role} tokens`)",
  },
  {
    id: "one-confusing-token-more",
    file: "src/data/sample.ts",
    description: "off by one token: n# + 1 tokens of the other class",
    find: "else if (l < nStar + nSharp)",
    replace: "else if (l <= nStar + nSharp)",
  },
  {
    id: "minority-labels",
    file: "src/data/sample.ts",
    description: "the label is the minority's: the two classes have exchanged their patterns",
    find: "const own = classes[n] === 1 ? 0 : r / 2;",
    replace: "const own = classes[n] === 1 ? r / 2 : 0;",
  },
  {
    id: "irrelevant-is-relevant",
    file: "src/data/sample.ts",
    description: "label-irrelevant tokens now and then carry the last label-relevant pattern",
    find: "patternStream.integer(r, M - 1)",
    replace: "patternStream.integer(r - 1, M - 1)",
  },
  {
    id: "patterns-not-rotated",
    file: "src/data/sample.ts",
    description: "patterns are the first coordinate axes, not turned by a random rotation",
    find: 'return randomOrthonormal(theta.M, theta.d, stream(seed, "patterns"));',
    replace: 'return Matrix.eye(theta.M, theta.d + 0 * stream(seed, "patterns").uniform());',
  },
  {
    id: "tokens-in-order",
    file: "src/data/sample.ts",
    description: "tokens stand in the order own class, other class, irrelevant",
    find: "    patternStream.shuffle(sample);\n",
    replace: "",
  },

  // model: the reference
  {
    id: "no-softmax-term",
    file: "src/model/gradient.ts",
    description: "missing term: the softmax's backward without the mean that is subtracted",
    find: "(dAttention.get(l, s) - mean)",
    replace: "(dAttention.get(l, s) - 0 * mean)",
  },
  {
    id: "gradient-sign",
    file: "src/model/loss.ts",
    description: "wrong sign: the hinge's derivative is +y",
    find: "return margin < 1 ? -y : Number.NaN;",
    replace: "return margin < 1 ? y : Number.NaN;",
  },
  {
    id: "transposed-product",
    file: "src/model/gradient.ts",
    description: "transposed product: dq = duᵀ k for dq = du k",
    find: "const dq = dLogits.mmul(k);",
    replace: "const dq = dLogits.transpose().mmul(k);",
  },
  {
    id: "no-one-over-length",
    file: "src/model/gradient.ts",
    description: "wrong 1/L: the backward pass forgets it",
    find: "(dScore / L) * readoutAt",
    replace: "dScore * readoutAt",
  },
  {
    id: "score-one-over-length",
    file: "src/model/forward.ts",
    description: "wrong 1/L: scores are sums over the tokens, not means",
    find: "contributions[i] = sum / L;",
    replace: "contributions[i] = sum;",
  },
  {
    id: "hinge-edge",
    file: "src/model/loss.ts",
    description: "wrong hinge edge: a sample with y·score = 1 exactly has a gradient",
    find: "if (margin >= 1) return 0;\n  return margin < 1 ?",
    replace: "if (margin > 1) return 0;\n  return margin <= 1 ?",
  },
  {
    id: "relu-edge",
    file: "src/model/gradient.ts",
    description: "ReLU'(0) = 1 for ReLU'(0) = 0",
    find: "if (x > 0) return 1;\n  return x <= 0 ?",
    replace: "if (x >= 0) return 1;\n  return x < 0 ?",
  },
  {
    id: "readout-off-by-one",
    file: "src/model/forward.ts",
    description: "off by one token: position l reads the per-position readout of l − 1",
    find: ": a.get(l, i);",
    replace: ": a.get(Math.max(0, l - 1), i);",
  },
  {
    id: "value-matrix-frozen",
    file: "src/model/reference.ts",
    description: "frozen matrix: W_V is not trained",
    find: "WV: step(weights.WV, gradients.WV),",
    replace: "WV: step(weights.WV, Matrix.mul(gradients.WV, 0)),",
  },
  {
    id: "attention-given",
    file: "src/model/reference.ts",
    description: "the attention that a token gives in the place of what it receives",
    find: 'attention.mean("column")',
    replace: 'attention.mean("row")',
  },

  // model: the kernel
  {
    id: "kernel-no-softmax-term",
    file: "src/model/kernel/assembly/attention.ts",
    description: "missing term: the softmax's backward without r, for samples without a neuron in doubt",
    find: "f64x2.mul(gr, v128.load(c))",
    replace: "f64x2.mul(f64x2.splat(0), v128.load(c))",
  },
  {
    id: "kernel-gradient-sign",
    file: "src/model/kernel/assembly/index.ts",
    description: "wrong sign: SGD climbs",
    find: "const g = -y / <f64>count;",
    replace: "const g = y / <f64>count;",
  },
  {
    id: "kernel-value-matrix-frozen",
    file: "src/model/kernel/assembly/index.ts",
    description: "frozen matrix: W_V is not trained",
    find: "descend(WV, dWV, eta, <usize>ma * dBytes);",
    replace: "descend(WV, dWV, 0 * eta, <usize>ma * dBytes);",
  },
  {
    id: "kernel-transposed-product",
    file: "src/model/kernel/assembly/shared.ts",
    description: "transposed product: P = W_Kᵀ W_Q for W_Qᵀ W_K",
    find: "transposedTimes(P, WQ, dBytes, d, WK, dBytes, mb);",
    replace: "transposedTimes(P, WK, dBytes, d, WQ, dBytes, mb);",
  },
  {
    id: "kernel-one-over-length",
    file: "src/model/kernel/assembly/index.ts",
    description: "wrong 1/L: 1/(L + 1) with a shared readout",
    find: "matrixIo, 8, m, 1, 1 / <f64>L);",
    replace: "matrixIo, 8, m, 1, 1 / <f64>(L + 1));",
  },
  {
    id: "kernel-hinge-edge",
    file: "src/model/kernel/assembly/index.ts",
    description: "wrong hinge edge: a sample with y·score = 1 exactly is trained on",
    find: "if (!(margin >= 1)) {\n      hinge += 1 - margin;\n      const g",
    replace: "if (!(margin > 1)) {\n      hinge += 1 - margin;\n      const g",
  },
  {
    id: "kernel-relu-edge",
    file: "src/model/kernel/assembly/neurons.ts",
    description: "ReLU'(0) = 1 for ReLU'(0) = 0, where neurons are computed token by token",
    find: "const inactive = f64x2.le(value, f64x2.splat(0));",
    replace: "const inactive = f64x2.lt(value, f64x2.splat(0));",
  },
  {
    id: "kernel-token-of-padding",
    file: "src/model/kernel/assembly/attention.ts",
    description: "off by one token: with odd L the padding counts as a token",
    find: "if (L & 1) f64.store(scale + LBytes - 8, 0);",
    replace: "if (L & 1) f64.store(scale + LBytes - 8, f64.load(scale));",
  },
  {
    id: "kernel-never-in-doubt",
    file: "src/model/kernel/assembly/unanimity.ts",
    description: "every neuron counts as active for all tokens or for none",
    find: "return <f64>L * (",
    replace: "return 0 * (",
  },
  {
    id: "kernel-short-exponential",
    file: "src/model/kernel/assembly/attention.ts",
    description: "exp's polynomial for small arguments is used for ones four times as large",
    find: "1.0001 * normOfP * norm * norm",
    replace: "0.25 * normOfP * norm * norm",
  },
  {
    id: "kernel-exp-digits-lost",
    file: "src/model/kernel/assembly/exp.ts",
    description: "a coefficient of exp lost its last five digits",
    find: "0.041666666666522106",
    replace: "0.0416666666665",
  },
  {
    id: "kernel-stale-gradient",
    file: "src/model/kernel/assembly/neurons.ts",
    description: "stale batch: the gradient of W_O W_V adds up over all steps",
    find: "  memory.fill(dVT, 0, <usize>d * mBytes);\n",
    replace: "",
  },
  {
    id: "kernel-eighth-sample-lost",
    file: "src/model/kernel/assembly/neurons.ts",
    description: "of every eight samples the gradient of W_O and W_V is forgotten",
    find: "if (++waiting == WAITING) addWaiting();",
    replace: "if (++waiting == WAITING) waiting = 0;",
  },
  {
    id: "kernel-silent-sample-remembered",
    file: "src/model/kernel/assembly/per-position.ts",
    description: "with a per-position readout, a sample that no neuron answers has the gradient of the one before",
    find: "  else memory.fill(u, 0, <usize>d * LBytes);\n",
    replace: "",
  },
  {
    id: "kernel-readout-of-another",
    file: "src/model/kernel/assembly/per-position.ts",
    description: "with a per-position readout, neurons in doubt take the readout of the neuron after them",
    find: "rowOf(readout, neuron))) continue;",
    replace: "rowOf(readout, neuron + 1 < m ? neuron + 1 : 0))) continue;",
  },
  {
    id: "kernel-stops-too-soon",
    file: "src/model/kernel/assembly/index.ts",
    description: "the look at the training set ends once the sum, not the mean, is above ε",
    find: "if (hinge / <f64>samples > stopAbove) break;",
    replace: "if (hinge > stopAbove) break;",
  },

  // train
  {
    id: "stale-batch",
    file: "src/train/sgd.ts",
    description: "stale batch: every step of an epoch trains on the same samples",
    find: "position += B;",
    replace: "position += 0 * B;",
  },
  {
    id: "no-reshuffling",
    file: "src/train/sgd.ts",
    description: "every epoch visits the samples in the order in which they were drawn",
    find: "      random.shuffle(order);\n",
    replace: "      void random;\n",
  },
  {
    id: "convergence-of-one-batch",
    file: "src/train/sgd.ts",
    description: "training ends when ten times ε is reached",
    find: "training.meanHinge(EPSILON);\n    if (convergedAt <= EPSILON)",
    replace: "training.meanHinge(10 * EPSILON);\n    if (convergedAt <= 10 * EPSILON)",
  },
  {
    id: "key-scale-ignored",
    file: "src/train/initial-weights.ts",
    description: "W_K starts from the identity, whatever δ is",
    find: "WK: Matrix.eye(mb, d, delta),",
    replace: "WK: Matrix.eye(mb, d, 1),",
  },
  {
    id: "output-scale-ignored",
    file: "src/train/initial-weights.ts",
    description: "W_O starts from N(0, 1)·√ξ: the scale is taken for a variance",
    find: "xi * outputStream.normal()",
    replace: "Math.sqrt(xi) * outputStream.normal()",
  },
  {
    id: "readout-one-over-m",
    file: "src/train/initial-weights.ts",
    description: "the readout is ±1/m for ±1/√m",
    find: "? -1 : 1) / Math.sqrt(m));",
    replace: "? -1 : 1) / m);",
  },
  {
    id: "readout-all-positive",
    file: "src/train/initial-weights.ts",
    description: "every entry of the readout is positive",
    find: "(readoutStream.integer(0, 1) === 0 ? -1 : 1)",
    replace: "(readoutStream.integer(0, 1) === 0 ? 1 : 1)",
  },

  // prune
  {
    id: "largest-pruned-first",
    file: "src/prune/magnitude.ts",
    description: "pruning reversed: the largest neurons count as the smallest",
    find: "i - j : comparable[i]! - comparable[j]!;",
    replace: "i - j : comparable[j]! - comparable[i]!;",
  },
  {
    id: "compaction-rescales",
    file: "src/prune/magnitude.ts",
    description: "1/√m lost in compaction: the smaller model's readout is ±1/√(neurons kept)",
    find: "smallerA.setColumn(row, a.getColumn(i));",
    replace: "smallerA.setColumn(row, a.getColumn(i).map((entry) => entry * Math.sqrt(a.columns / kept.length)));",
  },
  {
    id: "pruning-bound-forgets-readout",
    file: "src/prune/pruning-bound.ts",
    description: "the bound takes the least |a| over positions for the largest",
    find: "return Math.max(...a.getColumn(i).map(Math.abs));",
    replace: "return Math.min(...a.getColumn(i).map(Math.abs));",
  },
  {
    id: "multiply-adds-forget-readout",
    file: "src/prune/multiply-adds.ts",
    description: "the cost of the neuron layer counts a neuron less than there are",
    find: "const neuronLayer = L * m * (ma + 1);",
    replace: "const neuronLayer = L * (m - 1) * (ma + 1);",
  },

  // measure
  {
    id: "tail-from-the-wrong-end",
    file: "src/measure/singular-values.ts",
    description: "tail from the wrong end: the energy of the first singular values, not of those beyond",
    find: "energyOf(relative.slice(rank)) / energyOf(relative)",
    replace: "energyOf(relative.slice(0, rank)) / energyOf(relative)",
  },
  {
    id: "energy-not-squared",
    file: "src/measure/singular-values.ts",
    description: "energy not squared: the sum of the singular values themselves",
    find: "total + sigma ** 2, 0)",
    replace: "total + sigma, 0)",
  },
  {
    id: "rank-off-by-one",
    file: "src/measure/singular-values.ts",
    description: "off by one: the best part of rank k + 1 for rank k",
    find: "sigmas.slice(0, rank).forEach(",
    replace: "sigmas.slice(0, rank + 1).forEach(",
  },
  {
    id: "update-is-the-weights",
    file: "src/measure/run.ts",
    description: "ΔW is the trained matrix: the initial one is not taken away",
    find: "Matrix.sub(trained[name], initial[name])",
    replace: "Matrix.sub(trained[name], Matrix.mul(initial[name], 0))",
  },
  {
    id: "test-data-are-training-data",
    file: "src/measure/run.ts",
    description: "test data equal to training data",
    find: 'sampleDataset(this.theta, this.model.seed, this.model.patterns, "test")',
    replace: 'sampleDataset(this.theta, this.model.seed, this.model.patterns, "train")',
  },
  {
    id: "large-cluster-pruned",
    file: "src/measure/run.ts",
    description: "pruning reversed: the neurons listed stay, and the others go",
    find: "if (keep[i] === 1) score +=",
    replace: "if (keep[i] === 0) score +=",
  },
  {
    id: "attention-to-the-others",
    file: "src/measure/run.ts",
    description: "attention on the tokens that are not label-relevant",
    find: "if (relevant[i] === 1) sum",
    replace: "if (relevant[i] === 0) sum",
  },
  {
    id: "split-off-by-one",
    file: "src/measure/clusters.ts",
    description: "two-cluster split off by one: the smallest large neuron counts as small",
    find: "best = { squares, size: k };",
    replace: "best = { squares, size: k + 1 };",
  },
  {
    id: "split-of-norms",
    file: "src/measure/clusters.ts",
    description: "the two clusters are those of the norms, not of their logarithms",
    find: "ln(Math.max(norms[i] as number, Number.MIN_VALUE))",
    replace: "Math.max(norms[i] as number, ln(1))",
  },
  {
    id: "median-upper",
    file: "src/measure/clusters.ts",
    description: "median off by half: of an even number of values, the upper one of the middle two",
    find: "((sorted[middle - 1] as number) + upper) / 2",
    replace: "((sorted[middle] as number) + upper) / 2",
  },
  {
    id: "zero-score-is-right",
    file: "src/measure/performance.ts",
    description: "a score of 0 is no error",
    find: "if (!(signedScore > 0)) errors++;",
    replace: "if (!(signedScore >= 0)) errors++;",
  },
  {
    id: "mildest-steep-step",
    file: "src/measure/steep-steps.ts",
    description: "the smallest tail of the steep steps for the largest",
    find: "reduce((x, y) => Math.max(x, y))",
    replace: "reduce((x, y) => Math.min(x, y))",
  },

  // claim
  {
    id: "not-a-number-passes",
    file: "src/claim/claim.ts",
    description: "an observation that is not finite violates nothing",
    find: "if (!Number.isFinite(observed)) return true;",
    replace: "if (!Number.isFinite(observed)) return false;",
  },
  {
    id: "above-takes-equality",
    file: "src/claim/claim.ts",
    description: '"above" holds at its bound',
    find: "return observed <= relation.bound;",
    replace: "return observed < relation.bound;",
  },
  {
    id: "interval-needs-both-ends",
    file: "src/claim/claim.ts",
    description: "an interval is left only where both of its ends are",
    find: "return observed < relation.low || observed > relation.high;",
    replace: "return observed < relation.low && observed > relation.high;",
  },
  {
    id: "lemma-not-a-number-holds",
    file: "src/claim/lemma.ts",
    description: "a lemma holds where its error is not a number",
    find: "return error <= bound && Number.isFinite(bound);",
    replace: "return !(error > bound) && Number.isFinite(bound);",
  },

  // theorems
  {
    id: "vacuous-pruning",
    file: "theorems/pruning-is-free.ts",
    description: "a claim that says nothing: the test hinge is compared with itself",
    find: "Math.abs(run.pruned.hinge - run.test.hinge)",
    replace: "Math.abs(run.pruned.hinge - run.pruned.hinge)",
  },
  {
    id: "loosened-bound",
    file: "theorems/low-rank-update.ts",
    description: "a bound ten times as loose, so that the claim certifies what it should refute",
    find: 'atMost("energy of ΔW_Q beyond rank r", 0.03,',
    replace: 'atMost("energy of ΔW_Q beyond rank r", 0.3,',
  },
  {
    id: "test-loss-of-training-data",
    file: "theorems/learnability.ts",
    description: "the loss on fresh data is the training loss",
    find: "0.01, (run) => run.test.hinge)",
    replace: "0.01, (run) => run.model.trainHinge)",
  },
  {
    id: "confusion-added",
    file: "theorems/iteration-complexity.ts",
    description: "wrong sign: n* + n# for n* − n#",
    find: "(nStar - nSharp)",
    replace: "(nStar + nSharp)",
  },
  {
    id: "small-without-root",
    file: "theorems/sparse-neurons.ts",
    description: "small means within 3·ξ·m_a of zero, the root is lost",
    find: "Math.sqrt(ma)",
    replace: "ma",
  },
  {
    id: "claim-of-rank-r-is-of-rank-one",
    file: "theorems/low-rank-adaptation.ts",
    description: "updates are cut to rank r − 1",
    find: "run.testAtRank(run.theta.r).hinge",
    replace: "run.testAtRank(run.theta.r - 1).hinge",
  },

  // verdict
  {
    id: "alpha-for-beta",
    file: "src/verdict/verdict.ts",
    description: "e-process with α for β: a claim is certified at 1/α",
    find: "logCertify >= -ln(beta)",
    replace: "logCertify >= -ln(alpha)",
  },
  {
    id: "beta-for-alpha",
    file: "src/verdict/verdict.ts",
    description: "e-process with β for α: a claim is refuted at 1/β",
    find: "logRefute >= -ln(alpha)",
    replace: "logRefute >= -ln(beta)",
  },
  {
    id: "alpha-not-split",
    file: "src/verdict/verdict.ts",
    description: "every claim has the whole run's α",
    find: "return runAlpha / verdicts;",
    replace: "return runAlpha;",
  },
  {
    id: "mixture-not-truncated",
    file: "src/verdict/e-process.ts",
    description: "the e-process forgets that its prior is cut at p₀",
    find: "return logMixture(counts) + logTail(p0, a, b, upper) - logPriorMass;",
    replace: "return logMixture(counts) - 0 * (logTail(p0, a, b, upper) - logPriorMass);",
  },
  {
    id: "limits-one-sided",
    file: "src/verdict/limits.ts",
    description: "the limits of a violation probability end where Mix reaches the confidence, not 1/(1 − confidence)",
    find: "const threshold = -ln(1 - confidence);",
    replace: "const threshold = -ln(confidence);",
  },
  {
    id: "index-order-ignored",
    file: "src/verdict/verdict.ts",
    description: "index order ignored: models are consumed as they finish",
    find: "waiting.set(index, item);\n    while (waiting.has(next)) {",
    replace: "waiting.set(next, item);\n    while (waiting.has(next)) {",
  },
  {
    id: "verdict-melts",
    file: "src/verdict/verdict.ts",
    description: "a settled verdict goes on counting",
    find: "      this.#later = plus(this.#later, violated);\n      return;\n",
    replace: "      this.#later = plus(this.#later, violated);\n",
  },
  {
    id: "overshoot-counted",
    file: "src/verdict/judge.ts",
    description: "overshoot counted: models under way when the last claim was decided are evidence",
    find: "    if (!wanted()) return;\n    const trial",
    replace: "    const trial",
  },
  {
    id: "divergence-forgiven",
    file: "src/verdict/trial.ts",
    description: "a model that diverged violates nothing but what shows it",
    find: "if (runs.some((run) => run.diverged)) return Number.NaN;",
    replace: "if (runs.some((run) => run.diverged)) return 0;",
  },
  {
    id: "same-models-twice",
    file: "src/verdict/resume.ts",
    description: "evidence of the same seed is counted twice",
    find: "if (runs.some((run) => run.seed === seed)) {",
    replace: "if (runs.some((run) => run.seed === seed + 0.5)) {",
  },
  {
    id: "few-examples-hold",
    file: "src/verdict/lemma.ts",
    description: "a lemma holds although most of its instances failed a precondition",
    find: "if (!details.failed && !details.interrupted && details.numRuns === numRuns) {",
    replace: "if (details.counterexample === null) {",
  },
  {
    id: "store-forgets-the-law",
    file: "src/verdict/judge.ts",
    description: "trials of another law are taken for this one's",
    find: "[core, law.hash, engine],",
    replace: "[core, engine],",
  },

  // report
  {
    id: "undecided-control-passes",
    file: "src/report/gate.ts",
    description: "the gate passes with a control that is not refuted",
    find: '.filter(({ verdict }) => verdict !== "refuted")',
    replace: '.filter(({ verdict }) => verdict === "certified" && verdict !== verdict)',
  },
];
