import { mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { type Browser, chromium } from "playwright-core";
import { findChromium, thisMachine } from "../../properties/find-chromium.ts";
import { parseBoundary } from "../../src/explore/boundary.ts";
import { parseCounterexample } from "../../src/explore/counterexample.ts";
import { isInvalidInput } from "../../src/invalid-input.ts";
import { parseResults } from "../../src/report/results.ts";
import { transformer } from "../../src/transformer/experiment.ts";
import type { Check, Checks, Ground, Part } from "./check.ts";
import { MARKERS, type Marker, markersInDom, markersInText, namesField } from "./markers.ts";
import { runProgram } from "./program.ts";
import { wrongsOf } from "./right.ts";
import { textFieldsOf, withTexts } from "./text-fields.ts";

/** A report of all figures takes its time. */
const LONGEST = 60_000;

const QUICK = 2;

export const markup: Part = {
  name: "markup",
  title:
    "eight markers in each text field of results.json, counterexamples and boundaries, and in names of files; the report of each opened in Chromium: nothing runs, nothing is asked for, nothing becomes markup",
  checks: async (ground: Ground): Promise<Checks> => {
    const found = findChromium(thisMachine);
    if (found.kind !== "found") {
      const checks = MARKERS.map(({ name }) => ({ name, run: async () => [], leftOut: found.why }));
      return { checks };
    }
    const args = ["--no-sandbox", "--disable-gpu", "--no-first-run", "--disable-background-networking"];
    const browser = await chromium.launch({ executablePath: found.path, args });
    const injection = new Injection(ground, browser);
    const markers = ground.quick ? MARKERS.slice(0, QUICK) : MARKERS;
    return {
      checks: [
        ...markers.flatMap((marker) => injection.checks(marker)),
        ...(ground.quick ? [] : injection.fileChecks(markers)),
      ],
      close: () => browser.close(),
    };
  },
};

type Parse = (text: string) => unknown;

/** What is wrong, by number of the field that a marker stands in. */
type Wrongs = ReadonlyMap<number, readonly string[]>;

class Injection {
  readonly #ground: Ground;
  readonly #browser: Browser;
  readonly #results: unknown;

  constructor(ground: Ground, browser: Browser) {
    this.#ground = ground;
    this.#browser = browser;
    const results = JSON.parse(readFileSync(join(ground.project, "reports", "results.json"), "utf8"));
    // figures take most of the time
    this.#results = ground.quick ? { ...results, figures: undefined, boundaries: undefined } : results;
  }

  /** A check a field: those that the form takes are put into one file, of which one report is made. */
  checks(marker: Marker): readonly Check[] {
    const fields = textFieldsOf(this.#results);
    const refusals = fields.map(({ says }, i) =>
      refusal(parseResults, withTexts(this.#results, new Map([[says, marker.text(i)]]))),
    );
    const taken = fields.flatMap((_, i) => (refusals[i] === undefined ? [i] : []));
    let reported: Promise<Wrongs> | undefined;
    return fields.map(({ path }, i) => ({
      name: `${marker.name} in ${path} of results.json`,
      run: async () => {
        const refused = refusals[i];
        if (refused !== undefined) return refused;
        reported ??= this.#report(marker, taken);
        const wrongs = await reported;
        return wrongs.get(i) ?? wrongs.get(taken.find((each) => fields[each]?.says === fields[i]?.says) ?? i) ?? [];
      },
    }));
  }

  /** Makes the report of a file with the marker in these fields; in fewer where no report can be made of all. */
  async #report(marker: Marker, numbers: readonly number[]): Promise<Wrongs> {
    if (numbers.length === 0) return new Map();
    const fields = textFieldsOf(this.#results);
    const texts = new Map(numbers.map((i) => [fields[i]!.says, marker.text(i)] as const).reverse());
    const folder = join(this.#ground.folder, `markup-${MARKERS.indexOf(marker)}-${numbers[0]}-${numbers.length}`);
    mkdirSync(folder, { recursive: true });
    const file = join(folder, "results.json");
    writeFileSync(file, JSON.stringify(withTexts(this.#results, texts)));
    const ended = await runProgram([...this.#ground.program, "report", file, "--out", folder], {
      cwd: folder,
      longest: LONGEST,
    });
    if (ended.code === 0) {
      const seen = await this.#open(folder);
      return new Map(numbers.map((i) => [i, seen.filter((wrong) => ofField(wrong, i, numbers))]));
    }
    if (numbers.length === 1) return new Map([[numbers[0] as number, wrongsOf(ended, { exits: [2] })]]);
    const half = Math.ceil(numbers.length / 2);
    const [first, second] = [
      await this.#report(marker, numbers.slice(0, half)),
      await this.#report(marker, numbers.slice(half)),
    ];
    return new Map([...first, ...second]);
  }

  /** Opens all that was written into a folder: what ran, what was asked for, what became markup. */
  async #open(folder: string): Promise<readonly string[]> {
    const wrong: string[] = [];
    const files = readdirSync(folder, { recursive: true, encoding: "utf8" });
    for (const file of files.filter((name) => /\.(?:html|svg)$/.test(name))) {
      const address = pathToFileURL(join(folder, file)).href;
      const page = await this.#browser.newPage();
      page.on("dialog", (dialog) => {
        wrong.push(`${file}: it ran alert(${dialog.message()})`);
        void dialog.dismiss();
      });
      page.on("pageerror", (error) => wrong.push(`${file}: ${error.message}`));
      page.on("console", (message) =>
        wrong.push(`${file}: the page says ${message.text()} (${message.location().url})`),
      );
      page.on("request", (request) => {
        if (request.url() !== address && !request.url().startsWith("data:"))
          wrong.push(`${file}: it asked for ${request.url()}`);
      });
      await page.goto(address, { waitUntil: "load" });
      wrong.push(...(await page.evaluate(markersInDom)).map((each) => `${file}: ${each}`));
      await page.close();
    }
    for (const file of files.filter((name) => /\.(?:md|tex)$/.test(name))) {
      wrong.push(...markersInText(file, readFileSync(join(folder, file), "utf8")));
    }
    return [...new Set(wrong)];
  }

  /** Counterexample and boundary files, and their names, as `verify` reads them from its folder of reports. */
  fileChecks(markers: readonly Marker[]): readonly Check[] {
    const reports = join(this.#ground.project, "reports");
    const kinds = [
      {
        folder: "counterexamples",
        of: "a counterexample",
        parse: (text: string) => parseCounterexample(transformer, text),
      },
      { folder: "boundaries", of: "a boundary", parse: (text: string) => parseBoundary(text) },
    ];
    return kinds.flatMap(({ folder, of, parse }) => {
      const file = readdirSync(join(reports, folder)).find((name) => name.endsWith(".json")) as string;
      const data = JSON.parse(readFileSync(join(reports, folder, file), "utf8"));
      return markers.flatMap((marker) => {
        const fields = textFieldsOf(data);
        const refusals = fields.map(({ says }, i) =>
          refusal(parse, withTexts(data, new Map([[says, marker.text(i)]]))),
        );
        const taken = fields.flatMap(({ says }, i) =>
          refusals[i] === undefined ? [[says, marker.text(i)] as const] : [],
        );
        return [
          ...fields.map(({ path }, i) => ({
            name: `${marker.name} in ${path} of ${of}`,
            run: async () => refusals[i] ?? [],
          })),
          {
            name: `${marker.name} in all fields that ${of} may have it in, and in its name, through verify`,
            run: () =>
              this.#verify(folder, `${marker.text(0).replaceAll("/", "")}.json`, withTexts(data, new Map(taken))),
          },
        ];
      });
    });
  }

  async #verify(folder: string, name: string, content: unknown): Promise<readonly string[]> {
    const cwd = join(this.#ground.folder, `verify-${folder}-${name.length}-${Math.abs(hash(name))}`);
    mkdirSync(join(cwd, "reports", folder), { recursive: true });
    writeFileSync(join(cwd, "reports", folder, name), JSON.stringify(content));
    const command = [
      "verify",
      "--theorem",
      "attention-moves-to-relevant",
      "--max-models",
      "1",
      "--no-store",
      "--out",
      "out",
    ];
    const ended = await runProgram([...this.#ground.program, ...command], { cwd, longest: LONGEST });
    const wrong = wrongsOf(ended, { exits: [1, 2, 3] });
    return ended.code === 2 ? wrong : [...wrong, ...(await this.#open(join(cwd, "out")))];
  }
}

/** Undefined where it is taken; else what is wrong with how it is refused. */
function refusal(parse: Parse, data: unknown): readonly string[] | undefined {
  try {
    parse(JSON.stringify(data));
    return undefined;
  } catch (error) {
    return isInvalidInput(error) ? [] : [`it is refused with ${error}`];
  }
}

/** Whether what is wrong names the field with this number; what names none is laid at the first one's door. */
function ofField(wrong: string, field: number, all: readonly number[]): boolean {
  const named = all.filter((i) => namesField(wrong, i));
  return named.length === 0 ? field === all[0] : named.includes(field);
}

/** A number that tells names apart. */
function hash(text: string): number {
  return [...text].reduce((sum, character) => (31 * sum + (character.codePointAt(0) ?? 0)) | 0, 7);
}
