import { createHash } from "node:crypto";
import { closeSync, existsSync, fsyncSync, openSync, readFileSync, rmSync, writeSync } from "node:fs";
import { dirname } from "node:path";
import { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import { jsonIn } from "../json.ts";
import { makeFolder } from "../laboratory/make-folder.ts";
import { readText } from "../laboratory/read-text.ts";
import { writeWhole } from "../laboratory/write-whole.ts";
import { type CampaignEntry, type CampaignState, campaignEntry, stateOf } from "../verdict/campaign.ts";

/** A night has some 5 kB. */
const LARGEST_LOG = 100_000_000;

const line = z.strictObject({ sum: z.string(), entry: campaignEntry });

/**
 * The log of campaigns: a line an entry, each with a SHA-256 over the entry and the sum of the line before it, so that
 * an edited, missing or misplaced line is noticed. That catches accidents; it is no signature, since whoever can write
 * the file can also compute sums.
 *
 * Appended lines are on the disk before `append` returns. A last line without its end was cut off while it was written,
 * and is removed; anything else that does not fit is an error, since to drop it would be to choose evidence.
 */
export class CampaignLog {
  readonly #file: string;
  readonly #lock: string;
  readonly #entries: CampaignEntry[] = [];
  #sum = "";
  /** Whether a line that was cut off was removed. */
  readonly mended: boolean;

  /** @throws InvalidInput where the file is no log, or another process is at it */
  constructor(file: string) {
    this.#file = file;
    this.#lock = `${file}.lock`;
    makeFolder(dirname(file));
    takeLock(this.#lock);
    try {
      const text = existsSync(file) ? readText(file, LARGEST_LOG, `--campaign ${file}`) : "";
      const whole = text.slice(0, text.lastIndexOf("\n") + 1);
      for (const [i, content] of whole.split("\n").slice(0, -1).entries()) this.#read(content, i + 1);
      try {
        stateOf(this.#entries);
      } catch (error) {
        throw new InvalidInput(`--campaign: ${file}: ${(error as Error).message}`);
      }
      this.mended = whole !== text;
      if (this.mended) writeWhole(file, whole);
    } catch (error) {
      this.close();
      throw error;
    }
  }

  get state(): CampaignState {
    return stateOf(this.#entries);
  }

  append(added: CampaignEntry): void {
    // in the order of the schema's fields, as it is read back
    const entry = campaignEntry.parse(added);
    stateOf([...this.#entries, entry]);
    const sum = chained(this.#sum, entry);
    const descriptor = openSync(this.#file, "a");
    try {
      writeSync(descriptor, `${JSON.stringify({ sum, entry })}\n`);
      fsyncSync(descriptor);
    } finally {
      closeSync(descriptor);
    }
    this.#entries.push(entry);
    this.#sum = sum;
  }

  close(): void {
    rmSync(this.#lock, { force: true });
  }

  #read(content: string, number: number): void {
    const data = jsonIn(content, `--campaign: ${this.#file}, line ${number}`);
    const parsed = line.safeParse(data);
    if (!parsed.success) {
      const { path, message } = parsed.error.issues[0] as z.core.$ZodIssue;
      throw new InvalidInput(`--campaign: ${this.#file}, line ${number}: ${path.join(".")}: ${message}`);
    }
    const { sum, entry } = parsed.data;
    if (sum !== chained(this.#sum, entry)) {
      throw new InvalidInput(
        `--campaign: ${this.#file}, line ${number} must have the checksum of its content and of the lines before it, ` +
          "got another: it, or a line before it, was changed",
      );
    }
    this.#entries.push(entry);
    this.#sum = sum;
  }
}

function chained(before: string, entry: CampaignEntry): string {
  return createHash("sha256")
    .update(`${before}\n${JSON.stringify(entry)}`)
    .digest("hex");
}

/** A file that exists while a process is at the log, with the number of the process in it. */
function takeLock(lock: string): void {
  for (;;) {
    try {
      const descriptor = openSync(lock, "wx");
      writeSync(descriptor, String(process.pid));
      closeSync(descriptor);
      return;
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== "EEXIST") throw error;
      const holder = Number(readFileSync(lock, "utf8"));
      if (isRunning(holder)) {
        throw new InvalidInput(`--campaign: process ${holder} is at this campaign; where it is not, remove ${lock}`);
      }
      rmSync(lock, { force: true });
    }
  }
}

function isRunning(pid: number): boolean {
  if (!Number.isInteger(pid) || pid <= 0) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === "EPERM";
  }
}
