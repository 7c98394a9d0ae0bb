import { resolve } from "node:path";
import { counterexampleOf, encodeCounterexample } from "../explore/counterexample.ts";
import { coreHash, type Declarations, statementHash } from "../laboratory/fingerprint.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { tell } from "./print.ts";
import type { PlannedSearch } from "./search-plan.ts";
import { type Asking, describeRate, type Searched } from "./search-words.ts";

/** What is found is kept in the file that was asked for as soon as it is found, and again as soon as it is simpler. */
export interface Keeper {
  readonly keep: (known: Searched) => void;
  /** What a signal leaves behind, in words. */
  readonly left: () => string;
  /** @throws whatever kept a file from being written */
  readonly finish: () => void;
}

export async function keeperOf(
  theorem: string,
  { out, release, seed }: { readonly out?: string } & Pick<Asking, "release" | "seed">,
  { claims, space }: PlannedSearch,
  { file, closure }: Declarations,
  version: string,
): Promise<Keeper> {
  if (out === undefined) {
    return { keep: () => {}, left: () => "what was found until then is what there is", finish: () => {} };
  }
  const hash = await statementHash(claims[0]!.statement, file, closure);
  const core = coreHash();
  const released = release.length === 0 ? "" : ` --release ${release.join(",")}`;
  let written: string | undefined;
  let failure: { readonly error: unknown } | undefined;
  const contentOf = ({ findings, examination }: Searched): string | undefined => {
    const [{ nearest, found } = { nearest: [] }] = findings;
    const [least] = found === undefined ? [...nearest].sort((one, other) => one.margin - other.margin) : [found];
    if (least === undefined) return undefined;
    const { record, observed } = examination?.simplest ?? { record: least.tried.record, observed: least.observed };
    const [first, ...others] = record.models.map(({ theta, seed, digest }) => ({ theta, seed, digest }));
    const rate = examination?.simplestRate;
    const said = found === undefined ? "a nearest miss" : rate && `at this theta ${describeRate(rate)}`;
    const counterexample = counterexampleOf({
      ...{
        judged: least.judged,
        statementHash: hash,
        models: [first!, ...others],
        observed,
        theorycheck: version,
        core,
      },
      note: `theorycheck search ${theorem}${released} --seed ${seed}${said === undefined ? "" : `: ${said}`}`,
    });
    return encodeCounterexample(space.experiment, counterexample);
  };
  return {
    keep: (known) => {
      const content = contentOf(known);
      if (content === undefined || content === written || failure !== undefined) return;
      try {
        writeWhole(resolve(out), content);
        written = content;
      } catch (error) {
        failure = { error };
      }
    },
    left: () => (written === undefined ? "nothing was written" : `what was found until then is in ${out}`),
    finish: () => {
      if (failure !== undefined) throw failure.error;
      tell(`Written to ${out}.`);
    },
  };
}
