import { requireAffordable } from "../../src/experiment/affordable.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import { typedNumber } from "../../src/json-number.ts";
import { requireSeed } from "../../src/random/stream.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import { LINK_VERSION, linkFragment } from "../../src/transformer/link.ts";
import { parseTheta, type Theta } from "../../src/transformer/theta.ts";
import { PRUNING_ORDERS, type PruningChoice } from "../charts/pruning.ts";
import { comparisonLaws } from "./comparison-laws.ts";
import { type Diagram, requireDiagram, settingsIn, settingsText, shown, variedIn, varyText } from "./diagram.ts";
import { FIELD_NAMES, fieldOf } from "./fields.ts";

/** Everything that a link hands on. */
export interface Shared {
  readonly theta: Theta;
  readonly seed: number;
  /** the law whose ranges and claims are shown */
  readonly lawId: string;
  readonly pruning: PruningChoice;
  /** the step at which the model stood; the page trains up to it */
  readonly at?: number | undefined;
  /** what the sender's page had trained at that step: the receiver's compares */
  readonly digest?: string | undefined;
  /** a phase diagram that was measured beside it; the page measures it again */
  readonly diagram?: Diagram | undefined;
}

/** Longer links are refused unread; a full one has some 500 characters. */
export const LONGEST_LINK = 4096;

const DIGEST = /^(?:[0-9a-f]{64}|diverged@\d{1,7})$/;

/** The fragment of the URL, without the #. Numbers are written so that reading them gives the same bits. */
export function encodeLink({ theta, seed, lawId, pruning, at, digest, diagram }: Shared): string {
  const further: [string, string][] = diagram === undefined ? [] : diagramFields(diagram);
  if (at !== undefined) further.push(["at", String(at)]);
  if (digest !== undefined) further.push(["digest", digest]);
  return linkFragment({ theta, seed, lawId, pruning }, further);
}

/**
 * Reads a fragment.
 *
 * @throws InvalidInput that says what is wrong with it; nothing of such a link is used
 */
export function decodeLink(fragment: string): Shared {
  const text = fragment.replace(/^#/, "");
  if (text.length > LONGEST_LINK) {
    throw new InvalidInput(`it is ${text.length} characters long, and at most ${LONGEST_LINK} are read`);
  }
  const fields = fieldsOf(text);
  const take = (name: string): string | undefined => {
    const value = fields.get(name);
    fields.delete(name);
    return value;
  };
  const require = (name: string): string => {
    const value = take(name);
    if (value === undefined) throw new InvalidInput(`${name} is missing: it may have been cut off`);
    return value;
  };
  const number = (name: string): number => {
    const value = require(name);
    const number = typedNumber(value);
    if (number === undefined) throw new InvalidInput(`${name} must be a number, got ${shown(value)}`);
    return number;
  };

  const version = require("v");
  if (version !== LINK_VERSION) {
    throw new InvalidInput(`v must be ${LINK_VERSION}, the version that this page reads, got ${shown(version)}`);
  }
  const lawId = require("law");
  if (!comparisonLaws.some(({ id }) => id === lawId)) {
    throw new InvalidInput(`law must be one of ${comparisonLaws.map(({ id }) => id).join(", ")}, got ${shown(lawId)}`);
  }
  const seed = requireSeed("link", number("seed"));
  const theta = parseTheta(
    Object.fromEntries(
      FIELD_NAMES.filter((field) => fields.has(field) || fieldOf(field).absent === undefined).map((field) => [
        field,
        fieldOf(field).kind === "choice" ? require(field) : number(field),
      ]),
    ),
  );
  requireAffordable(transformer, theta, "the model");
  const order = PRUNING_ORDERS.find((each) => each === fields.get("prune"));
  if (order === undefined) {
    throw new InvalidInput(`prune must be one of ${PRUNING_ORDERS.join(", ")}, got ${shown(require("prune"))}`);
  }
  fields.delete("prune");
  const fraction = number("fraction");
  if (!(fraction >= 0 && fraction <= 1)) {
    throw new InvalidInput(`fraction must be from 0 to 1, got ${fraction}`);
  }
  const at = fields.has("at") ? number("at") : undefined;
  if (at !== undefined && !(Number.isInteger(at) && at >= 0 && at <= theta.Tmax)) {
    throw new InvalidInput(`at must be a step from 0 to ${theta.Tmax}, got ${at}`);
  }
  const digest = take("digest");
  if (digest !== undefined && !DIGEST.test(digest)) {
    throw new InvalidInput(`digest must be 64 hexadecimal digits or diverged@step, got ${shown(digest)}`);
  }
  const diagram = fields.has("diagram") ? diagramIn(require, number) : undefined;
  const [unknown] = fields.keys();
  if (unknown !== undefined) throw new InvalidInput(`${shown(unknown)} is not a field of a link`);
  return {
    theta,
    seed,
    lawId,
    pruning: { order, fraction },
    at,
    digest,
    ...(diagram === undefined ? {} : { diagram }),
  };
}

/** A diagram's fields: what is varied and what is set are written as the command takes them. */
function diagramFields({ theorem, lawId, vary, set, seeds, cells, seed }: Diagram): [string, string][] {
  return [
    ["diagram", theorem],
    ["over", lawId],
    ["vary", varyText(vary)],
    ["set", settingsText(set)],
    ["seeds", String(seeds)],
    ["cells", String(cells)],
    ["grid", String(seed)],
  ];
}

function diagramIn(require: (name: string) => string, number: (name: string) => number): Diagram {
  const theorem = require("diagram");
  const lawId = require("over");
  if (!comparisonLaws.some(({ id }) => id === lawId)) {
    throw new InvalidInput(`over must be one of ${comparisonLaws.map(({ id }) => id).join(", ")}, got ${shown(lawId)}`);
  }
  return requireDiagram({
    theorem,
    lawId,
    vary: variedIn(require("vary")),
    set: settingsIn(require("set")),
    seeds: number("seeds"),
    cells: number("cells"),
    seed: number("grid"),
  });
}

function fieldsOf(text: string): Map<string, string> {
  const fields = new Map<string, string>();
  for (const part of text.split("&")) {
    const equals = part.indexOf("=");
    if (equals < 1)
      throw new InvalidInput(`each part must be name=value, got ${shown(part)}: it may have been cut off`);
    const name = decoded(part.slice(0, equals));
    if (fields.has(name)) throw new InvalidInput(`${shown(name)} is there twice`);
    fields.set(name, decoded(part.slice(equals + 1)));
  }
  return fields;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    throw new InvalidInput(`${shown(text)} is not percent-encoded text`);
  }
}
