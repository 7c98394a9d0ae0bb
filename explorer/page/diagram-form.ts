import { InvalidInput } from "../../src/invalid-input.ts";
import { typedNumber } from "../../src/json-number.ts";
import type { NumberField } from "../../src/law/parameters.ts";
import type { Theta } from "../../src/transformer/theta.ts";
import { claimsOn } from "../input/comparison-laws.ts";
import {
  DIAGRAM_PRESETS,
  type Diagram,
  requireDiagram,
  sameDiagram,
  settingsIn,
  settingsText,
  VARIED_FIELDS,
} from "../input/diagram.ts";
import { fieldOf, symbolText } from "../input/fields.ts";
import { element } from "./element.ts";

/** What a diagram shows, as somebody enters it. */
export class DiagramForm {
  readonly root: HTMLElement;
  readonly #preset: HTMLSelectElement;
  readonly #theorem = element("select", { id: "diagram-theorem" });
  readonly #axes: readonly [VariedEntry, VariedEntry];
  readonly #set = element("input", { id: "diagram-set", type: "text", autocomplete: "off", spellcheck: "false" });
  readonly #seeds = numberEntry("diagram-seeds");
  readonly #cells = numberEntry("diagram-cells");
  readonly #seed = numberEntry("diagram-seed");
  #lawId = "";

  constructor(onChange: () => void) {
    this.#preset = element(
      "select",
      { id: "diagram-preset" },
      element("option", { value: "" }, "of your own"),
      ...DIAGRAM_PRESETS.map(({ title }, i) => element("option", { value: i }, title)),
    );
    this.#axes = [new VariedEntry("x", "across", false), new VariedEntry("y", "upwards", true)];
    this.#preset.addEventListener("change", () => {
      const preset = this.#preset.value === "" ? undefined : DIAGRAM_PRESETS[Number(this.#preset.value)];
      if (preset !== undefined) this.show(preset);
      onChange();
    });
    const labelled = (label: string, entry: HTMLElement) =>
      element("label", { for: entry.id, class: "diagram-entry" }, element("span", {}, label), entry);
    this.root = element(
      "div",
      { class: "diagram-form" },
      labelled("Start from", this.#preset),
      labelled("Violations of", this.#theorem),
      ...this.#axes.map((axis) => axis.root),
      labelled("The same in every cell", this.#set),
      element(
        "div",
        { class: "diagram-counts" },
        labelled("seeds a cell", this.#seeds),
        labelled("cells", this.#cells),
        labelled("seed", this.#seed),
      ),
    );
    this.root.addEventListener("input", ({ target }) => {
      if (target !== this.#preset) this.#preset.value = "";
      onChange();
    });
    this.show(DIAGRAM_PRESETS[0]!);
  }

  /** Lists the statements about this law. */
  setLaw(lawId: string): void {
    if (lawId === this.#lawId) return;
    this.#lawId = lawId;
    const chosen = this.#theorem.value;
    const statements = [...new Set(claimsOn(lawId).map(({ statement }) => statement))];
    const listed = (kind: string) =>
      statements.filter((each) => each.kind === kind).map(({ id }) => element("option", { value: id }, id));
    this.#theorem.replaceChildren(
      element("optgroup", { label: "Theorems" }, ...listed("theorem")),
      ...(["control", "finding"] as const)
        .filter((kind) => listed(kind).length > 0)
        .map((kind) => element("optgroup", { label: `${kind}s` }, ...listed(kind))),
    );
    const [first] = statements;
    this.#theorem.value = statements.some(({ id }) => id === chosen) ? chosen : first!.id;
  }

  show(diagram: Diagram): void {
    this.setLaw(diagram.lawId);
    const preset = DIAGRAM_PRESETS.findIndex((each) => sameDiagram(each, diagram));
    this.#preset.value = preset < 0 ? "" : String(preset);
    this.#theorem.value = diagram.theorem;
    this.#axes.forEach((axis, i) => {
      axis.show(diagram.vary[i]);
    });
    this.#set.value = settingsText(diagram.set);
    this.#seeds.value = String(diagram.seeds);
    this.#cells.value = String(diagram.cells);
    this.#seed.value = String(diagram.seed);
  }

  /** @throws InvalidInput with what is wrong, in words for the page */
  read(): Diagram {
    return requireDiagram({
      theorem: this.#theorem.value,
      lawId: this.#lawId,
      vary: this.#axes.flatMap((axis) => axis.read() ?? []),
      set: settingsIn(this.#set.value),
      seeds: numberIn("seeds", this.#seeds.value),
      cells: numberIn("cells", this.#cells.value),
      seed: numberIn("seed", this.#seed.value),
    });
  }
}

/** A field to vary, and its ends. */
class VariedEntry {
  readonly root: HTMLElement;
  readonly #field: HTMLSelectElement;
  readonly #ends: HTMLElement;
  readonly #from: HTMLInputElement;
  readonly #to: HTMLInputElement;

  constructor(id: string, direction: string, mayBeNone: boolean) {
    this.#field = element(
      "select",
      { id: `diagram-${id}` },
      ...(mayBeNone ? [element("option", { value: "" }, "nothing: a line")] : []),
      ...VARIED_FIELDS.map((name) =>
        element("option", { value: name }, `${symbolText(name)}, ${fieldOf(name).meaning}`),
      ),
    );
    this.#from = numberEntry(`diagram-${id}-from`, `${direction}, from`);
    this.#to = numberEntry(`diagram-${id}-to`, `${direction}, to`);
    this.#ends = element("span", { class: "diagram-ends" }, this.#from, " to ", this.#to);
    this.#field.addEventListener("change", () => this.#suggestEnds());
    this.root = element(
      "div",
      { class: "diagram-axis" },
      element("label", { for: `diagram-${id}`, class: "diagram-entry" }, element("span", {}, direction), this.#field),
      this.#ends,
    );
  }

  show(varied: Diagram["vary"][number] | undefined): void {
    this.#field.value = varied?.field ?? "";
    this.#from.value = varied === undefined ? "" : String(varied.from);
    this.#to.value = varied === undefined ? "" : String(varied.to);
    this.#ends.hidden = varied === undefined;
  }

  /** @throws InvalidInput */
  read(): Diagram["vary"][number] | undefined {
    const field = this.#field.value;
    if (field === "") return undefined;
    const letter = symbolText(field as keyof Theta);
    const from = numberIn(`${letter}, from`, this.#from.value);
    const to = numberIn(`${letter}, to`, this.#to.value);
    return { field, from, to };
  }

  /** As far as a search goes. */
  #suggestEnds(): void {
    const name = this.#field.value;
    this.#ends.hidden = name === "";
    if (name === "") return;
    const { from, to } = (fieldOf(name as keyof Theta) as NumberField).widest;
    this.#from.value = String(from);
    this.#to.value = String(to);
  }
}

function numberEntry(id: string, label?: string): HTMLInputElement {
  return element("input", {
    id,
    class: "number",
    type: "text",
    inputmode: "decimal",
    autocomplete: "off",
    "aria-label": label,
  });
}

function numberIn(name: string, text: string): number {
  const number = typedNumber(text.trim().replace(",", "."));
  if (number === undefined)
    throw new InvalidInput(`${name} must be a number, got ${JSON.stringify(text.slice(0, 40))}`);
  return number;
}
