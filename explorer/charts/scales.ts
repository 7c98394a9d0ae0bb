/** Maps a value to a position in pixels. */
export type Scale = (value: number) => number;

/** What is smaller in an update of weights is rounding: no chart shows it. */
export const ROUNDING = 1e-12;

export type ScaleKind = "linear" | "log";

export interface Interval {
  readonly from: number;
  readonly to: number;
}

export function scaleOf(kind: ScaleKind, domain: Interval, pixels: Interval): Scale {
  const place = kind === "log" ? Math.log : (value: number) => value;
  const low = place(domain.from);
  const width = place(domain.to) - low || 1;
  return (value) => pixels.from + ((place(value) - low) / width) * (pixels.to - pixels.from);
}

/** The least interval that holds all finite values (positive ones on a logarithmic scale); undefined if none is. */
export function extentOf(values: Iterable<number>, kind: ScaleKind): Interval | undefined {
  let from = Number.POSITIVE_INFINITY;
  let to = Number.NEGATIVE_INFINITY;
  for (const value of values) {
    if (!Number.isFinite(value) || (kind === "log" && value <= 0)) continue;
    from = Math.min(from, value);
    to = Math.max(to, value);
  }
  return from <= to ? { from, to } : undefined;
}

/**
 * The interval of an axis: some room above and below what is drawn, never empty, and on a linear scale never narrower
 * than `leastSpan`. What is nowhere negative gets no room below zero.
 */
export function roomFor(extent: Interval | undefined, kind: ScaleKind, leastSpan = 0): Interval {
  if (extent === undefined) return kind === "log" ? { from: 0.01, to: 1 } : { from: 0, to: 1 };
  const { from, to } = extent;
  if (kind === "log") return { from: from / 1.3, to: Math.max(to, from * 1.01) * 1.3 };
  const span = to > from ? 1.12 * (to - from) : Math.abs(to) * 0.2 || 1;
  const half = Math.max(span, leastSpan) / 2;
  const middle = (from + to) / 2;
  if (from >= 0 && middle - half < 0) return { from: 0, to: Math.max(2 * half, to) };
  return { from: middle - half, to: middle + half };
}

/** Round values inside the domain, at most about `count`: 1, 2 or 5 times a power of ten apart, or powers of ten. */
export function ticksOf(kind: ScaleKind, domain: Interval, count: number): number[] {
  return kind === "log" ? logTicks(domain, count) : linearTicks(domain, count);
}

function linearTicks({ from, to }: Interval, count: number): number[] {
  if (!(to > from)) return [from];
  const rough = (to - from) / Math.max(1, count);
  const magnitude = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((factor) => factor * magnitude).find((each) => each >= rough * 0.999)!;
  const first = Math.ceil(from / step - 1e-9);
  const last = Math.floor(to / step + 1e-9);
  return Array.from({ length: Math.max(0, last - first + 1) }, (_, i) => Number(((first + i) * step).toPrecision(12)));
}

function logTicks({ from, to }: Interval, count: number): number[] {
  const first = Math.ceil(Math.log10(from) - 1e-9);
  const last = Math.floor(Math.log10(to) + 1e-9);
  const apart = Math.max(1, Math.ceil((last - first + 1) / Math.max(1, count)));
  const decades: number[] = [];
  for (let exponent = first; exponent <= last; exponent += apart) decades.push(Number(`1e${exponent}`));
  if (decades.length > 2) return decades;
  const finer = [first - 1, ...decades.map((_, i) => first + i)].flatMap((exponent) =>
    [1, 2, 5].map((times) => Number(`${times}e${exponent}`)).filter((tick) => tick >= from && tick <= to),
  );
  if (decades.length > 1 && finer.length > count) return decades;
  return finer.length > 2 && finer.length <= count + 1
    ? finer
    : decades.length > 1
      ? decades
      : linearTicks({ from, to }, count);
}

/** A tick's text: 0.05, 1e−5, 20000. */
export function tickText(tick: number): string {
  const size = Math.abs(tick);
  const text = size !== 0 && (size < 1e-3 || size >= 1e6) ? tick.toExponential() : String(tick);
  return text.replace("e+", "e").replaceAll("-", "−");
}

/** A tick of fractions, in percent: 33.5 %. */
export function percentTick(tick: number): string {
  return `${tickText(Number((100 * tick).toPrecision(12)))} %`;
}

/** The path of a line through the points that are finite (and positive on a logarithmic scale); others leave gaps. */
export function linePath(
  x: readonly number[],
  y: readonly number[],
  { xScale, yScale, yKind }: { readonly xScale: Scale; readonly yScale: Scale; readonly yKind: ScaleKind },
): string {
  let path = "";
  let drawing = false;
  y.forEach((value, i) => {
    const visible = Number.isFinite(value) && (yKind === "linear" || value > 0);
    if (visible) path += `${drawing ? "L" : "M"}${round(xScale(x[i]!))},${round(yScale(value))}`;
    drawing = visible;
  });
  return path;
}

function round(pixels: number): number {
  return Math.round(pixels * 10) / 10;
}
