import katex from "katex";

/** A formula in TeX as MathML, which needs neither fonts nor scripts; parts that \qquad separates may stand on lines of their own. */
export function formulaHtml(tex: string, strict: "ignore" | "error" = "ignore"): string {
  return tex
    .split("\\qquad")
    .map((part) =>
      katex.renderToString(part.trim(), { output: "mathml", displayMode: true, throwOnError: true, strict }),
    )
    .join("\n");
}

/** Undefined where the formula is TeX that reports can set, otherwise why not. What LaTeX itself would refuse is refused. */
export function whyNoFormula(tex: string): string | undefined {
  try {
    formulaHtml(tex, "error");
    return undefined;
  } catch (error) {
    if (!(error instanceof katex.ParseError)) throw error;
    // KaTeX underlines the place by a combining character after each letter
    return error.message.replace(/^KaTeX parse error: /, "").replaceAll("\u0332", "");
  }
}
