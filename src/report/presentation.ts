import { z } from "zod";
import type { SourceList } from "../claim/source.ts";
import type { Parameters, Theta } from "../law/parameters.ts";
import type { PopulationResult } from "../verdict/judge.ts";
import type { Figure } from "./figures/draw.ts";
import type { QueryColumns } from "./query.ts";

/** What an experiment brings to its reports: the words at their top, figures of what is measured beyond the claims. */
export interface Presentation<Data = unknown> {
  /** Of θ: the published form of a counterexample file states them. Undefined where only results are at hand. */
  readonly parameters?: Parameters;
  readonly heading: Heading;
  /** Of the sources that provenance names: what a sentence says of them. */
  readonly sources: Sources;
  /** The form of what its figures are drawn from, as results.json keeps it. */
  readonly schema: z.ZodType<Data>;
  /** Takes from the models of a run what figures are drawn from; undefined where there is nothing to draw. */
  readonly dataOf: (populations: readonly PopulationResult[]) => Data | undefined;
  /** The form of performance.json, and what figures show of it. */
  readonly performance?: TimedCosts;
  readonly figures: readonly Figure[];
  /** By theorem id, the ids of its figures. One that serves two theorems stands with the first. */
  readonly figuresOf: Readonly<Record<string, readonly string[]>>;
  /** What is trained and what the letters mean, a line each, for the first page. */
  readonly model?: readonly string[];
  /** Fields of θ against which the theorems' margins are drawn. */
  readonly marginFields?: readonly string[];
  /** The address that shows a model to play with, where there is one. */
  readonly explorerLink?: (law: string, theta: Theta, seed: number) => string | undefined;
  /** Heads of the columns that laws have, by id; the id itself unless given. */
  readonly lawNames?: Readonly<Record<string, string>>;
  /** By theorem id, the ids of the findings that qualify it: they stand with it. */
  readonly findingsOf?: Readonly<Record<string, readonly string[]>>;
  /** Columns of the table of models that `query` reads; those of the first model unless given. */
  readonly columns?: QueryColumns;
}

interface Heading {
  /** Above the title, HTML. */
  readonly kicker: string;
  readonly title: string;
  readonly question: string;
}

interface Sources {
  /** A sentence about the abstract's item with this number. */
  readonly abstract: (item: number) => string;
  readonly companion: string;
  /** Every statement of theirs, also those that nothing formalises. */
  readonly list?: SourceList;
}

interface TimedCosts {
  readonly schema: z.ZodType;
  readonly costSchema: z.ZodType;
  readonly costOf: (performance: unknown) => unknown;
}

/** The reports of an experiment that brings nothing: verdicts, margins and evidence. */
export function plain(parameters?: Parameters): Presentation {
  return {
    ...(parameters === undefined ? {} : { parameters }),
    heading: {
      kicker: "theorycheck",
      title: "Theorems, checked",
      question: "Do the theorems hold for models drawn from their laws, and within which tolerances?",
    },
    sources: {
      abstract: (item) => `The source’s abstract says it, in item ${item}.`,
      companion: "A companion of the source says it.",
    },
    schema: z.unknown(),
    dataOf: () => undefined,
    figures: [],
    figuresOf: {},
  };
}
