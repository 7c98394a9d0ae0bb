/**
 * Tokens with their noise, drawn as `src/random/stream.ts` and `data/sample.ts` draw them, to the bit: xoroshiro128+
 * gives the uniform variates, the improved ziggurat (Doornik 2005) the normal ones, which picks its block by a Mersenne
 * Twister that the stream seeds.
 */
import { batch, matrixIo, X } from "./memory";

// one normal variate of a hundred needs them: these are the functions that the streams use, not others
// @ts-ignore: decorator
@external("env", "exp")
declare function exp(x: f64): f64;
// @ts-ignore: decorator
@external("env", "ln")
declare function ln(x: f64): f64;

let s0: u64 = 0;
let s1: u64 = 0;

function next32(): u32 {
  const out = <u32>(s0 + s1);
  s1 ^= s0;
  s0 = rotl(s0, 24) ^ s1 ^ (s1 << 16);
  s1 = rotl(s1, 37);
  return out;
}

/** Uniform on [0, 1), a multiple of 2^-53. */
function uniform(): f64 {
  const high = <f64>(next32() & 0x3ffffff);
  const low = <f64>(next32() & 0x7ffffff);
  return high * 1.4901161193847656e-8 + low * 1.1102230246251565e-16;
}

// The Mersenne Twister MT19937.
const WORDS: i32 = 624;
const AHEAD: i32 = 397;
const twister = memory.data(WORDS * 4, 16);
let taken: i32 = WORDS;

function word(i: i32): usize {
  return twister + ((<usize>i) << 2);
}

function seedTwister(seed: u32): void {
  i32.store(word(0), seed);
  for (let i = 1; i < WORDS; i++) {
    const before = i32.load(word(i - 1));
    i32.store(word(i), 1812433253 * (before ^ (before >>> 30)) + i);
  }
  taken = WORDS;
}

function twist(): void {
  for (let i = 0; i < WORDS; i++) {
    const w = (load<u32>(word(i)) & 0x80000000) | (load<u32>(word(i + 1 < WORDS ? i + 1 : 0)) & 0x7fffffff);
    const other = load<u32>(word(i + AHEAD < WORDS ? i + AHEAD : i + AHEAD - WORDS));
    i32.store(word(i), other ^ (w >>> 1) ^ (w & 1 ? 0x9908b0df : 0));
  }
  taken = 0;
}

function twister32(): u32 {
  if (taken == WORDS) twist();
  let w = load<u32>(word(taken));
  taken++;
  w ^= w >>> 11;
  w ^= (w << 7) & 0x9d2c5680;
  w ^= (w << 15) & 0xefc60000;
  return w ^ (w >>> 18);
}

// The ziggurat: BLOCKS of equal area, the edges of each, and the next one's edge over its own.
const BLOCKS: i32 = 128;
const TAIL: f64 = 3.442619855899;
const AREA: f64 = 9.91256303526217e-3;
const edges = memory.data((BLOCKS + 1) * 8, 16);
const ratios = memory.data(BLOCKS * 8, 16);

function edge(i: i32): f64 {
  return f64.load(edges + ((<usize>i) << 3));
}

function layBlocks(): void {
  let f = exp(-0.5 * TAIL * TAIL);
  f64.store(edges, AREA / f);
  f64.store(edges, TAIL, 8);
  for (let i = 2; i < BLOCKS; i++) {
    const x = Math.sqrt(-2.0 * ln(AREA / edge(i - 1) + f));
    f64.store(edges + ((<usize>i) << 3), x);
    f = exp(-0.5 * x * x);
  }
  f64.store(edges + ((<usize>BLOCKS) << 3), 0);
  for (let i = 0; i < BLOCKS; i++) f64.store(ratios + ((<usize>i) << 3), edge(i + 1) / edge(i));
}

function normal(): f64 {
  while (true) {
    const u = 2.0 * uniform() - 1.0;
    const block = <i32>(twister32() & 127);
    if (abs(u) < f64.load(ratios + ((<usize>block) << 3))) return u * edge(block);
    if (block == 0) return fromTail(u < 0);
    const x = u * edge(block);
    const x2 = x * x;
    const f0 = exp(-0.5 * (edge(block) * edge(block) - x2));
    const f1 = exp(-0.5 * (edge(block + 1) * edge(block + 1) - x2));
    if (f1 + uniform() * (f0 - f1) < 1.0) return x;
  }
}

function fromTail(negative: bool): f64 {
  let x: f64;
  let y: f64;
  do {
    x = ln(uniform()) / TAIL;
    y = ln(uniform());
  } while (-2.0 * y < x * x);
  return negative ? x - TAIL : TAIL - x;
}

/**
 * X (tokens, d) = row patternOf[i] of the patterns in matrixIo (M, d), each with noise of uniform direction and norm
 * tau U(0,1); patternOf (tokens) is int16, in `batch`. The four words are the state that the stream begins with.
 */
export function sampleTokens(tokens: i32, d: i32, tau: f64, s01: u32, s00: u32, s11: u32, s10: u32): void {
  s0 = ((<u64>s01) << 32) | s00;
  s1 = ((<u64>s11) << 32) | s10;
  if (edge(0) == 0) layBlocks();
  if (tokens > 0) seedTwister(<u32>Math.floor(1.0 + 4294967295.0 * uniform()));
  const bytes = (<usize>d) << 3;
  for (let i: usize = 0, x = X; i < <usize>tokens; i++, x += bytes) {
    let squares: f64 = 0;
    for (let k: usize = 0; k < bytes; k += 8) {
      const z = normal();
      f64.store(x + k, z);
      squares += z * z;
    }
    const length = (tau * uniform()) / Math.sqrt(squares);
    const pattern = matrixIo + <usize>i32.load16_s(batch + (i << 1)) * bytes;
    for (let k: usize = 0; k < bytes; k += 8) f64.store(x + k, f64.load(pattern + k) + f64.load(x + k) * length);
  }
}
