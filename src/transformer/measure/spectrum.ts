import { energyOf, tailEnergyOf } from "./singular-values.ts";

/** What singular values say of rank; they are given in descending order. */

/** ‖W − [W]_rank‖_F: the Frobenius norm beyond the first `rank` singular values. */
export function tailNormOf(sigmas: readonly number[], rank: number): number {
  return Math.sqrt(energyOf(sigmas.slice(rank)));
}

/** The least rank whose best approximation holds this share of the energy; NaN where there is none. */
export function rankHolding(sigmas: readonly number[], share: number): number {
  for (let rank = 0; rank <= sigmas.length; rank++) if (tailEnergyOf(sigmas, rank) <= 1 - share) return rank;
  return Number.NaN;
}
