import { parseArgs } from "node:util";
import { eventsOf, populationsOf } from "../../../src/claim/population.ts";
import type { Statement } from "../../../src/claim/theorem.ts";
import { declarationsOf, openLaboratory } from "../../../src/cli/laboratory.ts";
import { lawSelection } from "../../../src/cli/registry.ts";
import { RUN_ALPHA } from "../../../src/evidence/evidence.ts";
import type { Law } from "../../../src/law/law.ts";
import { type Judgement, judge } from "../../../src/verdict/judge.ts";

/**
 * Run in a copy of the project: judges theorems and controls as `theorycheck verify` does, with the same seeds and the
 * same share of α for each verdict, and prints as JSON those whose verdict is not what it ought to be.
 *
 * --models N: a look at the first N models of the base law, which may refute theorems but not certify them, and then at
 * the controls whose models are quickly trained, to the end. Without it the base law and all beside it but the laws with
 * more patterns and with the per-position readout is judged to the end: on four laws an error would cost four times that.
 * Controls are judged only where no theorem is refuted.
 */
export interface ChangedVerdict {
  readonly kind: "theorem" | "control";
  readonly id: string;
  readonly verdict: "certified" | "refuted" | "inconclusive";
  readonly models: number;
}

type Selection = (statement: Statement, law: Law) => boolean;

/** The base law and what is controlled on it, and laws whose models are quickly trained. */
const QUICK_LAWS = ["base", "large-attention", "large-output", "random-labels"];

/** Beyond it a control that is neither refuted nor certified is given up: twice what certifies, and more. */
const CONTROL_MODELS = 400;

const { values } = parseArgs({ options: { models: { type: "string" }, store: { type: "string" } } });
const lookAt = values.models === undefined ? undefined : Number(values.models);
const storeFolder = values.store;
if (storeFolder === undefined) throw new Error("--store must name a folder for the models of this run");

const declarations = await declarationsOf({});
const { statements } = declarations;
const ofBaseSide = lawSelection(undefined, statements);
const inScope = (law: Law) => (lookAt === undefined ? ofBaseSide(law) : QUICK_LAWS.includes(law.id));
const isTheorem: Selection = ({ kind }, law) => kind === "theorem" && inScope(law);
const isControl: Selection = ({ kind }, law) => kind === "control" && inScope(law);

const theorems = changesIn(await judgeSome(isTheorem, lookAt, "stop when one is refuted"));
const refuted = theorems.filter(({ verdict }) => verdict === "refuted");
if (refuted.length > 0) print(refuted);
else print([...(lookAt === undefined ? theorems : []), ...(await changedControls())]);

/** Those that some models do not refute have more. */
async function changedControls(): Promise<readonly ChangedVerdict[]> {
  const unrefuted = changesIn(await judgeSome(isControl, lookAt)).map(({ id }) => id);
  if (unrefuted.length === 0) return [];
  const again: Selection = (statement, law) => isControl(statement, law) && unrefuted.includes(statement.id);
  return changesIn(await judgeSome(again, CONTROL_MODELS));
}

function print(changes: readonly ChangedVerdict[]): void {
  process.stdout.write(JSON.stringify(changes));
}

async function judgeSome(
  selects: Selection,
  maxModels?: number,
  until: "all are decided" | "stop when one is refuted" = "all are decided",
): Promise<Judgement> {
  const stop = new AbortController();
  const laboratory = await openLaboratory(declarations, { workers: 1, storeFolder, signal: stop.signal });
  let trials = 0;
  try {
    return await judge({
      statements,
      laboratory,
      selects,
      alpha: (RUN_ALPHA * verdictsAmong(selects)) / verdictsAmong(() => true),
      maxModels,
      onProgress: (progress) => {
        if (stop.signal.aborted) return;
        trials = progress.trials;
        if (until === "stop when one is refuted" && progress.refuted > 0) stop.abort();
      },
    });
  } catch (error) {
    if (!stop.signal.aborted) throw error;
  } finally {
    await laboratory.close();
  }
  return judgeSome(selects, trials); // the same models again, from the store
}

/** K: how many verdicts these statements get. */
function verdictsAmong(selects: Selection): number {
  return populationsOf(statements).flatMap(({ claims }) =>
    eventsOf(claims.filter(({ statement, law }) => selects(statement, law))),
  ).length;
}

/** One for each theorem with an event that is not certified, and for each control with one that is not refuted. */
function changesIn({ populations }: Judgement): ChangedVerdict[] {
  const changes = new Map<string, ChangedVerdict>();
  for (const { statement, verdict } of populations.flatMap(({ events }) => events)) {
    const { kind, id } = statement;
    if (kind === "finding") continue;
    if (verdict.kind === (kind === "theorem" ? "certified" : "refuted")) continue;
    const known = changes.get(id);
    if (known?.verdict === "refuted" && (verdict.kind !== "refuted" || known.models <= verdict.n)) continue;
    changes.set(id, { kind, id, verdict: verdict.kind, models: verdict.n });
  }
  return [...changes.values()];
}
