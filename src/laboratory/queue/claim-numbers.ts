import { populationsOf } from "../../claim/population.ts";
import type { Statement } from "../../claim/theorem.ts";
import { InvalidInput } from "../../invalid-input.ts";

/** Neighbours among all claims: the first one's number, and how many they are. */
export type ClaimRanges = readonly (readonly [first: number, count: number])[];

/**
 * Claims by their number among all that declarations have. Both sides of a queue have the same declarations, and their
 * keys are most of what an order, or its answer, would be.
 */
export class ClaimNumbers {
  readonly #keys: readonly string[];
  readonly #numbers: ReadonlyMap<string, number>;

  constructor(statements: readonly Statement[]) {
    this.#keys = populationsOf(statements).flatMap(({ claims }) => claims.map(({ key }) => key));
    this.#numbers = new Map(this.#keys.map((key, number) => [key, number]));
  }

  /** In the order in which they came. @throws InvalidInput where the declarations have no such claim */
  rangesOf(keys: readonly string[]): ClaimRanges {
    const ranges: [number, number][] = [];
    for (const key of keys) {
      const number = this.#numbers.get(key);
      if (number === undefined) throw new InvalidInput(`order: wanted must be keys of declared claims, got ${key}`);
      const last = ranges.at(-1);
      if (last !== undefined && number === last[0] + last[1]) last[1]++;
      else ranges.push([number, 1]);
    }
    return ranges;
  }

  /** @throws InvalidInput where the declarations have fewer claims */
  keysOf(ranges: ClaimRanges): readonly string[] {
    return ranges.flatMap(([first, count]) => {
      if (first + count > this.#keys.length) {
        const known = `claims below ${this.#keys.length}`;
        throw new InvalidInput(`order: claims must be ${known}, got ${count} from ${first} on`);
      }
      return this.#keys.slice(first, first + count);
    });
  }
}
