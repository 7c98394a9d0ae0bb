/**
 * A share for people, with two digits of it or of what it leaves, whichever is less: "0.84 %", "98.1 %", "99.94 %".
 *
 * @param towards which way what is left out goes: a limit is not to look better than it is
 */
export function percent(share: number, towards: "nearest" | "up" | "down" = "nearest"): string {
  const least = 100 * Math.min(share, 1 - share);
  let decimals = 0;
  while (least > 0 && least * 10 ** decimals < 10 && decimals < 12) decimals++;
  const scale = 10 ** decimals;
  const round = { nearest: Math.round, up: Math.ceil, down: Math.floor }[towards];
  // what a power of ten cannot hold exactly is no reason to go on to the next digit
  const exact = Number((100 * share * scale).toPrecision(12));
  return `${Number((round(exact) / scale).toPrecision(12))} %`;
}
