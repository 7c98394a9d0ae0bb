import type { Law } from "../../src/law/law.ts";
import { element } from "./element.ts";

/** Whether θ lies in the law, and by name each hypothesis that it breaks. */
export class HypothesesView {
  readonly root = element("div", { class: "hypotheses", role: "status" });
  #shown = "";

  update(law: Law, broken: ReadonlyMap<string, string> | undefined): void {
    const shown = JSON.stringify([law.id, broken === undefined ? null : [...broken]]);
    if (shown === this.#shown) return;
    this.#shown = shown;
    this.root.dataset.state = broken === undefined ? "invalid" : broken.size === 0 ? "inside" : "outside";
    if (broken === undefined) {
      this.root.replaceChildren(element("p", {}, "θ is not a model: see the fields in red."));
    } else if (broken.size === 0) {
      this.root.replaceChildren(element("p", {}, `θ keeps every hypothesis of ${law.title}.`));
    } else {
      this.root.replaceChildren(
        element("p", {}, `θ leaves ${law.title}. Broken:`),
        element(
          "ul",
          {},
          ...[...broken].map(([name, why]) =>
            element("li", { class: "lit", "data-hypothesis": name }, element("b", {}, name), ` ${why}`),
          ),
        ),
      );
    }
  }
}
