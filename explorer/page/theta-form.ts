import { brokenHypotheses, type Law, rangeOf } from "../../src/law/law.ts";
import { shortNumber } from "../../src/report/encode.ts";
import type { NumericField, Theta } from "../../src/transformer/theta.ts";
import { allowedInterval, type Draft, type Examined, tiedTo } from "../input/draft.ts";
import { CHOICE_LABELS, FIELD_GROUPS, FIELD_NAMES, fieldOf, symbolOf, symbolText } from "../input/fields.ts";
import { POSITIONS, type Slider, sliderOf, sliderValue, stepped, unitOf } from "../input/slider-scale.ts";
import { button, element, setAttributes, setText, symbol } from "./element.ts";

type Change = (field: keyof Theta, value: Theta[keyof Theta]) => void;

/** θ as sliders and number fields, each with the law's range marked on it. */
export class ThetaForm {
  readonly root: HTMLElement;
  readonly #rows: ReadonlyMap<keyof Theta, Row>;
  readonly #groups: readonly { readonly root: HTMLDetailsElement; readonly names: readonly (keyof Theta)[] }[];

  constructor(onChange: Change) {
    const rows = new Map(FIELD_NAMES.map((name) => [name, new Row(name, onChange)]));
    const isNarrow = matchMedia("(max-width: 760px)").matches;
    this.#rows = rows;
    this.#groups = FIELD_GROUPS.map(({ title, names }, i) => ({
      names,
      root: element(
        "details",
        { class: "group", open: !isNarrow || i < GROUPS_OPEN_WHERE_NARROW },
        element("summary", {}, title),
        ...names.map((name) => rows.get(name)!.root),
      ),
    }));
    this.root = element("div", { class: "theta-form" }, ...this.#groups.map(({ root }) => root));
  }

  update(law: Law, draft: Draft, { theta, problems }: Examined): void {
    const broken = new Map<string, string>(
      (theta === undefined ? [] : brokenHypotheses(law, theta)).map(({ name, why }) => [name, why]),
    );
    for (const [name, row] of this.#rows) {
      row.update(law, draft, { problem: problems.get(name), brokenWhy: broken.get(fieldOf(name).hypothesis) });
    }
    // what is wrong must not hide in a closed group
    for (const { root, names } of this.#groups) if (names.some((name) => problems.has(name))) root.open = true;
  }
}

/** Data and initial scales: what a person moves first. */
const GROUPS_OPEN_WHERE_NARROW = 2;

interface RowState {
  readonly problem: string | undefined;
  readonly brokenWhy: string | undefined;
}

class Row {
  readonly root: HTMLElement;
  readonly #name: keyof Theta;
  readonly #scale: Slider | undefined;
  readonly #entry: HTMLInputElement | HTMLSelectElement;
  readonly #slider: HTMLInputElement | undefined;
  readonly #band: HTMLElement;
  readonly #note: HTMLElement;
  readonly #hypothesis: HTMLElement;
  readonly #tie: HTMLButtonElement;
  #tiedValue = 0;
  #value = Number.NaN;

  constructor(name: keyof Theta, onChange: Change) {
    this.#name = name;
    const field = fieldOf(name);
    const { meaning, hypothesis } = field;
    const { letter, subscript } = symbolOf(name);
    const id = `theta-${name}`;
    this.#band = element("span", { class: "band" });
    this.#note = element("span", { class: "note", id: `${id}-note` });
    this.#hypothesis = element("span", { class: "hypothesis-name" }, hypothesis);
    this.#tie = button("", () => onChange(name, this.#tiedValue), { class: "tie", hidden: true });

    const label = element("label", { for: id, class: "field-label" }, symbol(letter, subscript));
    if (field.kind === "choice") {
      const select = element(
        "select",
        { id, "aria-describedby": `${id}-note`, "aria-label": `${symbolText(name)}, ${meaning}` },
        ...field.values.map((value) => element("option", { value }, CHOICE_LABELS[value] ?? value)),
      );
      select.addEventListener("change", () => onChange(name, select.value as Theta[keyof Theta]));
      this.#entry = select;
      this.#scale = undefined;
      this.#slider = undefined;
    } else {
      const entry = element("input", {
        id,
        class: "number",
        type: "text",
        inputmode: "decimal",
        autocomplete: "off",
        spellcheck: "false",
        "aria-describedby": `${id}-note`,
      });
      entry.addEventListener("input", () => onChange(name, numberIn(entry.value)));
      this.#entry = entry;
      this.#scale = sliderOf(field);
      this.#slider = sliderFor(name, this.#scale, () => this.#value, onChange);
    }
    this.root = element(
      "div",
      { class: `field ${this.#slider === undefined ? "choice" : ""}`, "data-field": name },
      label,
      ...(this.#slider === undefined ? [] : [element("span", { class: "track" }, this.#band, this.#slider)]),
      this.#entry,
      element(
        "span",
        { class: "field-line" },
        element("span", { class: "meaning" }, meaning),
        this.#tie,
        this.#hypothesis,
        this.#note,
      ),
    );
  }

  update(law: Law, draft: Draft, { problem, brokenWhy }: RowState): void {
    const name = this.#name;
    const scale = this.#scale;
    const value = draft[name];
    const isTyping = document.activeElement === this.#entry;
    const text = typeof value === "number" ? String(value) : value;
    if (!(isTyping && this.#entry.tagName === "INPUT") && !Number.isNaN(value)) this.#entry.value = text;
    else if (isTyping && numberIn(this.#entry.value) !== value && !Number.isNaN(value)) this.#entry.value = text;

    const interval = allowedInterval(law, name, draft);
    if (this.#slider !== undefined && scale !== undefined && typeof value === "number") {
      this.#value = value;
      if (!Number.isNaN(value)) this.#slider.value = String(unitOf(scale, value) * POSITIONS);
      setAttributes(this.#slider, {
        "aria-valuetext": `${text}${brokenWhy === undefined ? "" : `, outside the law: ${brokenWhy}`}`,
      });
      if (interval !== undefined && interval.from <= interval.to) {
        this.#band.hidden = false;
        this.#band.style.setProperty("--from", String(unitOf(scale, interval.from)));
        this.#band.style.setProperty("--to", String(unitOf(scale, interval.to)));
        this.#band.classList.toggle("point", interval.from === interval.to);
      } else this.#band.hidden = true;
    }

    const tied = tiedTo(law, name);
    const untied = tied !== undefined && draft[tied] !== value;
    this.#tie.hidden = !untied;
    if (tied !== undefined) {
      this.#tiedValue = draft[tied];
      setText(this.#tie, `= ${symbolText(tied)}`);
      setAttributes(this.#tie, { "aria-label": `Set ${symbolText(name)} to ${symbolText(tied)}, as the law has it` });
    }
    this.root.classList.toggle("invalid", problem !== undefined);
    this.root.classList.toggle("broken", brokenWhy !== undefined);
    setAttributes(this.#entry, { "aria-invalid": problem === undefined ? undefined : "true", title: text });
    this.#hypothesis.hidden = brokenWhy === undefined;
    setText(this.#note, problem ?? allowedText(law, name, interval));
  }
}

function sliderFor(name: keyof Theta, scale: Slider, value: () => number, onChange: Change) {
  const slider = element("input", {
    type: "range",
    min: 0,
    max: POSITIONS,
    step: "any",
    "aria-label": `${symbolText(name)}, ${fieldOf(name).meaning}`,
  });
  slider.addEventListener("input", () => onChange(name, sliderValue(scale, Number(slider.value) / POSITIONS)));
  slider.addEventListener("keydown", (event) => {
    const steps = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1, PageDown: -10, PageUp: 10 }[event.key];
    if (steps === undefined || Number.isNaN(value())) return;
    event.preventDefault();
    onChange(name, stepped(scale, value(), steps));
  });
  return slider;
}

/** What a number field holds; NaN where that is no number. */
function numberIn(text: string): number {
  const trimmed = text.trim().replace(",", ".").replace("−", "-");
  return trimmed === "" ? Number.NaN : Number(trimmed);
}

function allowedText(law: Law, name: keyof Theta, interval: { from: number; to: number } | undefined): string {
  const range = rangeOf(law, name);
  if (range.kind === "equals") return `law: = ${symbolText(range.field as NumericField)}`;
  if (range.kind === "constant") return `law: ${range.value}`;
  if (interval === undefined || Number.isNaN(interval.from + interval.to)) return "";
  if (interval.from > interval.to) return "law: no value";
  return `law: ${shortNumber(interval.from)} – ${shortNumber(interval.to)}`;
}
