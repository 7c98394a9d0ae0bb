/** Axes that several figures share. */

/** Powers of ten as 10⁻³, and 1 as 1. */
const POWER_LABEL =
  "datum.value == 1 ? '1' : '10' + {'-12':'⁻¹²','-11':'⁻¹¹','-10':'⁻¹⁰','-9':'⁻⁹','-8':'⁻⁸','-7':'⁻⁷','-6':'⁻⁶'," +
  "'-5':'⁻⁵','-4':'⁻⁴','-3':'⁻³','-2':'⁻²','-1':'⁻¹','1':'','2':'²','3':'³','4':'⁴','5':'⁵','6':'⁶'}" +
  "['' + round(log(datum.value) / LN10)]";

/** A logarithmic axis with a tick at each power of ten, or each `every`-th, between the exponents. */
export function powerAxis(title: string | null, from: number, to: number, every = 1) {
  const values = Array.from({ length: Math.floor((to - from) / every) + 1 }, (_, i) => `1e${from + i * every}`).map(
    Number,
  );
  return { title, values, labelExpr: POWER_LABEL };
}

/** A logarithmic scale between two powers of ten; what lies outside is drawn at the end. */
export function powerScale(from: number, to: number) {
  return { type: "log", domain: [Number(`1e${from}`), Number(`1e${to}`)], clamp: true, nice: false };
}
