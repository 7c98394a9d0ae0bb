import { shortNumber } from "../../src/report/encode.ts";
import { savingByPruning } from "../../src/transformer/prune/multiply-adds.ts";
import { BarStrip } from "../charts/bar-strip.ts";
import { LineChart } from "../charts/line-chart.ts";
import { legend, percent } from "../charts/panel.ts";
import {
  PRUNING_ORDERS,
  type PruningChoice,
  type PruningOrder,
  pointAt,
  prunedCount,
  ranksInOrder,
} from "../charts/pruning.ts";
import { extentOf } from "../charts/scales.ts";
import type { Frame } from "../worker/frame.ts";
import type { JudgedModel } from "../worker/judged-model.ts";
import type { Snapshot } from "../worker/session.ts";
import { element, setAttributes, setText } from "./element.ts";

const ORDER_LABEL: Record<PruningOrder, string> = {
  smallest: "smallest first",
  random: "at random",
  largest: "largest first",
};
const ORDER_LINE: Record<PruningOrder, string> = {
  smallest: "line-accent",
  random: "line-muted",
  largest: "line-second",
};

/** The neurons' norms, and what the test data say when some of them are pruned. */
export class PruningView {
  readonly root: HTMLElement;
  readonly #norms = new BarStrip({ title: "Norms of the neurons, in ascending order", height: 190, yKind: "log" });
  readonly #curves = new LineChart({
    title: "Test hinge without a fraction of the neurons",
    yKind: "linear",
    xLabel: "pruned",
    height: 190,
    formatX: (x) => `${Math.round(100 * x)} %`,
    leastSpan: 0.02,
  });
  readonly #slider = element("input", {
    type: "range",
    id: "pruned-fraction",
    min: 0,
    max: 1,
    step: 0.005,
    "aria-label": "fraction of the neurons to prune",
  });
  readonly #orders: ReadonlyMap<PruningOrder, HTMLInputElement>;
  readonly #count = element("output", { for: "pruned-fraction" });
  readonly #hinge = element("dd", { id: "pruned-hinge" });
  readonly #error = element("dd", { id: "pruned-error" });
  readonly #saved = element("dd");
  readonly #small: HTMLButtonElement;

  constructor(onChange: (choice: PruningChoice) => void, onSmallCluster: () => void) {
    this.#orders = new Map(
      PRUNING_ORDERS.map((order) => [
        order,
        element("input", { type: "radio", name: "pruning-order", value: order, id: `order-${order}` }),
      ]),
    );
    const chosen = (): PruningChoice => ({
      order: PRUNING_ORDERS.find((order) => this.#orders.get(order)?.checked) ?? "smallest",
      fraction: Number(this.#slider.value),
    });
    this.#slider.addEventListener("input", () => onChange(chosen()));
    for (const radio of this.#orders.values()) radio.addEventListener("change", () => onChange(chosen()));
    this.#small = element("button", { type: "button", class: "quiet", id: "small-cluster" }, "just the small cluster");
    this.#small.addEventListener("click", onSmallCluster);

    const figure = (name: string, value: Node) => element("div", {}, element("dt", {}, name), value);
    this.root = element(
      "section",
      { class: "panel wide pruning", id: "panel-pruning", "aria-labelledby": "pruning-title" },
      element("h2", { id: "pruning-title" }, "Neurons and pruning"),
      element(
        "p",
        { class: "panel-sentence" },
        "Training leaves a cluster of small neurons. Prune: the small ones cost next to nothing, the large ones do.",
      ),
      element(
        "div",
        { class: "two" },
        element(
          "figure",
          {},
          element("figcaption", {}, "Norm of each neuron, ascending; logarithmic"),
          this.#norms.root,
          legend(["bar-irrelevant", "small cluster"], ["bar-own", "large cluster"], ["bar-gone", "pruned"]),
        ),
        element(
          "figure",
          { class: "prune-curves" },
          element("figcaption", {}, "Test hinge as neurons go"),
          this.#curves.root,
          legend(...PRUNING_ORDERS.map((order) => [ORDER_LINE[order], ORDER_LABEL[order]] as const)),
        ),
      ),
      element(
        "div",
        { class: "prune-controls" },
        element(
          "label",
          { class: "prune-slider" },
          element("span", {}, "Prune ", this.#count),
          element("span", { class: "track plain" }, this.#slider),
        ),
        element(
          "fieldset",
          { class: "orders" },
          element("legend", {}, "Order"),
          ...PRUNING_ORDERS.map((order) =>
            element("label", { for: `order-${order}` }, this.#orders.get(order)!, ` ${ORDER_LABEL[order]}`),
          ),
          this.#small,
        ),
        element(
          "dl",
          { class: "numbers big", "aria-live": "polite" },
          figure("test hinge", this.#hinge),
          figure("0-1 error", this.#error),
          figure("multiply-adds saved", this.#saved),
        ),
      ),
    );
  }

  update(
    snapshot: Snapshot | undefined,
    frame: Frame | undefined,
    judged: JudgedModel | undefined,
    choice: PruningChoice,
  ): void {
    const { order, fraction } = choice;
    if (Number(this.#slider.value) !== fraction) this.#slider.value = String(fraction);
    for (const [each, radio] of this.#orders) radio.checked = each === order;
    this.#small.hidden = judged === undefined || judged.small === 0;
    if (snapshot === undefined || frame === undefined) return;
    const { theta } = snapshot;
    const asked = prunedCount(fraction, theta.m);
    const curve = judged?.pruning.find((each) => each.order === order);
    const point = curve === undefined ? undefined : pointAt(curve, asked);
    const count = point?.count ?? asked;
    setText(this.#count, `${count} of ${theta.m} neurons (${Math.round((100 * count) / theta.m)} %)`);
    setAttributes(this.#slider, { "aria-valuetext": `${count} of ${theta.m} neurons, ${ORDER_LABEL[order]}` });
    setText(this.#hinge, point === undefined ? "–" : shortNumber(point.hinge));
    setText(this.#error, point === undefined ? "–" : percent(point.error));
    setText(this.#saved, percent(savingByPruning(theta, count).ofForward));
    this.#drawNorms(snapshot, frame, new Set(ranksInOrder(order, theta.m, snapshot.seed).slice(0, count)));
    this.#curves.update({
      lines: (judged?.pruning ?? []).map((each) => ({
        label: ORDER_LABEL[each.order],
        className: each.order === order ? ORDER_LINE[each.order] : `${ORDER_LINE[each.order]} faint`,
        x: each.counts.map((one) => one / theta.m),
        y: each.hinge,
      })),
      x: { from: 0, to: 1 },
      ...(judged === undefined ? { y: { from: 0, to: 1 } } : {}),
      cursor: count / theta.m,
      summary:
        point === undefined
          ? "Known once training is at rest."
          : `${shortNumber(point.hinge)} without ${count} neurons, ${ORDER_LABEL[order]}.`,
    });
  }

  #drawNorms({ frames, theta }: Snapshot, { neurons, step }: Frame, gone: ReadonlySet<number>): void {
    const { norms, small } = neurons;
    // one scale for the whole training, so that bars grow as one looks along it
    const extent = extentOf([...norms, ...frames.flatMap((each) => each.neurons.norms)], "log") ?? {
      from: 0.01,
      to: 1,
    };
    const reach = 3 * theta.xi * Math.sqrt(theta.ma);
    this.#norms.update({
      bars: norms.map((value, i) => {
        const rank = Math.floor((i * theta.m) / norms.length);
        return { value, className: gone.has(rank) ? "bar-gone" : rank < small ? "bar-irrelevant" : "bar-own" };
      }),
      y: { from: extent.from / 2, to: Math.max(extent.to, reach) * 1.3 },
      rule: { y: reach, label: "3·ξ·√mₐ" },
      summary: `After step ${step}, ${small} of ${theta.m} neurons are in the small cluster.`,
    });
  }
}
