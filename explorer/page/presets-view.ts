import { comparisonLaws } from "../input/comparison-laws.ts";
import type { Preset } from "../input/presets.ts";
import { button, element, setText } from "./element.ts";

export interface PresetGroup {
  readonly title: string;
  readonly presets: readonly Preset[];
}

/** Where θ starts from, and the law that it is held to. */
export class PresetsView {
  readonly root: HTMLElement;
  readonly #presets: HTMLSelectElement;
  readonly #law: HTMLSelectElement;
  readonly #remark = element("p", { class: "remark" });

  constructor(
    groups: readonly PresetGroup[],
    actions: {
      readonly choose: (preset: Preset) => void;
      readonly chooseLaw: (lawId: string) => void;
      readonly draw: () => void;
      readonly setAutomatic: (automatic: boolean) => void;
    },
  ) {
    const presets = groups.flatMap((group) => group.presets);
    this.#presets = element(
      "select",
      { id: "preset" },
      element("option", { value: "" }, "θ of your own"),
      ...groups
        .filter((group) => group.presets.length > 0)
        .map((group) =>
          element(
            "optgroup",
            { label: group.title },
            ...group.presets.map(({ id, title }) => element("option", { value: id }, title)),
          ),
        ),
    );
    this.#presets.addEventListener("change", () => {
      const chosen = presets.find(({ id }) => id === this.#presets.value);
      if (chosen !== undefined) actions.choose(chosen);
    });
    this.#law = element(
      "select",
      { id: "law" },
      ...comparisonLaws.map(({ id, title }) => element("option", { value: id }, title)),
    );
    this.#law.addEventListener("change", () => actions.chooseLaw(this.#law.value));
    const automatic = element("input", { type: "checkbox", id: "automatic", checked: true });
    automatic.addEventListener("change", () => actions.setAutomatic(automatic.checked));
    this.root = element(
      "div",
      { class: "presets" },
      element("label", { for: "preset" }, "Start from"),
      this.#presets,
      element("label", { for: "law" }, "Held to"),
      this.#law,
      this.#remark,
      button("Draw θ from the law, by the seed", actions.draw, { id: "draw" }),
      element("label", { class: "automatic", for: "automatic" }, automatic, " Train on every change"),
    );
  }

  update(preset: Preset | undefined, lawId: string): void {
    const listed = [...this.#presets.options].some(({ value }) => value === preset?.id);
    setText(this.#presets.options[0]!, preset === undefined || listed ? "θ of your own" : preset.title);
    this.#presets.value = listed ? preset!.id : "";
    this.#law.value = lawId;
    setText(this.#remark, preset?.remark ?? "");
    this.#remark.hidden = preset === undefined;
  }
}
