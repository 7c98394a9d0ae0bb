import { shortNumber } from "../../src/report/encode.ts";
import { tailEnergyOf } from "../../src/transformer/measure/singular-values.ts";
import { UPDATED_MATRICES, type UpdatedMatrix } from "../../src/transformer/notation.ts";
import { element, setText, symbol } from "../page/element.ts";
import type { Frame } from "../worker/frame.ts";
import type { Snapshot } from "../worker/session.ts";
import { BarStrip } from "./bar-strip.ts";
import { Directions } from "./directions.ts";
import { LineChart } from "./line-chart.ts";
import { legend, panel, percent } from "./panel.ts";
import { type Interval, percentTick, ROUNDING } from "./scales.ts";

const MATRIX_LETTER: Record<UpdatedMatrix, string> = { WQ: "Q", WK: "K", WV: "V" };

/** Singular values that are drawn; the tail energy is that of all. */
const MOST_LINES = 24;

/** Smallest singular value drawn, as a fraction of the largest. */
const FLOOR = 1e-4;

/** What is seen of a training while it happens: loss, attention, singular values of each update. */
export class Figures {
  readonly root: HTMLElement;
  readonly #loss = new LineChart({ title: "Hinge loss", yKind: "linear", xLabel: "steps", height: 226 });
  readonly #attention = new LineChart({
    title: "Mean attention on label-relevant test tokens",
    yKind: "linear",
    xLabel: "steps",
    height: 120,
    formatY: percentTick,
    // in the base law attention hardly has to move: what it moves by a millionth is drawn flat
    leastSpan: 0.02,
  });
  readonly #tokens = new BarStrip({
    title: "Attention received by each token of one test sample",
    height: 76,
    yKind: "linear",
    formatY: percentTick,
  });
  readonly #attentionValue = element("strong", { class: "value" });
  readonly #lossValue = element("strong", { class: "value" });
  readonly #directions = new Directions();
  readonly #spectra: Record<UpdatedMatrix, { chart: LineChart; tail: HTMLElement }>;

  constructor() {
    const spectrum = (name: UpdatedMatrix) => ({
      chart: new LineChart({
        title: `Singular values of the update of W_${MATRIX_LETTER[name]}`,
        yKind: "log",
        xLabel: "steps",
        height: 170,
      }),
      tail: element("p", { class: "tail" }),
    });
    this.#spectra = { WQ: spectrum("WQ"), WK: spectrum("WK"), WV: spectrum("WV") };
    this.root = element(
      "div",
      { class: "figures" },
      panel(
        headed("Loss", this.#lossValue),
        "Training ends when the mean hinge over the training set is at most 0.001.",
        legend(["line-muted", "batch"], ["line-accent", "training set"], ["line-second", "test set"]),
        this.#loss.root,
      ),
      panel(
        headed("Attention on label-relevant tokens", this.#attentionValue),
        "Its mean over the test data, and what each token of one test sample receives.",
        this.#attention.root,
        this.#tokens.root,
        legend(["bar-own", "own class"], ["bar-other", "other class"], ["bar-irrelevant", "irrelevant"]),
      ),
      element(
        "section",
        { class: "panel wide", id: "panel-spectra" },
        element("h2", {}, "Singular values of each update"),
        element(
          "p",
          { class: "panel-sentence" },
          "If the theory is right, the first r stand apart and next to no energy is left beyond them. Logarithmic.",
        ),
        legend(["line-accent", "the first r"], ["line-muted", "the rest"]),
        element(
          "div",
          { class: "three" },
          ...UPDATED_MATRICES.map((name) =>
            element(
              "figure",
              {},
              element("figcaption", {}, "Δ", symbol("W", MATRIX_LETTER[name])),
              this.#spectra[name].chart.root,
              this.#spectra[name].tail,
            ),
          ),
        ),
      ),
      this.#directions.root,
    );
    this.root.firstElementChild!.id = "panel-loss";
  }

  /** @param frame the moment that is looked at: of the model as it stands, or of one on the way to it */
  update(snapshot: Snapshot, frame: Frame): void {
    const { fine, coarse } = snapshot.history;
    const x = { from: 0, to: Math.max(10, snapshot.steps) };
    const cursor = frame.step === snapshot.steps ? undefined : frame.step;
    const { trainHinge } = snapshot;
    setText(this.#lossValue, `training ${Number.isFinite(trainHinge) ? shortNumber(trainHinge) : "not finite"}`);
    this.#loss.update({
      lines: [
        { label: "batch", className: "line-muted thin", x: fine.steps.map((step) => step - 1), y: fine.batchHinge },
        { label: "training", className: "line-accent", x: coarse.steps, y: coarse.trainHinge },
        { label: "test", className: "line-second dashed", x: coarse.steps, y: coarse.testHinge },
      ],
      x,
      cursor,
      y: {
        from: 0,
        to: Math.max(1, ...coarse.trainHinge.filter(Number.isFinite), ...coarse.testHinge.filter(Number.isFinite)),
      },
      summary: `Training hinge ${shortNumber(trainHinge)} at step ${snapshot.steps}.`,
    });

    const before = coarse.relevantAttention[0] ?? Number.NaN;
    const now = coarse.relevantAttention.at(-1) ?? Number.NaN;
    setText(this.#attentionValue, `${percent(now)}${coarse.steps.length > 1 ? `, from ${percent(before)}` : ""}`);
    this.#attention.update({
      lines: [{ label: "relevant", className: "line-accent", x: coarse.steps, y: coarse.relevantAttention }],
      x,
      cursor,
      rules: [{ y: before, label: "before training" }],
      summary: `${percent(now)} after step ${snapshot.steps}, ${percent(before)} before training.`,
    });
    this.#updateTokens(snapshot, frame);
    for (const name of UPDATED_MATRICES) this.#updateSpectrum(name, snapshot, frame, { x, cursor });
    this.#directions.update(snapshot, frame);
  }

  #updateTokens({ sample, theta }: Snapshot, { received }: Frame): void {
    const uniform = 1 / theta.L;
    const largest = Math.max(2 * uniform, ...received.filter(Number.isFinite));
    this.#tokens.update({
      bars: received.map((value, s) => ({ value, className: `bar-${sample.groups[s]}` })),
      y: { from: 0, to: largest },
      rule: { y: uniform, label: "uniform" },
      summary: `${sample.groups.filter((group) => group === "own").length} of ${sample.groups.length} tokens are of the sample’s own class.`,
    });
  }

  #updateSpectrum(
    name: UpdatedMatrix,
    snapshot: Snapshot,
    frame: Frame,
    { x, cursor }: { readonly x: Interval; readonly cursor: number | undefined },
  ): void {
    const { r } = snapshot.theta;
    const { steps, singularValues } = snapshot.history.fine;
    const history = singularValues[name];
    const count = Math.min(MOST_LINES, frame.singularValues[name].length);
    const lines = Array.from({ length: count }, (_, i) => ({
      label: `σ${subscript(i + 1)}`,
      className: i < r ? "line-accent" : "line-muted thin",
      x: steps,
      y: history.map((sigmas) => sigmas[i] ?? Number.NaN),
    })).reverse();
    const largest = Math.max(0, ...history.flatMap((sigmas) => (Number.isFinite(sigmas[0]) ? [sigmas[0]!] : [])));
    const floor = Math.max(largest * FLOOR, ROUNDING);
    const { chart, tail } = this.#spectra[name];
    const sigmas = frame.singularValues[name];
    // of what is rounding only nothing can be said
    const beyond = sigmas[0]! > ROUNDING ? tailEnergyOf(sigmas, r) : Number.NaN;
    chart.update({
      lines: lines.map((line) => ({ ...line, y: line.y.map((sigma) => (sigma < floor ? Number.NaN : sigma)) })),
      x,
      cursor,
      ...(largest > ROUNDING ? { y: { from: floor, to: largest } } : {}),
      summary: Number.isFinite(beyond) ? `${percent(beyond)} of the energy is beyond rank ${r}.` : "No update as yet.",
    });
    tail.replaceChildren(
      ...(Number.isFinite(beyond)
        ? [
            element("strong", {}, percent(beyond)),
            ` of its energy beyond rank ${r}${cursor === undefined ? "" : ` after step ${cursor}`}`,
          ]
        : [snapshot.outcome === "diverged" ? "not finite" : "no update yet"]),
    );
  }
}

function headed(title: string, value: HTMLElement): DocumentFragment {
  const fragment = document.createDocumentFragment();
  fragment.append(title, value);
  return fragment;
}

function subscript(n: number): string {
  return String(n).replace(/\d/g, (digit) => "₀₁₂₃₄₅₆₇₈₉"[Number(digit)]!);
}
