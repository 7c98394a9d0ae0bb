import { shortNumber } from "../../src/report/encode.ts";
import { UPDATED_MATRICES, type UpdatedMatrix } from "../../src/transformer/notation.ts";
import { element, setText, symbol } from "../page/element.ts";
import type { Frame } from "../worker/frame.ts";
import type { Snapshot } from "../worker/session.ts";
import { BarStrip } from "./bar-strip.ts";
import { legend, panel } from "./panel.ts";
import { ROUNDING } from "./scales.ts";

const MATRIX_LETTER: Record<UpdatedMatrix, string> = { WQ: "Q", WK: "K", WV: "V" };

/** How strongly each update acts on each pattern: bars of the relevant ones beside those of the irrelevant ones. */
export class Directions {
  readonly root: HTMLElement;
  readonly #charts: Record<UpdatedMatrix, { readonly strip: BarStrip; readonly text: HTMLElement }>;

  constructor() {
    const chart = (name: UpdatedMatrix) => ({
      strip: new BarStrip({
        title: `Strength of the update of W_${MATRIX_LETTER[name]} on each pattern`,
        height: 120,
        yKind: "linear",
      }),
      text: element("p", { class: "tail" }),
    });
    this.#charts = { WQ: chart("WQ"), WK: chart("WK"), WV: chart("WV") };
    this.root = panel(
      "Directions of each update",
      "‖ΔW μⱼ‖, how far the update moves each pattern μⱼ. The relevant patterns should stand out.",
      legend(["bar-own", "label-relevant patterns"], ["bar-irrelevant", "irrelevant ones"]),
      element(
        "div",
        { class: "three" },
        ...UPDATED_MATRICES.map((name) =>
          element(
            "figure",
            {},
            element("figcaption", {}, "‖Δ", symbol("W", MATRIX_LETTER[name]), " μⱼ‖"),
            this.#charts[name].strip.root,
            this.#charts[name].text,
          ),
        ),
      ),
    );
    this.root.classList.add("wide");
  }

  update({ theta, frames, frame: last }: Snapshot, frame: Frame): void {
    for (const name of UPDATED_MATRICES) {
      const { strip, text } = this.#charts[name];
      const strengths = frame.strengths[name];
      const said = describe(strengths, theta.r);
      // one scale for the whole training, so that bars grow as one looks along it
      const all = [...frames, last].flatMap((each) => each.strengths[name]).filter(Number.isFinite);
      strip.update({
        bars: strengths.map((value, j) => ({ value, className: j < theta.r ? "bar-own" : "bar-irrelevant" })),
        y: { from: 0, to: Math.max(...all) > ROUNDING ? Math.max(...all) : 1 },
        summary: `After step ${frame.step}: ${said}.`,
      });
      setText(text, said);
    }
  }
}

function describe(strengths: readonly number[], r: number): string {
  const least = Math.min(...strengths.slice(0, r));
  const most = Math.max(...strengths.slice(r));
  if (!strengths.every(Number.isFinite)) return "not finite";
  if (Math.max(...strengths) < ROUNDING) return "no update yet";
  const relevant = `relevant at least ${shortNumber(least)}`;
  return strengths.length === r ? relevant : `${relevant}, irrelevant at most ${shortNumber(most)}`;
}
