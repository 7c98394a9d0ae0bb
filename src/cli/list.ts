import { resolve } from "node:path";
import { Command } from "commander";
import { sourceStatements, works } from "../../theorems/abstract.ts";
import { lemmas } from "../../theorems/lemmas/index.ts";
import type { Provenance } from "../claim/provenance.ts";
import { describeRelation } from "../claim/relation.ts";
import { GRADES } from "../claim/source.ts";
import { loadStatements } from "../laboratory/statements.ts";
import { readSuite } from "../laboratory/suite-file.ts";
import { hypothesesOf } from "../law/law.ts";
import { toJson } from "../report/encode.ts";
import { place } from "./places.ts";
import { print } from "./print.ts";
import { lawsOf, THEOREMS_FILE } from "./registry.ts";

interface ListOptions {
  readonly json?: boolean;
  readonly suite?: string;
  readonly sources?: boolean;
}

/** `list`: what there is to verify. */
export function listCommand(): Command {
  const command = new Command("list")
    .option("--suite <file>", "what this suite of YAML or JSON declares, in the place of the project's own", place)
    .option("--sources", "what the sources state, and what formalises each statement")
    .option("--json", "print JSON");
  return command.action(async ({ json, suite, sources }: ListOptions) => {
    if (sources === true) {
      print(json === true ? toJson({ works, statements: sourceStatements }) : sourcesListed());
      return;
    }
    const statements = suite === undefined ? await loadStatements(THEOREMS_FILE) : readSuite(resolve(suite)).statements;
    const listed = {
      lemmas: (suite === undefined ? lemmas : []).map(({ id, title, provenance }) => ({
        id,
        title,
        provenance: describeProvenance(provenance),
      })),
      statements: statements.map(({ kind, id, title, provenance, laws, claimsOn }) => ({
        kind,
        id,
        title,
        provenance: describeProvenance(provenance),
        claims: laws.flatMap((law) =>
          claimsOn(law).map(({ title, relation }) => ({
            law: law.id,
            claim: title,
            bound: describeRelation(relation),
          })),
        ),
      })),
      laws: lawsOf(statements).map((law) => ({
        id: law.id,
        title: law.title,
        hash: law.hash,
        hypotheses: hypothesesOf(law).map(({ name, statement }) => ({ name, statement })),
      })),
    };
    if (json) {
      print(toJson(listed));
      return;
    }
    const lines: string[] = [];
    for (const { id, title, provenance } of listed.lemmas) lines.push(`lemma    ${id}: ${title} [${provenance}]`);
    for (const { kind, id, title, provenance, claims } of listed.statements) {
      lines.push(`${kind.padEnd(8)} ${id}: ${title} [${provenance}]`);
      for (const { law, claim, bound } of claims) lines.push(`           ${law}: ${claim} ${bound}`);
    }
    for (const { id, title, hypotheses } of listed.laws) {
      lines.push(`law      ${id}: ${title}`);
      for (const { name, statement } of hypotheses) lines.push(`           ${name}: ${statement}`);
    }
    print(`${lines.join("\n")}\n`);
  });
}

function sourcesListed(): string {
  const lines = Object.entries(works).map(
    ([work, { title, place, cited }]) => `${work.padEnd(5)} ${title}, ${place}, ${cited}`,
  );
  for (const { row, work, grade, says, formalisedBy, why } of sourceStatements) {
    lines.push(`${String(row).padStart(2)} ${work} [${grade}: ${GRADES[grade]}] ${says}`);
    lines.push(`     formalised by ${formalisedBy.join(", ") || "nothing"}: ${why}`);
  }
  return `${lines.join("\n")}\n`;
}

/** In words: where a statement comes from. */
export function describeProvenance(provenance: Provenance): string {
  const source = {
    abstract: "the paper's abstract",
    companion: "a companion",
    derived: "derived",
    observed: "observed",
  }[provenance.kind];
  const item = provenance.kind === "abstract" ? `, item ${provenance.item}` : "";
  return `${source}${item}${provenance.note === undefined ? "" : `; ${provenance.note}`}`;
}
