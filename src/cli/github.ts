import { appendFileSync, existsSync, readFileSync } from "node:fs";
import { isAbsolute, join, relative, resolve, sep } from "node:path";
import type { Results } from "../report/results.ts";
import { COUNTEREXAMPLES } from "../report/stored.ts";
import { type Failure, failuresOf, summaryMarkdown } from "../report/summary.ts";
import { tell } from "./print.ts";

/** What a job of GitHub's says in its environment. */
type Environment = Readonly<Record<string, string | undefined>>;

/** Where statements are declared. */
export interface DeclaredAt {
  /** Files that may declare them, absolute. */
  readonly files: readonly string[];
  /** Options of the command line that say where that is. */
  readonly from: string;
}

/** Where this project's own declarations stand, in a checkout of it. */
const OWN_ROOMS = ["theorems", "theorems/controls", "theorems/findings", "theorems/lemmas"];

/**
 * In a job of GitHub's: the verdicts as Markdown in the summary, and an error at the declaration of each statement that did
 * not come out as it must. Errors go to stderr, where the runner reads them too: stdout is the command's own. What cannot be
 * written is said and changes no verdict.
 */
export function tellGithub(results: Results, declared: DeclaredAt, environment: Environment = process.env): void {
  const { GITHUB_STEP_SUMMARY: summary, GITHUB_ACTIONS: actions, GITHUB_WORKSPACE: workspace } = environment;
  if (summary !== undefined && summary !== "") {
    try {
      appendFileSync(summary, summaryMarkdown(results, declared.from));
    } catch (error) {
      tell(`GITHUB_STEP_SUMMARY cannot be written: ${(error as Error).message}`);
    }
  }
  if (actions !== "true") return;
  for (const failure of failuresOf(results, declared.from)) {
    tell(annotationOf(failure, declared, resolve(workspace || ".")));
  }
}

/** "::error file=theorems/growth.ts,line=22,title=theorem growth is refuted::its 3 claims together on law base: …" */
function annotationOf(failure: Failure, declared: DeclaredAt, workspace: string): string {
  const { kind, id, verdict, why, replays } = failure;
  const place = placeOf(failure, declared, workspace);
  const properties = [
    ...(place === undefined ? [] : [`file=${property(place.file)}`, `line=${place.line}`]),
    `title=${property(`${kind} ${id} is ${verdict}`)}`,
  ];
  return `::error ${properties.join(",")}::${data([...why, ...replays].join("\n"))}`;
}

function placeOf({ kind, id }: Failure, { files }: DeclaredAt, workspace: string) {
  const inProject = (path: string) => {
    const within = relative(workspace, path);
    return within.startsWith("..") || isAbsolute(within) ? undefined : within.split(sep).join("/");
  };
  if (kind === "counterexample") {
    const file = inProject(resolve("reports", COUNTEREXAMPLES, id));
    return file === undefined ? undefined : { file, line: 1 };
  }
  const own = OWN_ROOMS.map((room) => join(workspace, room, `${id}.ts`));
  for (const path of [...files, ...own]) {
    const file = inProject(path);
    if (file === undefined || !existsSync(path)) continue;
    const line = lineOf(id, path);
    if (line !== undefined) return { file, line };
  }
  return undefined;
}

/** The line, from 1, on which a file gives something this id: `id: "growth"`, `id: growth`, `"id": "growth"`. */
function lineOf(id: string, path: string): number | undefined {
  // an id is lower-case letters, digits and hyphens: nothing in it means something here
  const gives = new RegExp(`\\bid["']?\\s*:\\s*["'\`]?${id}(?![a-z0-9-])`);
  try {
    const found = readFileSync(path, "utf8")
      .split("\n")
      .findIndex((line) => gives.test(line));
    return found < 0 ? undefined : found + 1;
  } catch {
    return undefined;
  }
}

function data(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
