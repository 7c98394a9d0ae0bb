import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { Command } from "commander";
import { toJson } from "../report/encode.ts";
import { UsageError } from "./errors.ts";
import { pythonFiles, typescriptFiles } from "./init-files.ts";
import { print } from "./print.ts";

interface InitOptions {
  readonly python?: boolean;
  readonly typescript?: boolean;
  readonly json?: boolean;
}

/** `init`: a project that runs, to be changed into one's own. */
export function initCommand(version: string): Command {
  return new Command("init")
    .argument("[folder]", "where to; made if it is not there", ".")
    .option("--python", "a suite with an experiment in Python; unless --typescript is given")
    .option("--typescript", "a module of declarations in TypeScript")
    .option("--json", "print JSON")
    .action((folder: string, { python, typescript, json }: InitOptions) => {
      if (python && typescript) throw new UsageError("--python and --typescript are two projects, got both");
      const files = Object.entries(typescript ? typescriptFiles(version) : pythonFiles(version));
      const there = files.map(([name]) => name).filter((name) => existsSync(join(folder, name)));
      if (there.length > 0) {
        throw new UsageError(
          `FOLDER must have none of the files that are written, got ${there.join(", ")} in ${folder}`,
        );
      }
      for (const [name, content] of files) {
        const path = join(folder, name);
        mkdirSync(dirname(path), { recursive: true });
        // never over what somebody else has just written
        writeFileSync(path, content, { flag: "wx" });
      }
      const inFolder = folder === "." ? "" : `cd ${folder}; `;
      const next = typescript
        ? "npm install; npx theorycheck verify --theorems ./statements.ts"
        : "npx theorycheck verify --suite suite.yaml";
      if (json) {
        print(toJson({ folder, files: files.map(([name]) => name), next: `${inFolder}${next}` }));
        return;
      }
      print(`${files.map(([name]) => `wrote ${join(folder, name)}\n`).join("")}Next: ${inFolder}${next}\n`);
    });
}
