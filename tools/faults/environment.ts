import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { type Checks, everyNth, type Ground, type Part } from "./check.ts";
import { inputs } from "./environment/inputs.ts";
import { installations } from "./environment/installations.ts";
import { outputs } from "./environment/outputs.ts";
import { signals } from "./environment/signals.ts";
import { type Fault, Stage } from "./environment/stage.ts";
import { stores } from "./environment/stores.ts";
import { surroundings } from "./environment/surroundings.ts";
import { wrongsOf } from "./right.ts";
import { Workshop } from "./workshop.ts";

/** All faults of the environment, each with what is right of it. */
export const FAULTS: readonly Fault[] = [
  ...outputs,
  ...stores,
  ...inputs,
  ...signals,
  ...surroundings,
  ...installations,
];

/** What CI tries. */
export const FAULTS_IN_CI = everyNth(FAULTS, 25);

export const environment: Part = {
  name: "environment",
  title:
    "faults of the machine: folders and files that cannot be written or read, full disks, limits of files, memory and threads, variables, clocks, streams that are closed, signals at every stage, installations that are broken or in odd places, several runs at once",
  checks: (ground: Ground): Checks => {
    const workshop = new Workshop(join(ground.folder, "environment"), ground.project);
    const isRoot = process.getuid?.() === 0;
    return {
      checks: (ground.quick ? FAULTS_IN_CI : FAULTS).map(({ name, right, run, needs }) => ({
        name,
        run: async () => {
          const ended = await run(new Stage(ground, workshop));
          const [run_, ...more] = "code" in ended ? [ended] : ended;
          return [...wrongsOf(run_, right), ...more.filter((each) => each !== undefined)];
        },
        leftOut: needs === "root" && !isRoot ? "only root can arrange it" : undefined,
      })),
      close: async () => unmountBelow(workshop.folder),
    };
  },
};

/** Unmounts what was mounted below a folder. */
export function unmountBelow(folder: string): void {
  const points = readFileSync("/proc/mounts", "utf8")
    .split("\n")
    .map((line) => line.split(" ")[1] ?? "")
    .filter((point) => point.startsWith(folder));
  for (const point of points) execFileSync("umount", ["--lazy", point]);
}
