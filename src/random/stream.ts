import { sha256 } from "@noble/hashes/sha2.js";
import { utf8ToBytes } from "@noble/hashes/utils.js";
import ziggurat from "@stdlib/random-base-improved-ziggurat";
import { uniformFloat64 } from "pure-rand/distribution/uniformFloat64";
import { uniformInt } from "pure-rand/distribution/uniformInt";
import { xoroshiro128plusFromState } from "pure-rand/generator/xoroshiro128plus";
import { InvalidInput } from "../invalid-input.ts";

/** A sequence of independent variates. Streams of another name or another seed are independent of it. */
export interface Stream {
  /** Uniform on [0, 1), a multiple of 2^-53. */
  uniform(): number;
  /** Uniform on the integers from..to, both included. */
  integer(from: number, to: number): number;
  /** Standard normal, by the improved ziggurat method. */
  normal(): number;
  /** Puts the items into uniformly random order, in place (Fisher-Yates). */
  shuffle<T extends { length: number; [index: number]: unknown }>(items: T): T;
  /** 32 random bits as a signed integer: what fast-check's `Random` and pure-rand's distributions read. */
  readonly generator: ReturnType<typeof xoroshiro128plusFromState>;
}

/**
 * The stream of this name under this seed: the same on every machine.
 * The generator's 128-bit state is a hash of both, since small consecutive seeds of xoroshiro128+ are correlated.
 *
 * @param seed a safe integer, 0 or above
 * @param name what the stream is for, for instance "patterns"
 */
export function stream(seed: number, name: string): Stream {
  const generator = xoroshiro128plusFromState(streamState(seed, name));
  const uniform = () => uniformFloat64(generator);
  // the ziggurat seeds a second generator from this one: made only when a normal variate is asked for
  let normal: (() => number) | undefined;
  return {
    generator,
    uniform,
    integer: (from, to) => uniformInt(generator, from, to),
    normal: () => {
      normal ??= ziggurat.factory({ prng: uniform });
      return normal();
    },
    shuffle: (items) => {
      for (let last = items.length - 1; last > 0; last--) {
        const chosen = uniformUpTo(generator, last);
        const item = items[last];
        items[last] = items[chosen];
        items[chosen] = item;
      }
      return items;
    },
  };
}

/**
 * `uniformInt(generator, 0, last)` of pure-rand, for indices: the same draws and the same number. Said to be of 32 bits
 * it takes a quarter of the time, and every epoch of every training shuffles its samples.
 */
function uniformUpTo(generator: Stream["generator"], last: number): number {
  const values = (last + 1) >>> 0;
  // what is above the largest multiple is drawn anew, so that no remainder comes up more often
  const multiple = values > 2 ? Math.floor(2 ** 32 / values) * values : 2 ** 32;
  for (;;) {
    const word = (generator.next() ^ 0x80000000) >>> 0;
    if (word < multiple) return word % values;
  }
}

/** The state of the generator that a stream begins with, four signed words: for who draws the same variates elsewhere. */
export function streamState(seed: number, name: string): number[] {
  return hashedWords(requireSeed("stream", seed), name);
}

/** A seed (53 bits) derived from a seed and a path: never `seed + i`. */
export function subSeed(seed: number, ...path: readonly (string | number)[]): number {
  const [high, low] = hashedWords(requireSeed("subSeed", seed), path.join("/"));
  return ((high as number) >>> 11) * 2 ** 32 + ((low as number) >>> 0);
}

/** Seeds are safe integers, 0 or above. */
export function requireSeed(caller: string, seed: number): number {
  if (!Number.isSafeInteger(seed) || seed < 0) {
    throw new InvalidInput(`${caller} requires seed to be an integer from 0 to 2^53 - 1, got ${seed}`);
  }
  return seed;
}

/** Four signed 32-bit words: the first 128 bits of SHA-256("theorycheck/seed/name"). */
function hashedWords(seed: number, name: string): number[] {
  const digest = sha256(utf8ToBytes(`theorycheck/${seed}/${name}`));
  const view = new DataView(digest.buffer, digest.byteOffset);
  return [0, 4, 8, 12].map((offset) => view.getInt32(offset));
}
