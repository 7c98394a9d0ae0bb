import exp from "@stdlib/math-base-special-exp";
import { atLeast, atMost, type Claim, type Observe } from "./claim.ts";

/** A median exponent may lie this far from the claimed one. */
export const HALF_WIDTH = 0.15;

/**
 * y ∝ x^κ, by doubling x: the factor on y is 2^κ, up to a factor of 2^±halfWidth. For theorems on laws that double x:
 * each side is an event of its own, and at p₀ = ½ about the median.
 */
export function exponent<R>(
  y: string,
  x: string,
  kappa: number,
  measure: (run: R) => number,
  halfWidth = HALF_WIDTH,
): readonly [Claim<R>, Claim<R>] {
  return [
    atMost(`factor on ${y} where ${x} doubles, upper side`, powerOfTwo(kappa + halfWidth), factorOn(measure)),
    atLeast(`factor on ${y} where ${x} doubles, lower side`, powerOfTwo(kappa - halfWidth), factorOn(measure)),
  ];
}

/** How many times as large it is where the field is doubled. */
export function factorOn<R>(measure: (run: R) => number): Observe<R> {
  return (run, doubled) => measure(doubled) / measure(run);
}

export function powerOfTwo(exponent: number): number {
  return exp(exponent * Math.LN2);
}
