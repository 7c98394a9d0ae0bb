import type { Snapshot } from "../worker/session.ts";
import { button, element, setAttributes, setText } from "./element.ts";

/** Looks back along a training: a slider over its moments. */
export class Scrubber {
  readonly root: HTMLElement;
  readonly #slider = element("input", {
    type: "range",
    id: "look-back",
    min: 0,
    step: 1,
    "aria-label": "look back along the training",
  });
  readonly #text = element("output", { for: "look-back" });
  readonly #end: HTMLButtonElement;

  /** @param onLook told of the moment, an index of the frames; undefined: the model as it stands */
  constructor(onLook: (moment: number | undefined) => void) {
    this.#slider.addEventListener("input", () => {
      const moment = Number(this.#slider.value);
      onLook(moment === Number(this.#slider.max) ? undefined : moment);
    });
    this.#end = button("to the end", () => onLook(undefined), { class: "quiet" });
    this.root = element(
      "div",
      { class: "scrubber" },
      element("label", { for: "look-back" }, "Look back"),
      element("span", { class: "track plain" }, this.#slider),
      this.#text,
      this.#end,
    );
  }

  update(snapshot: Snapshot | undefined, moment: number | undefined): void {
    const frames = snapshot?.frames ?? [];
    const last = Math.max(0, frames.length - 1);
    const shown = Math.min(moment ?? last, last);
    this.#slider.disabled = frames.length < 2;
    setAttributes(this.#slider, { max: last });
    if (Number(this.#slider.value) !== shown) this.#slider.value = String(shown);
    const step = frames[shown]?.step ?? snapshot?.steps ?? 0;
    const text = moment === undefined ? `step ${step}, as it stands` : `step ${step} of ${snapshot?.steps ?? 0}`;
    setAttributes(this.#slider, { "aria-valuetext": text });
    setText(this.#text, text);
    this.#end.hidden = moment === undefined;
  }
}
