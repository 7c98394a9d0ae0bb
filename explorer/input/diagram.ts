import type { JudgedClaim } from "../../src/claim/population.ts";
import type { Setting, Varied } from "../../src/explore/boundary.ts";
import { requireSensible } from "../../src/explore/boundary-cells.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { typedNumber } from "../../src/json-number.ts";
import { requireSeed } from "../../src/random/stream.ts";
import type { Theta } from "../../src/transformer/theta.ts";
import { GATE_SEED } from "../../src/verdict/judge.ts";
import { reportBoundaries } from "../../theorems/boundaries.ts";
import { claimsOn } from "./comparison-laws.ts";
import { FIELD_NAMES, fieldOf, symbolText } from "./fields.ts";

/** A phase diagram as it is asked for: a boundary of one statement over a law. */
export interface Diagram {
  readonly theorem: string;
  readonly lawId: string;
  readonly vary: readonly Varied[];
  readonly set: readonly Setting[];
  readonly seeds: number;
  readonly cells: number;
  readonly seed: number;
}

/** A diagram to start from. */
export interface DiagramPreset extends Diagram {
  readonly title: string;
}

/** Numbers that can be varied. */
export const VARIED_FIELDS: readonly (keyof Theta)[] = FIELD_NAMES.filter((name) => fieldOf(name).kind !== "choice");

/** So many models of the page at most: minutes, where a terminal would take days. */
const MOST_MODELS = 20_000;

/** The cheapest models of the base law, which end soon: so that a diagram is there in seconds. */
const CHEAP: readonly Setting[] = [
  { field: "m", value: 50 },
  { field: "B", value: 32 },
  { field: "Tmax", value: 400 },
];

const BASE = { lawId: "base", seed: GATE_SEED };

/** Diagrams that show where a theorem ends: two that are there in seconds, and those of the report. */
export const DIAGRAM_PRESETS: readonly DiagramPreset[] = [
  {
    ...BASE,
    title: "low-rank-update over δ, in seconds",
    theorem: "low-rank-update",
    vary: [{ field: "delta", from: 0.01, to: 5 }],
    set: [...CHEAP, { field: "N", value: 128 }],
    seeds: 8,
    cells: 14,
  },
  {
    ...BASE,
    title: "learnability over (α*, N), in seconds",
    theorem: "learnability",
    vary: [
      { field: "alphaStar", from: 0.05, to: 0.6 },
      { field: "N", from: 8, to: 256 },
    ],
    set: [
      { field: "m", value: 50 },
      { field: "B", value: 8 },
      { field: "Tmax", value: 1000 },
    ],
    seeds: 8,
    cells: 64,
  },
  ...reportBoundaries.map(({ id: _, theorem, vary, set, seeds, cells }) => ({
    ...BASE,
    title: `${theorem} over ${vary.length === 1 ? letters(vary) : `(${letters(vary)})`}, as in the report`,
    ...{ theorem, vary, set, seeds, cells },
  })),
];

function letters(vary: readonly Varied[]): string {
  return vary.map(({ field }) => symbolText(field as keyof Theta)).join(", ");
}

/** The claims that a diagram is about. @throws InvalidInput where the law has no such statement */
export function claimsOf({ theorem, lawId }: Pick<Diagram, "theorem" | "lawId">): readonly JudgedClaim[] {
  const claims = claimsOn(lawId).filter(({ statement }) => statement.id === theorem);
  if (claims.length === 0) throw new InvalidInput(`no statement ${shown(theorem)} is about the law ${lawId}`);
  return claims;
}

/** @throws InvalidInput where it cannot be measured here, in words for the page */
export function requireDiagram(diagram: Diagram): Diagram {
  const { vary, set, seeds, cells, seed } = diagram;
  for (const [name, value] of Object.entries({ seeds, cells })) {
    if (!Number.isInteger(value)) throw new InvalidInput(`${name} must be a whole number, got ${value}`);
  }
  requireSeed("diagram", seed);
  try {
    requireSensible({ vary, set, seeds, cells, claims: claimsOf(diagram) });
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    throw new InvalidInput(error.message.replace(/^boundary requires/, "a diagram takes"), { cause: error });
  }
  if (seeds * cells > MOST_MODELS) {
    throw new InvalidInput(`the page trains at most ${MOST_MODELS} models for a diagram, got ${seeds * cells}`);
  }
  return diagram;
}

export function sameDiagram(one: Diagram, other: Diagram | undefined): boolean {
  return other !== undefined && diagramCommand(one) === diagramCommand(other);
}

/** "delta=0.01..5, N=8..256", as the command takes them */
export function varyText(vary: readonly Varied[]): string {
  return vary.map(({ field, from, to }) => `${field}=${from}..${to}`).join(", ");
}

/** "m=50, labels=drawn", as the command takes them */
export function settingsText(set: readonly Setting[]): string {
  return set.map(({ field, value }) => `${field}=${value}`).join(", ");
}

/** @throws InvalidInput */
export function variedIn(text: string): Varied[] {
  return partsOf(text).map((part) => {
    const [, name, from, to] = /^(\w+)=(.+)\.\.(.+)$/.exec(part) ?? [];
    const field = VARIED_FIELDS.find((each) => each === name);
    const [low, high] = [typedNumber(from ?? ""), typedNumber(to ?? "")];
    if (field === undefined || low === undefined || high === undefined) {
      throw new InvalidInput(`a varied field must be written as in delta=0.01..3, got ${shown(part)}`);
    }
    return { field, from: low, to: high };
  });
}

/** @throws InvalidInput */
export function settingsIn(text: string): Setting[] {
  return partsOf(text).map((part) => {
    const [, name, value = ""] = /^(\w+)=(.+)$/.exec(part) ?? [];
    const field = FIELD_NAMES.find((each) => each === name);
    if (field === undefined) {
      throw new InvalidInput(`what is the same in every cell must be written as in m=50, Tmax=400, got ${shown(part)}`);
    }
    const table = fieldOf(field);
    if (table.kind === "choice") {
      if (table.values.includes(value)) return { field, value };
      throw new InvalidInput(`${field} must be one of ${table.values.join(", ")}, got ${shown(value)}`);
    }
    const number = typedNumber(value);
    if (number === undefined) throw new InvalidInput(`${field} must be a number, got ${shown(value)}`);
    return { field, value: number };
  });
}

function partsOf(text: string): string[] {
  return text
    .split(",")
    .map((part) => part.replaceAll(/\s/g, ""))
    .filter((part) => part !== "");
}

/** The command that measures the same cells in a terminal. */
export function diagramCommand({ theorem, lawId, vary, set, seeds, cells, seed }: Diagram): string {
  return [
    `npx theorycheck boundary ${theorem} --law ${lawId}`,
    ...vary.map((each) => `--vary ${varyText([each])}`),
    ...set.map((each) => `--set ${settingsText([each])}`),
    `--seeds ${seeds} --cells ${cells} --seed ${seed}`,
  ].join(" ");
}

/** What was got, cut to a length that fits a message. */
export function shown(text: string): string {
  return JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);
}
