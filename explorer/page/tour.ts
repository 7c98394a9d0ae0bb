import { button, element, setText } from "./element.ts";

/** A stop of the tour: what is set on the page's own controls, and where to look. */
interface Stop {
  readonly title: string;
  readonly text: string;
  /** @param isStill whether the tour still stands here */
  readonly set: (isStill: () => boolean) => void | Promise<void>;
  readonly look: string;
}

const STOPS: readonly Stop[] = [
  {
    title: "Learn",
    text: "A model from the middle of the base law is trained by SGD. The training hinge falls to 0.001, the test hinge follows it, and attention hardly has to move for that.",
    set: () => {
      choose("#preset", "centre-base");
      slide("#pruned-fraction", 0);
    },
    look: "#panel-loss",
  },
  {
    title: "Low rank",
    text: "What training adds to each matrix has r large singular values, one for each label-relevant pattern, and next to nothing beyond them. Look back with the slider: it is so from the first steps on.",
    set: () => choose("#preset", "centre-base"),
    look: "#panel-spectra",
  },
  {
    title: "Prune small",
    text: "Training leaves a cluster of small neurons. All of it is pruned now, and the test hinge stays where it was.",
    set: async (isStill) => {
      choose("#preset", "centre-base");
      await press("#small-cluster", isStill);
    },
    look: "#panel-pruning",
  },
  {
    title: "Prune large",
    text: "As many neurons, the largest first: now the hinge rises about in proportion. Magnitude says which neurons matter.",
    set: async (isStill) => {
      choose("#preset", "centre-base");
      if (await press("#small-cluster", isStill)) document.querySelector<HTMLInputElement>("#order-largest")!.click();
    },
    look: "#panel-pruning",
  },
  {
    title: "Break a hypothesis",
    text: "W_Q and W_K start ten times too large, which leaves the hypothesis attention-scale: their updates are no longer of low rank, and low-rank-update is violated. The phase diagram shows at which δ that begins.",
    set: () => choose("#preset", "large-attention"),
    look: "#statement-low-rank-update",
  },
];

/** Time in which a model that was asked for begins to be trained. */
const BEGINS_MS = 150;

/** A walk of five stops through the page, which moves the page's own controls. */
export class Tour {
  readonly root: HTMLElement;
  readonly start: HTMLButtonElement;
  readonly #heading = element("h2", { tabindex: -1 });
  readonly #text = element("p", { "aria-live": "polite" });
  readonly #back: HTMLButtonElement;
  readonly #next: HTMLButtonElement;
  #at = -1;
  #settled = 0;

  constructor() {
    this.start = button("Tour", () => this.#go(0), { id: "tour" });
    this.#back = button("Back", () => this.#go(this.#at - 1), { id: "tour-back" });
    this.#next = button("Next", () => (this.#at === STOPS.length - 1 ? this.#end() : this.#go(this.#at + 1)), {
      id: "tour-next",
      class: "primary",
    });
    const close = button("End the tour", () => this.#end(), { class: "quiet", id: "tour-end" });
    this.root = element(
      "section",
      { class: "tour", "aria-label": "Tour", hidden: true },
      this.#heading,
      this.#text,
      element("div", { class: "buttons" }, this.#back, this.#next, close),
    );
    this.root.addEventListener("keydown", (event) => {
      if (event.key === "Escape") this.#end();
    });
  }

  #go(at: number): void {
    const stop = STOPS[at];
    if (stop === undefined) return;
    this.#at = at;
    this.root.hidden = false;
    setText(this.#heading, `${at + 1} of ${STOPS.length}: ${stop.title}`);
    setText(this.#text, stop.text);
    this.#back.disabled = at === 0;
    setText(this.#next, at === STOPS.length - 1 ? "Done" : "Next");
    void stop.set(() => this.#at === at && !this.root.hidden);
    this.#heading.focus({ preventScroll: true });
    mark(stop.look);
    // what is looked at may have been drawn anew for another law
    clearTimeout(this.#settled);
    this.#settled = window.setTimeout(() => mark(stop.look), BEGINS_MS);
  }

  #end(): void {
    clearTimeout(this.#settled);
    this.root.hidden = true;
    mark(undefined);
    this.start.focus();
  }
}

/** Shows where to look. */
function mark(selector: string | undefined): void {
  for (const marked of document.querySelectorAll(".looked-at")) marked.classList.remove("looked-at");
  if (selector === undefined) return;
  const place = document.querySelector(selector);
  place?.classList.add("looked-at");
  place?.scrollIntoView({ block: "center" });
}

function choose(selector: string, value: string): void {
  const select = document.querySelector<HTMLSelectElement>(selector)!;
  if (select.value === value) return;
  select.value = value;
  select.dispatchEvent(new Event("change", { bubbles: true }));
}

function slide(selector: string, value: number): void {
  const slider = document.querySelector<HTMLInputElement>(selector)!;
  slider.value = String(value);
  slider.dispatchEvent(new Event("input", { bubbles: true }));
}

/** Presses a button as soon as the model is at rest and judged, which it waits for; false where the tour went on. */
async function press(selector: string, isStill: () => boolean): Promise<boolean> {
  const pressed = document.querySelector<HTMLButtonElement>(selector)!;
  await pause(BEGINS_MS);
  while (isStill() && (pressed.hidden || document.body.dataset.judged !== "true")) await pause(BEGINS_MS);
  if (!isStill()) return false;
  pressed.click();
  // the controls show what was pressed in the next frame
  await pause(BEGINS_MS);
  return isStill();
}

function pause(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}
