import { copyFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const COMMAND = fileURLToPath(new URL("../laboratory/fixtures/command.mjs", import.meta.url));

/** Writes a suite and its command into a folder. @param way in which the command goes wrong, if it does @returns the suite's path */
export function writtenSuite(folder: string, way = ""): string {
  const suite = {
    experiment: {
      id: "hits",
      command: [process.execPath, "command.mjs", ...(way === "" ? [] : [way])],
      files: ["command.mjs"],
      fields: { p: { kind: "real", from: 0, to: 1, meaning: "chance of a hit" } },
      measures: { hit: "hits", seed: "the seed itself" },
    },
    laws: { rare: { p: { constant: 0.001 } }, common: { p: { real: [0.5, 1] } } },
    theorems: [{ id: "no-hit", title: "No hit", laws: ["rare"], claims: [{ measure: "hit", atMost: 0 }] }],
    controls: [{ id: "often", of: "no-hit", leaves: "p", law: "common" }],
  };
  copyFileSync(COMMAND, join(folder, "command.mjs"));
  const file = join(folder, "suite.json");
  writeFileSync(file, JSON.stringify(suite));
  return file;
}
