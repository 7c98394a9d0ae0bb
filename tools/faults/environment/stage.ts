import { chmodSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Ground } from "../check.ts";
import { type Ended, runProgram, type Start } from "../program.ts";
import type { Right } from "../right.ts";
import type { Workshop } from "../workshop.ts";

/** A fault of the environment: what is arranged, what is run there, and what is right of it. */
export interface Fault {
  readonly name: string;
  readonly right: Right;
  /** Returns how it ended; and what else is wrong, where exit code and words do not say all. */
  readonly run: (stage: Stage) => Promise<Ended | readonly [Ended, ...(string | undefined)[]]>;
  /** Only root can arrange it. */
  readonly needs?: "root";
}

/** All is right of it: certified, whatever the fault. */
export const SURVIVES: Right = { exits: [0], says: /^certified/m };
/** Bad usage or input; said before anything is trained. */
export const REFUSED: Right = { exits: [2], within: 5000, untrained: true };
/** A fault of the machine that has a name, or one that is survived. */
export const NAMED: Right = { exits: [0, 70] };

export const AS_NOBODY = ["setpriv", "--reuid=65534", "--regid=65534", "--clear-groups"];

/** Where a fault is arranged. */
export class Stage {
  readonly ground: Ground;
  readonly workshop: Workshop;
  /** Folder that the program is started in, which is empty at first. */
  readonly cwd: string;

  constructor(ground: Ground, workshop: Workshop) {
    this.ground = ground;
    this.workshop = workshop;
    this.cwd = workshop.scene();
    chmodSync(this.cwd, 0o777);
  }

  /** Absolute path of a file or folder on the stage. */
  path(...name: readonly string[]): string {
    return join(this.cwd, ...name);
  }

  /** Writes a file, and the folders that it lies in. */
  file(name: string, content: string | Uint8Array = ""): string {
    const path = this.path(name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, content);
    return path;
  }

  folder(name: string, mode = 0o755): string {
    const path = this.path(name);
    mkdirSync(path, { recursive: true });
    chmodSync(path, mode);
    return path;
  }

  run(words: readonly string[], start: Partial<Start> = {}): Promise<Ended> {
    return runProgram([...this.ground.program, ...words], { cwd: this.cwd, ...start });
  }

  /** Judges the theorem that is certified within a second. */
  verify(options: readonly string[] = ["--no-store"], start: Partial<Start> = {}): Promise<Ended> {
    return this.run(["verify", "--theorems", this.workshop.module("sure.js"), ...options], start);
  }

  /** One of the paper's theorems, so that the kernel is loaded; it is undecided after so few models: exit code 3. */
  train(start: Partial<Start> = {}): Promise<Ended> {
    return this.run(["verify", "--theorem", "attention-moves-to-relevant", "--max-models", "1", "--no-store"], start);
  }
}
