import type { JudgedClaim } from "../../src/claim/population.ts";
import { describeRelation } from "../../src/claim/relation.ts";
import {
  type Counterexample,
  counterexampleOf,
  encodeCounterexample,
  parseCounterexample,
} from "../../src/explore/counterexample.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { encodeNumber, shortNumber } from "../../src/report/encode.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { baseLaw } from "../../src/transformer/laws.ts";
import { parseTheta } from "../../src/transformer/theta.ts";
import { visible, visibleIn } from "../../src/visible-text.ts";
import type { Observation } from "../worker/judged-model.ts";
import type { Snapshot } from "../worker/session.ts";
import { comparisonLaws } from "./comparison-laws.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { Preset } from "./presets.ts";

/** A counterexample as the page uses it. */
export interface OpenedCounterexample {
  readonly preset: Preset;
  readonly seed: number;
  readonly digest: string;
  /** whether the core that found it is this page's */
  readonly sameCore: boolean;
  /** what it says, in a few sentences */
  readonly note: string;
}

/**
 * Reads a counterexample file for the page.
 *
 * @throws InvalidInput with what is wrong with it
 */
export function openCounterexample(text: string, name: string, fingerprint: Fingerprint): OpenedCounterexample {
  const counterexample = visibleIn(parsed(text), visible);
  const { theorem, claim, law, models, observed } = counterexample;
  const [{ theta, seed, digest }] = models;
  const lawId = comparisonLaws.some(({ id }) => id === law.id) ? law.id : baseLaw.id;
  const broken = law.broken.map(({ hypothesis, why }) => `${hypothesis} (${why})`).join(", ");
  const note = [
    `${theorem}: ${claim.title} = ${shortNumber(encodeNumber(observed))}, bound ${describeRelation(claim.relation)}.`,
    law.standing === "within" ? `Within the law ${law.id}.` : `Outside the law ${law.id}: ${broken}.`,
    ...(models.length > 1 ? ["It is about a pair of models; the page shows the first."] : []),
    ...differences(counterexample, fingerprint),
  ].join(" ");
  return {
    preset: {
      id: `file-${name}`,
      title: `Counterexample ${name}`,
      remark: counterexample.note ?? `Violates ${theorem}.`,
      theta: parseTheta(theta),
      lawId,
    },
    seed,
    digest,
    sameCore: counterexample.versions.core === fingerprint.core,
    note,
  };
}

/** The model on the page, and what it shows of a claim, as a counterexample file. */
export function saveCounterexample(
  {
    claim,
    snapshot,
    observation,
  }: {
    readonly claim: JudgedClaim;
    readonly snapshot: Pick<Snapshot, "theta" | "seed" | "digest">;
    readonly observation: Extract<Observation, { kind: "observed" }>;
  },
  fingerprint: Fingerprint,
): { readonly name: string; readonly text: string } {
  const { statement } = claim;
  const statementHash = fingerprint.statements[statement.id];
  if (statementHash === undefined) throw new Error(`the build has no hash of the statement ${statement.id}`);
  const { theta, seed, digest } = snapshot;
  const counterexample = counterexampleOf({
    judged: claim,
    statementHash,
    models: [{ theta, seed, digest }],
    observed: observation.value,
    theorycheck: fingerprint.theorycheck,
    core: fingerprint.core,
    note: "saved by the explorer",
  });
  return { name: `${statement.id}-seed-${seed}.json`, text: encodeCounterexample(transformer, counterexample) };
}

/** The counterexamples that came with the build, by file name; those that cannot be read are told apart. */
export function readStored(files: Readonly<Record<string, string>>, fingerprint: Fingerprint) {
  const opened: OpenedCounterexample[] = [];
  const unreadable: { name: string; why: string }[] = [];
  for (const [path, text] of Object.entries(files)) {
    const name = path
      .split("/")
      .at(-1)!
      .replace(/\.json$/, "");
    try {
      opened.push(openCounterexample(text, name, fingerprint));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      unreadable.push({ name, why: error.message });
    }
  }
  return { opened, unreadable };
}

function parsed(text: string): Counterexample {
  const prefix = "file";
  try {
    return parseCounterexample(transformer, text, prefix);
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.message.replace(`${prefix}: `, ""), { cause: error });
  }
}

/** What has changed since the file was written, where something has. */
function differences({ theorem, claim, versions }: Counterexample, fingerprint: Fingerprint): string[] {
  const statementHash = Object.hasOwn(fingerprint.statements, theorem) ? fingerprint.statements[theorem] : undefined;
  return [
    ...(statementHash === undefined
      ? ["This page has no such theorem."]
      : statementHash === claim.hash
        ? []
        : ["The theorem’s declaration has changed since."]),
    ...(versions.core === fingerprint.core ? [] : ["The core that trains and measures has changed since."]),
  ];
}
