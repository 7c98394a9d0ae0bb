import { describe, expect, test } from "vitest";
import { reportFiles } from "../../src/report/files.ts";
import { fieldsHtml, formulaHtml, symbolsHtml } from "../../src/report/page/math.ts";
import { theorems } from "../../theorems/index.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults, resultsToReport } from "./example-results.ts";

describe.each(resultsToReport())("index.html of %s", (_, results) => {
  const files = reportFiles(results, presentation);
  const page = async () => (await files)["index.html"] as string;

  test("asks nothing of anywhere: no script, no stylesheet, no image, font or frame from outside", async () => {
    const html = await page();
    expect(/<(script|img|iframe|object|embed|video|audio|source)\b|@import|url\(/.exec(html)?.[0]).toBeUndefined();
    for (const [link] of html.matchAll(/<link\b[^>]*>/g)) expect(link).toContain('href="data:,"');
  });

  test("ids are unique, and every link within the page has its target", async () => {
    const html = await page();
    const ids = [...html.matchAll(/ id="([^"]*)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of html.matchAll(/ href="#([^"]*)"/g)) expect(ids).toContain(target);
  });

  test("every link to a file has its file in the folder of the report", async () => {
    const written = [...Object.keys(await files), "results.json"];
    const links = [...(await page()).matchAll(/ (?:href|src)="([^"#][^"]*)"/g)].map(([, link]) => link as string);
    const toFiles = links.filter((link) => !/^(?:https?|data):/.test(link));
    expect(toFiles.length).toBeGreaterThan(3);
    for (const link of toFiles) expect(written).toContain(link);
  });

  test("every figure has a text alternative and a caption", async () => {
    const figures = [...(await page()).matchAll(/<figure\b.*?<\/figure>/gs)].map(([figure]) => figure);
    expect(figures.length).toBeGreaterThan(8);
    for (const figure of figures) {
      expect(figure).toMatch(/role="img" aria-label="[^"]{40,}"/);
      expect(figure).toMatch(/<figcaption>.{40,}<\/figcaption>/s);
    }
  });

  test("is the same to the byte when it is made again", async () => {
    const again = await reportFiles(structuredClone(results), presentation);
    for (const [name, content] of Object.entries(await files)) expect(again[name] === content, name).toBe(true);
  });

  test("every statement and every lemma has its place, with verdict and replay", async () => {
    const html = await page();
    for (const { id, kind, claims } of results.statements) {
      expect(html).toContain(` id="${id}"`);
      if (kind === "theorem") {
        for (const { law, ledger } of claims) {
          expect(html).toContain(`theorycheck train --law ${law} --seed ${ledger.decisive.seed}`);
        }
      }
    }
    for (const { id } of results.lemmas) expect(html).toContain(` id="lemma-${id}"`);
  });
});

test("a finding stands with the theorem that it qualifies, and one that qualifies none in the section of findings", async () => {
  const page = async (findingsOf: Record<string, string[]>) =>
    (await reportFiles(exampleResults(), { ...presentation, findingsOf }))["index.html"] as string;
  const place = (html: string, id: string) => html.indexOf(` id="${id}"`);
  const within = await page({ "relevant-directions": ["query-directions"] });
  expect(place(within, "query-directions")).toBeGreaterThan(place(within, "relevant-directions"));
  expect(place(within, "query-directions")).toBeLessThan(place(within, "controls"));
  const alone = await page({});
  expect(place(alone, "query-directions")).toBeGreaterThan(place(alone, "findings"));
});

test("the summary has a column a law, and says which laws were not judged", async () => {
  const results = exampleResults();
  const [first, ...others] = results.statements;
  const html = (
    await reportFiles({ ...results, statements: [{ ...first!, notJudgedOn: ["r4"] }, ...others] }, presentation)
  )["index.html"] as string;
  const summary = html.slice(html.indexOf('class="cards summary"'), html.indexOf("How to read it"));
  expect(summary).toContain(">r = 2</th>");
  expect(summary).toContain("0 of 158");
  expect(summary).toContain("theorems speak of them: r = 4.");
});

test("beside a certificate stand its limits, the strongest p₀, and the worst model that a search found, with its replay", async () => {
  const html = (await reportFiles(exampleResults(), presentation))["index.html"] as string;
  const section = html.slice(html.indexOf('id="low-rank-update"'), html.indexOf('id="scaling"'));
  expect(section).toContain(">5 %</td>");
  expect(section).toContain("<strong>a violation</strong>: energy of ΔW<sub>Q</sub> beyond rank r = 0.05");
  expect(section).toContain("That is no contradiction");
  expect(section).toContain("--seed 11 --law base --theorem low-rank-update</code>");
});

test("what is committed and not of the code that there is now is marked, where it is shown and where it came from", async () => {
  const html = (await reportFiles(exampleResults(), presentation))["index.html"] as string;
  const marked = html.match(/Stale: made with another core than there are now\./g);
  expect(marked).toHaveLength(2);
  expect(html).toContain("The core and the declarations that there are now.");
});

test("text is escaped, wherever it comes from", async () => {
  const results = exampleResults();
  const [first, ...others] = results.statements;
  const title = '<b>bold</b> & "so on"';
  const page = (await reportFiles({ ...results, statements: [{ ...first!, title }, ...others] }, presentation))[
    "index.html"
  ];
  expect(page).not.toContain("<b>bold</b>");
  expect(page).toContain("&lt;b&gt;bold&lt;/b&gt; &amp; &quot;so on&quot;");
});

test("results without figures, lemmas, slopes, teeth or calibration make a page too", async () => {
  const { figures: _f, slopes: _s, teeth: _t, calibration: _c, pruningCost: _p, ...bare } = exampleResults();
  const files = await reportFiles({ ...bare, lemmas: [] }, presentation);
  expect(files["index.html"]).not.toContain('id="teeth"');
  // margins and evidence are drawn from the ledgers
  expect(Object.keys(files).filter((name) => name.endsWith(".svg"))).toEqual([
    "figures/margins.svg",
    "figures/evidence.svg",
  ]);
});

test("every theorem has its statement as a formula, and KaTeX takes it", () => {
  for (const { formula } of theorems) expect(formulaHtml(formula ?? "").markup).toContain("<math");
});

test.each([
  ["energy of ΔW_Q beyond rank r", "energy of ΔW<sub>Q</sub> beyond rank r"],
  ["‖w_i‖ within 3·ξ·√m_a", "‖w<sub>i</sub>‖ within 3·ξ·√m<sub>a</sub>"],
  ["m^(−1/2)", "m<sup>−1/2</sup>"],
  ["T_max = 4000", "T<sub>max</sub> = 4000"],
])("symbolsHtml(%j) = %j", (text, html) => {
  expect(symbolsHtml(text).markup).toBe(html);
});

test("fields have their symbols, and words that every object knows stay words", () => {
  expect(fieldsHtml("tau of a constructor, toString and valueOf").markup).toBe(
    "τ of a constructor, toString and valueOf",
  );
});

test("a theorem that is called what every object has has its place too", async () => {
  const results = exampleResults();
  const renamed = {
    ...results,
    statements: results.statements.map((each, i) => (i === 0 ? { ...each, id: "constructor" } : each)),
  };
  expect((await reportFiles(renamed, presentation))["index.html"]).toContain('id="constructor"');
});
