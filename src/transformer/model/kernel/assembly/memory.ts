/**
 * Flat memory: each buffer of a model has its address from `layout`, behind the static data, and the next model uses the
 * same memory again. Rows are padded with zeros to an even number of float64, rows over neurons to a multiple of four.
 *
 * T ends the name of a transposed matrix. Most are held so, that the tokens of a sample, or the neurons, lie in the
 * lanes of the vectors.
 */

export let d: i32 = 0;
export let L: i32 = 0;
export let m: i32 = 0;
export let ma: i32 = 0;
export let mb: i32 = 0;
export let samples: i32 = 0;
export let perPosition: bool = false;

// padded lengths of rows
export let dBytes: usize = 0;
export let LBytes: usize = 0;
export let mBytes: usize = 0;
export let maBytes: usize = 0;
export let mbBytes: usize = 0;

// Between JavaScript and the kernel, not padded.
export let matrixIo: usize = 0; // any of WQ, WK, WV, WO, a; or a matrix whose singular values are wanted
export let X: usize = 0; // (samples, L, d)
export let labels: usize = 0; // (samples)
export let results: usize = 0; // (samples, 1 or m or L)
export let batch: usize = 0; // int32, of any length: the last buffer, as it may grow

// The model.
export let WQ: usize = 0; // (mb, d)
export let WK: usize = 0; // (mb, d)
export let WV: usize = 0; // (ma, d)
export let WOT: usize = 0; // (ma, m)
export let readout: usize = 0; // a / L: (1, m) shared, (m, L) per position
export let dWQ: usize = 0; // (mb, d)
export let dWK: usize = 0; // (mb, d)
export let dWV: usize = 0; // (ma, d)
export let dWOT: usize = 0; // (ma, m)

// The data, once more.
export let XT: usize = 0; // (samples, d, L)
export let largestNorm: usize = 0; // (samples): max_l |x_l|

// What the samples of a step share.
export let P: usize = 0; // (d, d) = WQ^T WK
export let V: usize = 0; // (m, d) = WO WV
export let VT: usize = 0; // (d, m)
export let norms: usize = 0; // (m): |v_i|
export let dP: usize = 0; // (d, d)
export let dVT: usize = 0; // (d, m)
export let WQT: usize = 0; // (d, mb)
export let WVT: usize = 0; // (d, ma)

// Unanimous neurons of the last samples, whose gradients wait to be added together.
export const WAITING: i32 = 8;
export let waitingSums: usize = 0; // (WAITING, d): g·Σ_l c_l
export let waitingActive: usize = 0; // (WAITING, m): a_i / L where active, 0 elsewhere

// One sample.
export let pulledT: usize = 0; // (d, L): P^T x_l
export let E: usize = 0; // (L, L): E[s,l] = exp(S[l,s])
export let scale: usize = 0; // (L): 1 / Σ_s E[s,l], 0 in the padding
export let CT: usize = 0; // (d, L): c_l = Σ_s A[l,s] x_s
export let sum: usize = 0; // (d): Σ_l c_l
export let mean: usize = 0; // (d)
export let t: usize = 0; // (m): v_i·Σ_l c_l
export let doubtful: usize = 0; // (m) int32: indices of the neurons in doubt
export let doubtfulSums: usize = 0; // (m): their contributions to the score
export let doubtfulV: usize = 0; // (m, d): their v_i
export let doubtfulVT: usize = 0; // (d, m)
export let active: usize = 0; // (m, L): a[l,i] / L where v_i·c_l > 0, 0 elsewhere
export let dSum: usize = 0; // (d): ∂score/∂c_l's part that is the same for all l
export let dDoubtfulVT: usize = 0; // (d, doubts)
export let b: usize = 0; // (L): dSum·x_s
export let r: usize = 0; // (L): Σ_s A[l,s] ∂score/∂A[l,s]
export let u: usize = 0; // (doubts, L): v_q·x_s, where these are fewer than d; else (d, L): their part of ∂score/∂c_l
export let dE: usize = 0; // (L, L)
export let weightedX: usize = 0; // (L, d): b_s x_s
export let HT: usize = 0; // (d, L): h_l = Σ_s ∂loss/∂S[l,s] x_s

// With a per-position readout: the neurons that are active for some token, which `active` is about; gradients of all.
export let activeNeurons: usize = 0; // (m) int32: their indices
export let activeV: usize = 0; // (m, d): their v_i
export let activeC: usize = 0; // (m, d): Σ_l active[i,l] c_l
export let activeSums: usize = 0; // (m): their contributions to the score
export let dV: usize = 0; // (m, d)

// Where a matrix is taken apart.
export let turned: usize = 0;

let top: usize = 0;

function take(rows: i32, rowBytes: usize): usize {
  const address = top;
  top = (top + <usize>rows * rowBytes + 63) & ~63;
  return address;
}

export function paddedBytes(length: i32): usize {
  return (<usize>(length + 1) & ~1) << 3;
}

/** Bytes to take a matrix apart: its columns, a triangle, and the squares of their lengths; see `singular-values.ts`. */
function bytesOfVectors(rows: i32, columns: i32): usize {
  const count = min(rows, columns);
  return <usize>count * (paddedBytes(max(rows, columns)) + paddedBytes(count)) + paddedBytes(count);
}

/** Lays out one matrix by itself: matrixIo (rows, columns), and results (min(rows, columns)). */
export function layoutMatrix(rows: i32, columns: i32): void {
  top = (__heap_base + 63) & ~63;
  matrixIo = take(rows, (<usize>columns) << 3);
  results = take(1, paddedBytes(min(rows, columns)));
  turned = take(1, bytesOfVectors(rows, columns));
  reserve(top);
}

/** Lays out tokens to be drawn: matrixIo (M, d), X (tokens, d), and int16 a token in `batch`. */
export function layoutTokens(tokens: i32, dimension: i32, patterns: i32): void {
  top = (__heap_base + 63) & ~63;
  matrixIo = take(patterns, (<usize>dimension) << 3);
  X = take(tokens, (<usize>dimension) << 3);
  batch = take(tokens, 2);
  reserve(top);
}

function reserve(bytes: usize): void {
  const missing = <i32>((bytes + 0xffff) >>> 16) - memory.size();
  if (missing > 0 && memory.grow(missing) < 0) unreachable();
}

/** Lays out the buffers of a model, all zero, and of its data. */
export function layout(
  tokenDimension: i32,
  tokensPerSample: i32,
  neurons: i32,
  valueDimension: i32,
  keyDimension: i32,
  readoutPerPosition: bool,
  sampleCount: i32,
): void {
  d = tokenDimension;
  L = tokensPerSample;
  m = neurons;
  ma = valueDimension;
  mb = keyDimension;
  perPosition = readoutPerPosition;
  samples = sampleCount;
  dBytes = paddedBytes(d);
  LBytes = paddedBytes(L);
  mBytes = (<usize>(m + 3) & ~3) << 3;
  maBytes = paddedBytes(ma);
  mbBytes = paddedBytes(mb);

  top = (__heap_base + 63) & ~63;
  const start = top;
  WQ = take(mb, dBytes);
  WK = take(mb, dBytes);
  WV = take(ma, dBytes);
  WOT = take(ma, mBytes);
  readout = perPosition ? take(m, LBytes) : take(1, mBytes);
  dWQ = take(mb, dBytes);
  dWK = take(mb, dBytes);
  dWV = take(ma, dBytes);
  dWOT = take(ma, mBytes);
  P = take(d, dBytes);
  V = take(m, dBytes);
  VT = take(d, mBytes);
  norms = take(1, mBytes);
  dP = take(d, dBytes);
  dVT = take(d, mBytes);
  WQT = take(d, mbBytes);
  WVT = take(d, maBytes);
  waitingSums = take(WAITING, dBytes);
  waitingActive = take(WAITING, mBytes);
  pulledT = take(d, LBytes);
  E = take(L, LBytes);
  scale = take(1, LBytes);
  CT = take(d, LBytes);
  sum = take(1, dBytes);
  mean = take(1, dBytes);
  t = take(1, mBytes);
  doubtful = take(1, mBytes);
  doubtfulSums = take(1, mBytes);
  doubtfulV = take(m, dBytes);
  doubtfulVT = take(d, mBytes);
  active = take(m, LBytes);
  dSum = take(1, dBytes);
  dDoubtfulVT = take(d, mBytes);
  b = take(1, LBytes);
  r = take(1, LBytes);
  u = take(d, LBytes);
  dE = take(L, LBytes);
  weightedX = take(L, dBytes);
  HT = take(d, LBytes);
  turned = take(1, max(bytesOfVectors(mb, d), bytesOfVectors(ma, d)));
  const perPositionRows = perPosition ? m : 0;
  activeNeurons = take(perPositionRows, 8);
  activeV = take(perPositionRows, dBytes);
  activeC = take(perPositionRows, dBytes);
  activeSums = take(perPositionRows, 8);
  dV = take(perPositionRows, dBytes);
  matrixIo = take(max(max(mb, ma) * d, m * max(ma, perPosition ? L : 1)), 8);
  const end = top;
  labels = take(samples, 8);
  largestNorm = take(samples, 8);
  results = take(samples, (<usize>max(m, L)) << 3);
  X = take(samples * L, (<usize>d) << 3);
  XT = take(samples * d, LBytes);
  batch = top;
  reserve(top);
  memory.fill(start, 0, end - start);
}

/** X (L, d) of a sample */
export function tokensOf(sample: i32): usize {
  return X + ((<usize>sample * L * d) << 3);
}

/** XT (d, L) of a sample */
export function tokensTOf(sample: i32): usize {
  return XT + <usize>sample * d * LBytes;
}

/** Makes room for a batch of so many indices. */
export function reserveBatch(count: i32): void {
  reserve(batch + ((<usize>count) << 2));
}

/** out (rows, columns) padded to outBytes = from (rows, columns) with rows of fromBytes */
export function copyRows(out: usize, outBytes: usize, from: usize, fromBytes: usize, rows: i32, columns: i32): void {
  for (let row = 0; row < rows; row++, out += outBytes, from += fromBytes) {
    memory.copy(out, from, (<usize>columns) << 3);
  }
}

/** out (columns, rows) = from (rows, columns)^T, scaled */
export function transpose(
  out: usize,
  outBytes: usize,
  from: usize,
  fromBytes: usize,
  rows: i32,
  columns: i32,
  factor: f64 = 1,
): void {
  for (let row = 0; row < rows; row++, from += fromBytes) {
    let o = out + ((<usize>row) << 3);
    for (let column = 0; column < columns; column++, o += outBytes) {
      f64.store(o, f64.load(from + ((<usize>column) << 3)) * factor);
    }
  }
}
