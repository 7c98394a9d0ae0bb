export { formulaHtml } from "../../claim/formula.ts";

/** Text for HTML. */
export function escapeHtml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}

/** Words with symbols in them, as claims have: ΔW_Q, m^(−1/2) and T_max get their subscripts and superscripts. */
export function symbolsHtml(text: string): string {
  return escapeHtml(text)
    .replaceAll("&lt;=", "≤")
    .replaceAll("&gt;=", "≥")
    .replace(
      /(?<=[\p{L}‖])_(?:\{([^{}]*)\}|(max|[A-Za-z]))/gu,
      (_, braced?: string, single?: string) => `<sub>${braced ?? single}</sub>`,
    )
    .replace(/\^\(([^()]*)\)/g, "<sup>$1</sup>")
    .replace(/(?<=\p{L})'(?=\p{L}|\s)/gu, "’");
}

/** Fields of θ as hypotheses name them, by their symbols: "tau ∈ [0, 0.25]" is τ ∈ [0, 0.25]. */
export function fieldsHtml(text: string): string {
  const symbolOf = (word: string) => (Object.hasOwn(FIELD_SYMBOLS, word) ? (FIELD_SYMBOLS[word] as string) : word);
  return symbolsHtml(text.replace(/\b[A-Za-z]+\b/g, symbolOf));
}

const FIELD_SYMBOLS: Readonly<Record<string, string>> = {
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
};
