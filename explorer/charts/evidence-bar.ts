import type { Verdict } from "../../src/evidence/evidence.ts";
import { element, setText } from "../page/element.ts";
import type { Thresholds } from "../worker/many-seeds.ts";

/** A verdict over many models: what it is, or how far the evidence has come. */
export class EvidenceBar {
  /** Chip, bar and words, for a line of their own or within another. */
  readonly parts: readonly HTMLElement[];
  readonly #chip = element("span", { class: "chip" });
  readonly #bar = element("span", { class: "evidence" }, element("span", { class: "evidence-fill" }));
  readonly #text = element("span", { class: "many-text" });

  constructor() {
    this.parts = [this.#chip, this.#bar, this.#text];
  }

  /** @param what is violated: "it", or "the theorem" */
  update(verdict: Verdict, { refute, certify }: Thresholds, what: string): void {
    const { kind, n, violations, later, logCertify, logRefute } = verdict;
    const settled = kind !== "inconclusive" || verdict.because === "cap";
    const refuting = logRefute / refute > logCertify / certify;
    const share = Math.max(0, refuting ? logRefute / refute : logCertify / certify);
    this.#chip.dataset.state = { certified: "holds", refuted: "violated", inconclusive: "open" }[kind];
    setText(this.#chip, settled ? kind : "undecided");
    this.#bar.dataset.side = refuting ? "refute" : "certify";
    this.#bar.style.setProperty("--share", String(Math.min(1, share)));
    const counted = `${violations + later.violations} of ${n + later.n} violate ${what}`;
    const after = later.n === 0 ? "" : ` · decided after ${n}`;
    const progress = ` · ${Math.round(100 * share)} % of what ${refuting ? "refutes" : "certifies"} it`;
    setText(this.#text, counted + (settled ? after : progress));
  }
}
