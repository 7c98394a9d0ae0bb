import { button, element, setText } from "./element.ts";

export interface DockState {
  readonly running: boolean;
  readonly blocked: boolean;
  /** whether the numbers on the page are of a training that has not ended */
  readonly soFar: boolean;
  /** theorems that this model violates; undefined where it is not judged yet */
  readonly violated: readonly string[] | undefined;
}

/** On narrow screens, at the bottom: how the model does while somebody moves θ further down the page. */
export class Dock {
  readonly root: HTMLElement;
  readonly #text = element("p");
  readonly #train: HTMLButtonElement;

  constructor(trainOrPause: () => void) {
    this.#train = button("Train", trainOrPause, { class: "primary" });
    this.root = element("aside", { class: "dock", "aria-label": "this model" }, this.#text, this.#train);
  }

  update({ running, blocked, soFar, violated }: DockState): void {
    setText(this.#train, running ? "Pause" : "Train");
    this.#train.disabled = blocked;
    this.root.dataset.state =
      blocked || (violated?.length ?? 0) > 0 ? "violated" : violated === undefined ? "open" : "holds";
    setText(
      this.#text,
      blocked
        ? "θ is not a model"
        : violated === undefined
          ? running
            ? "training"
            : soFar
              ? "judged when its training ends"
              : "not judged yet"
          : violated.length === 0
            ? "every theorem holds"
            : `violated: ${violated.join(", ")}`,
    );
  }
}
