import { shortNumber } from "../../src/report/encode.ts";
import type { Snapshot } from "../worker/session.ts";
import { button, element, setAttributes, setText } from "./element.ts";

export interface RunBarActions {
  readonly trainOrPause: () => void;
  readonly step: (count: number) => void;
  readonly startOver: () => void;
  /** NaN where the field holds no whole number */
  readonly setSeed: (seed: number) => void;
  readonly newSeed: () => void;
  readonly setPace: (stepsPerSecond: number) => void;
  readonly copyDigest: () => void;
}

export interface RunBarState {
  readonly snapshot: Snapshot | undefined;
  readonly running: boolean;
  /** another model was asked for than the one of the snapshot */
  readonly starting: boolean;
  /** why no model can be trained, if none can */
  readonly blocked: string | undefined;
  readonly seed: number;
  readonly seedProblem: string | undefined;
  /** what the digest was held against, if it was */
  readonly comparison: { readonly same: boolean; readonly text: string } | undefined;
}

const PACES: readonly (readonly [stepsPerSecond: number, label: string])[] = [
  [Number.POSITIVE_INFINITY, "full speed"],
  [60, "60 steps a second"],
  [10, "10 steps a second"],
];

/** Train, pause, step; the seed; what has been trained, by its digest. */
export class RunBar {
  readonly root: HTMLElement;
  readonly #train: HTMLButtonElement;
  readonly #one: HTMLButtonElement;
  readonly #ten: HTMLButtonElement;
  readonly #over: HTMLButtonElement;
  readonly #seed = element("input", {
    id: "seed",
    class: "number",
    type: "text",
    inputmode: "numeric",
    autocomplete: "off",
    "aria-describedby": "seed-problem",
  });
  readonly #seedProblem = element("span", { id: "seed-problem", class: "problem" });
  readonly #status = element("p", { class: "status", role: "status" });
  readonly #progress = element("progress", { max: 1, value: 0, "aria-label": "steps taken" });
  readonly #steps = element("span", { class: "steps" });
  readonly #digest = element("code", { class: "digest", id: "digest" });
  readonly #comparison = element("p", { class: "comparison", hidden: true });

  constructor(actions: RunBarActions) {
    this.#train = button("Train", actions.trainOrPause, { class: "primary", id: "train" });
    this.#one = button("Step", () => actions.step(1), { id: "step" });
    this.#ten = button("10 steps", () => actions.step(10), { id: "step-ten" });
    this.#over = button("Reset", actions.startOver, { id: "start-over" });
    const pace = element(
      "select",
      { id: "pace", "aria-label": "pace" },
      ...PACES.map(([, label], i) => element("option", { value: i }, label)),
    );
    pace.addEventListener("change", () => actions.setPace(PACES[Number(pace.value)]![0]));
    this.#seed.addEventListener("input", () =>
      actions.setSeed(/^\d+$/.test(this.#seed.value.trim()) ? Number(this.#seed.value) : Number.NaN),
    );
    this.root = element(
      "section",
      { class: "run-bar", "aria-label": "Training" },
      element(
        "div",
        { class: "run-controls" },
        element("div", { class: "buttons" }, this.#train, this.#one, this.#ten, this.#over),
        element(
          "div",
          { class: "seed" },
          element("label", { for: "seed" }, "seed"),
          this.#seed,
          button("New seed", actions.newSeed, { id: "new-seed" }),
          this.#seedProblem,
        ),
        pace,
      ),
      element("div", { class: "run-progress" }, this.#progress, this.#steps, this.#status),
      element(
        "div",
        { class: "digest-line" },
        element("span", { class: "digest-label" }, "weights’ SHA-256"),
        this.#digest,
        button("Copy", actions.copyDigest, { class: "quiet", "aria-label": "Copy the digest" }),
        this.#comparison,
      ),
    );
  }

  update({ snapshot, running, starting, blocked, seed, seedProblem, comparison }: RunBarState): void {
    const ended = snapshot !== undefined && snapshot.outcome !== "under way";
    setText(
      this.#train,
      running ? "Pause" : ended ? "Train again" : snapshot !== undefined && snapshot.steps > 0 ? "Go on" : "Train",
    );
    this.#train.disabled = blocked !== undefined;
    for (const step of [this.#one, this.#ten]) step.disabled = blocked !== undefined || running || ended;
    this.#over.disabled = blocked !== undefined;
    if (document.activeElement !== this.#seed || Number(this.#seed.value) !== seed) {
      if (!Number.isNaN(seed)) this.#seed.value = String(seed);
    }
    setText(this.#seedProblem, seedProblem ?? "");
    setAttributes(this.#seed, { "aria-invalid": seedProblem === undefined ? undefined : "true" });
    this.root.classList.toggle("blocked", blocked !== undefined);
    if (blocked !== undefined) {
      setText(this.#status, blocked);
    } else if (snapshot !== undefined) {
      setText(this.#status, starting ? "starting" : running ? "training" : statusOf(snapshot));
    }
    this.#status.dataset.outcome = blocked !== undefined ? "blocked" : running ? "running" : (snapshot?.outcome ?? "");
    this.#comparison.hidden = comparison === undefined;
    this.#comparison.dataset.same = String(comparison?.same ?? "");
    setText(this.#comparison, comparison?.text ?? "");
    if (snapshot === undefined) return;
    const { theta, digest } = snapshot;
    const steps = starting ? 0 : snapshot.steps;
    setAttributes(this.#progress, { max: Math.max(1, theta.Tmax) });
    this.#progress.value = ended && !starting ? Math.max(1, theta.Tmax) : steps;
    setText(this.#steps, `step ${steps} of at most ${theta.Tmax}`);
    setText(this.#digest, digest);
  }
}

function statusOf({ outcome, steps, trainHinge, theta }: Snapshot): string {
  switch (outcome) {
    case "converged":
      return `converged: training hinge ${shortNumber(trainHinge)}`;
    case "exhausted":
      return theta.Tmax === 0
        ? "ended without a step, as θ has it"
        : `not converged after ${steps} steps: training hinge ${shortNumber(trainHinge)}`;
    case "diverged":
      return "diverged: the weights stopped being finite, which violates every claim";
    case "under way":
      return steps === 0 ? "not trained yet" : `paused: training hinge ${shortNumber(trainHinge)}`;
  }
}
