import { mkdirSync } from "node:fs";
import { join } from "node:path";
import fc from "fast-check";
import { isInvalidInput } from "../../src/invalid-input.ts";
import { stream, subSeed } from "../../src/random/stream.ts";
import type { Check, Checks, Ground, Part } from "./check.ts";
import { mutated, oneOf } from "./mutate.ts";
import { type Reader, readers } from "./readers.ts";
import { shown } from "./right.ts";

const INPUTS = { whole: 20_000, quick: 2_000 };

/** Reading is quick, whatever is read, ms. */
const LONGEST = 2000;

export const fuzz: Part = {
  name: "fuzz",
  title:
    "inputs into every reader of text from outside: valid files with changes, JSON that means nothing, and any text. Nothing but InvalidInput comes out, with a message of one line",
  lanes: 1,
  checks: ({ project, folder, seed, quick }: Ground): Checks => {
    const own = join(folder, "fuzz");
    mkdirSync(own);
    return { checks: fuzzing(readers(project, own), quick ? INPUTS.quick : INPUTS.whole, seed) };
  },
};

/** So many inputs in all, each reader its share: seven in ten are valid ones with changes. */
export function fuzzing(all: readonly Reader[], inputs: number, seed: number): readonly Check[] {
  const shares = all.reduce((sum, { share = 1 }) => sum + share, 0);
  return all.flatMap((reader) => {
    const count = Math.ceil((inputs * (reader.share ?? 1)) / shares);
    const random = stream(seed, `fuzz ${reader.name}`);
    const others = Math.floor(0.3 * count);
    const drawn = fc.sample(fc.oneof(fc.json(), fc.string(), fc.string({ unit: "binary" })), {
      numRuns: others,
      seed: subSeed(seed, "fuzz", reader.name) % 2 ** 31,
    });
    return Array.from({ length: count }, (_, i): Check => {
      const text = drawn[i] ?? mutated(random, oneOf(random, reader.valid));
      return { name: `${reader.name}: ${shown(text)}`, run: async () => wrongsOfReading(reader, text) };
    });
  });
}

function wrongsOfReading({ read }: Reader, text: string): readonly string[] {
  const start = performance.now();
  try {
    read(text);
  } catch (error) {
    if (!isInvalidInput(error))
      return [`it throws ${error instanceof Error ? `${error.name}: ${error.message}` : String(error)}`];
    if (error.message.trim() === "") return ["its message is empty"];
  }
  const taken = performance.now() - start;
  return taken > LONGEST ? [`it took more than ${LONGEST / 1000} seconds`] : [];
}
