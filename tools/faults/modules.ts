import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { type Checks, everyNth, type Ground, type Part } from "./check.ts";
import { MODULE_TEXTS } from "./module-texts.ts";
import { type Ended, runProgram } from "./program.ts";
import { withoutSteering, wrongsOf } from "./right.ts";
import { Workshop } from "./workshop.ts";

/** CI tries one of so many. */
const EVERY = 24;

export const modules: Part = {
  name: "modules",
  title:
    "modules of declarations that throw, exit, wait, export something else, or observe no number, through `verify --theorems`: no pass of what was not judged",
  checks: ({ program, project, folder, quick }: Ground): Checks => {
    const workshop = new Workshop(join(folder, "modules"), project);
    return {
      checks: (quick ? everyNth(MODULE_TEXTS, EVERY) : MODULE_TEXTS).map((module, i) => ({
        name: withoutSteering(module.name),
        run: async () => {
          const file = join(workshop.folder, `module-${i}.js`);
          writeFileSync(file, module.text);
          const command = [
            ...program,
            "verify",
            "--theorems",
            file,
            "--no-store",
            "--max-models",
            "200",
            "--workers",
            "1",
          ];
          const ended = await runProgram(command, { cwd: workshop.scene() });
          return [...wrongsOf(ended, { exits: module.exits }), ...passesUnjudged(ended)];
        },
      })),
    };
  },
};

/** Exit code 0 says that models were trained, and that all was certified. */
function passesUnjudged({ code, stdout }: Ended): readonly string[] {
  const isJudged = /^certified +theorem/m.test(stdout) && /^[1-9]\d* of [1-9]\d* theorems? certified/m.test(stdout);
  return code === 0 && !isJudged ? ["exit code 0, and nothing was judged"] : [];
}
