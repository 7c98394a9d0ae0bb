import type { ManySeeds } from "../worker/many-seeds.ts";
import { button, element, setText } from "./element.ts";

export type OverChoice = "law" | "theta";

/** Starts and stops the run over many seeds, and says how far it is. */
export class ManySeedsView {
  readonly root: HTMLElement;
  readonly #over = element(
    "select",
    { id: "many-over", "aria-label": "draw the models from" },
    element("option", { value: "law" }, "fresh models of the law"),
    element("option", { value: "theta" }, "this θ with fresh seeds"),
  );
  readonly #toggle: HTMLButtonElement;
  readonly #text = element("p", { class: "many-progress", role: "status" });

  constructor({ start, stop }: { readonly start: (over: OverChoice) => void; readonly stop: () => void }) {
    this.#toggle = button(
      "Train many seeds",
      () => (this.#toggle.dataset.running === "true" ? stop() : start(this.#over.value === "theta" ? "theta" : "law")),
      { id: "many-toggle" },
    );
    this.root = element("div", { class: "many-controls" }, this.#over, this.#toggle, this.#text);
  }

  update(
    many: ManySeeds | undefined,
    { lawTitle, blocked }: { readonly lawTitle: string; readonly blocked: boolean },
  ): void {
    const running = many?.running === true;
    setText(this.#over.options[0]!, `fresh models of ${lawTitle}`);
    setText(this.#toggle, running ? "Stop" : "Train many seeds");
    this.#toggle.dataset.running = String(running);
    this.#toggle.disabled = blocked && !running;
    this.#over.disabled = running;
    if (many === undefined) {
      setText(
        this.#text,
        "One model decides nothing: a theorem holds with probability at least 95 %. Trains models until everything is certified or refuted, each theorem as a whole.",
      );
      return;
    }
    const { models, decided, verdicts, settled } = many.soFar;
    const rate = models / Math.max(many.seconds, 0.001);
    setText(
      this.#text,
      `${models} models, ${decided} of ${verdicts} verdicts decided` +
        (running
          ? ` · ${rate.toFixed(1)} models a second`
          : settled
            ? " · done"
            : " · stopped: the rest is inconclusive"),
    );
  }
}
