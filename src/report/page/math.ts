import { formulaHtml as mathml } from "../../claim/formula.ts";
import { escapeHtml, type Html, html, trusted } from "./html.ts";

/** A formula as MathML; as TeX where KaTeX cannot set it, as may be in results of other versions. */
export function formulaHtml(tex: string): Html {
  try {
    return trusted(mathml(tex));
  } catch {
    return html`<pre><code>${tex}</code></pre>`;
  }
}

/** Words with symbols in them, as claims have: ΔW_Q, m^(−1/2) and T_max get their subscripts and superscripts. */
export function symbolsHtml(text: string): Html {
  return trusted(
    escapeHtml(text.replace(/(?<=\p{L})'(?=\p{L}|\s)/gu, "’"))
      .replaceAll("&lt;=", "≤")
      .replaceAll("&gt;=", "≥")
      .replace(
        /(?<=[\p{L}‖])_(?:\{([^{}]*)\}|(max|[A-Za-z]))/gu,
        (_, braced?: string, single?: string) => `<sub>${braced ?? single}</sub>`,
      )
      .replace(/\^\(([^()]*)\)/g, "<sup>$1</sup>"),
  );
}

/** Fields of θ as hypotheses name them, by their symbols: "tau ∈ [0, 0.25]" is τ ∈ [0, 0.25]. */
export function fieldsHtml(text: string): Html {
  return symbolsHtml(text.replace(/\b[A-Za-z]+\b/g, (word) => FIELD_SYMBOLS.get(word) ?? word));
}

const FIELD_SYMBOLS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    alphaStar: "α*",
    alphaSharp: "α#",
    tau: "τ",
    delta: "δ",
    sigma: "σ",
    xi: "ξ",
    eta: "η",
    ma: "m_a",
    mb: "m_b",
    Tmax: "T_max",
    testSamples: "test samples",
  }),
);
