import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, watch } from "node:fs";
import { join } from "node:path";
import { type Stream, stream } from "../../src/random/stream.ts";
import type { Check, Checks, Ground, Part } from "./check.ts";
import { killGroup, runProgram } from "./program.ts";
import { wrongsOf } from "./right.ts";
import { Workshop } from "./workshop.ts";

/** Models of the run whose reports lie there, and of the one that is killed: what one says differs from the other. */
const [EARLIER, KILLED] = [30, 60];

/** Random moments of the run, and moments from the first file on that it writes. */
const MOMENTS = { whole: { anywhere: 60, writing: 50 }, quick: { anywhere: 3, writing: 3 } };

/** All that is written is written within so many ms. */
const WRITE_WINDOW = 25;

export const kills: Part = {
  name: "kills",
  title:
    "SIGKILL at random moments of `verify`, and while it writes: the store is read by the next run, each report is the old or the new one whole, `report --check` tells a mixed set, and the next run writes what an undisturbed one writes",
  checks: async (ground: Ground): Promise<Checks> => {
    const killed = await Killed.prepare(ground);
    const random = stream(ground.seed, "moments of kills");
    const { anywhere, writing } = MOMENTS[ground.quick ? "quick" : "whole"];
    return {
      checks: [
        ...moments(anywhere, random, 1).map((share) =>
          killed.check(`at ${share.toFixed(3)} of the run`, { at: share * killed.duration, writing: false }),
        ),
        ...moments(writing, random, WRITE_WINDOW).map((at) =>
          killed.check(`${at.toFixed(1)} ms after the first write`, { at, writing: true }),
        ),
      ],
    };
  },
};

function moments(count: number, random: Stream, longest: number): readonly number[] {
  return Array.from({ length: count }, () => longest * random.uniform());
}

/** By path below the folder; empty where there is none. */
type Files = ReadonlyMap<string, string>;

interface Moment {
  /** ms */
  readonly at: number;
  readonly writing: boolean;
}

class Killed {
  readonly #ground: Ground;
  readonly #workshop: Workshop;
  readonly #start: string;
  readonly #old: Files;
  #new: Files = new Map();
  #exit = 0;
  /** Of an undisturbed run, ms. */
  duration = 0;

  private constructor(ground: Ground, workshop: Workshop, start: string) {
    this.#ground = ground;
    this.#workshop = workshop;
    this.#start = start;
    this.#old = filesOf(join(start, "out"));
  }

  static async prepare(ground: Ground): Promise<Killed> {
    const workshop = new Workshop(join(ground.folder, "kills"), ground.project);
    const start = workshop.scene();
    await runProgram([...ground.program, ...command(ground.project, EARLIER)], { cwd: start });
    const killed = new Killed(ground, workshop, start);
    const undisturbed = killed.#scene();
    const begun = performance.now();
    const { code } = await runProgram([...ground.program, ...command(ground.project, KILLED)], {
      cwd: undisturbed,
    });
    killed.duration = performance.now() - begun;
    killed.#new = filesOf(join(undisturbed, "out"));
    killed.#exit = code;
    return killed;
  }

  check(name: string, moment: Moment): Check {
    return { name, run: () => this.#kill(moment) };
  }

  #scene(): string {
    const scene = this.#workshop.scene();
    cpSync(this.#start, scene, { recursive: true });
    return scene;
  }

  async #kill(moment: Moment): Promise<readonly string[]> {
    const scene = this.#scene();
    const words = [...this.#ground.program, ...command(this.#ground.project, KILLED)];
    await runProgram(words, {
      cwd: scene,
      onStart: (child) => {
        const killSoon = () => setTimeout(() => killGroup(child), moment.at);
        if (!moment.writing) return void killSoon();
        const watchers = ["out", "store"].map((folder) =>
          watch(join(scene, folder), { recursive: true }, once(killSoon)),
        );
        child.once("exit", () => {
          for (const watcher of watchers) watcher.close();
        });
      },
    });
    const left = filesOf(join(scene, "out"));
    const wrong = this.#neitherNorOf(left);
    if (moment.writing) wrong.push(...(await this.#told(scene, left)));
    const next = await runProgram(words, { cwd: scene });
    wrong.push(...wrongsOf(next, { exits: [this.#exit] }).map((each) => `the next run: ${each}`));
    const then = filesOf(join(scene, "out"));
    const differ = [...new Set([...then.keys(), ...this.#new.keys()])].filter((f) => then.get(f) !== this.#new.get(f));
    if (differ.length > 0)
      wrong.push(`the next run leaves others than an undisturbed one: ${differ.slice(0, 3).join(", ")}`);
    const parts = readdirSync(join(scene, "store")).filter((file) => !file.endsWith(".jsonl"));
    if (parts.some((file) => /\.part$|\.tmp$/.test(file)))
      wrong.push("the next run leaves unfinished files in the store");
    return wrong;
  }

  /** Reports that are neither the old nor the new ones whole. Files beside them are those that were being written. */
  #neitherNorOf(left: Files): string[] {
    return [...new Set([...this.#old.keys(), ...this.#new.keys()])]
      .filter((file) => left.get(file) !== this.#old.get(file) && left.get(file) !== this.#new.get(file))
      .map((file) => `${file} is neither the old nor the new one`);
  }

  async #told(scene: string, left: Files): Promise<readonly string[]> {
    const files = [...new Set([...this.#old.keys(), ...this.#new.keys()])];
    const isWhole = [this.#old, this.#new].some((set) => files.every((file) => left.get(file) === set.get(file)));
    const words = [...this.#ground.program, "report", "--check", join(scene, "out", "results.json")];
    const ended = await runProgram(words, { cwd: scene });
    const right = isWhole ? { exits: [0] } : { exits: [1, 2] };
    return wrongsOf(ended, right).map((each) => `report --check of a ${isWhole ? "whole" : "mixed"} set: ${each}`);
  }
}

function command(project: string, models: number): readonly string[] {
  const module = join(project, "examples", "coin", "coin.ts");
  return ["verify", "--theorems", module, "--max-models", `${models}`, "--store", "store", "--out", "out"];
}

function once(then: () => void): () => void {
  let first = true;
  return () => {
    if (first) then();
    first = false;
  };
}

function filesOf(folder: string): Files {
  if (!existsSync(folder)) mkdirSync(folder, { recursive: true });
  const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
  return new Map(
    entries.map((entry) => {
      const path = join(entry.parentPath, entry.name);
      return [path.slice(folder.length + 1), readFileSync(path, "latin1")];
    }),
  );
}
