import { readStored } from "./counterexamples.ts";
import type { Fingerprint } from "./fingerprint.ts";
import type { DecisiveModels } from "./presets.ts";

declare global {
  /** Put here by explorer/vite.config.ts. */
  const EXPLORER_FINGERPRINT: Fingerprint;
  const EXPLORER_DECISIVE: DecisiveModels;
  /** MathML, by the statement's id. */
  const EXPLORER_FORMULAS: Readonly<Record<string, string>>;
}

/** What was built into the page: only a build by Vite has it. */
export const fingerprint: Fingerprint = EXPLORER_FINGERPRINT;

/** The controls' models that violate most, as `verify` last found them. */
export const decisive: DecisiveModels = EXPLORER_DECISIVE;

/** The statements' formulas as MathML: set by KaTeX when the page is built, from the declarations alone. */
export const formulas: Readonly<Record<string, string>> = EXPLORER_FORMULAS;

/** The counterexamples that the project stores. */
export const stored = readStored(
  import.meta.glob<string>("../../reports/counterexamples/*.json", { query: "?raw", import: "default", eager: true }),
  fingerprint,
);
