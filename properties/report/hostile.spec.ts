import { describe, expect, test } from "vitest";
import { isInvalidInput } from "../../src/invalid-input.ts";
import { campaignTable } from "../../src/report/campaign.ts";
import { reportFiles } from "../../src/report/files.ts";
import { escapeHtml, html, joined, trusted } from "../../src/report/page/html.ts";
import { formulaHtml } from "../../src/report/page/math.ts";
import { parseResults, type Results } from "../../src/report/results.ts";
import { texOf } from "../../src/report/tex.ts";
import { markdownOf } from "../../src/report/tolerances.ts";
import { verdictTable } from "../../src/report/verdict-table.ts";
import { presentation } from "../../theorems/presentation.ts";
import { exampleResults } from "./example-results.ts";
import { hostileResults, MARKERS } from "./hostile.ts";

const campaign: NonNullable<Results["campaign"]> = {
  number: 1,
  nights: [{ seed: 1, trials: { base: 158 } }],
  falsePass: 0.02,
  events: [
    {
      key: "low-rank-update @ base",
      p0: 0.05,
      n: 158,
      violations: 0,
      verdict: "certified",
      verdictAt: { n: 158, violations: 0 },
      limits: { lower: 0, upper: 0.04 },
    },
  ],
};

const example: Results = { ...exampleResults(), campaign };

const ownFiles = reportFiles(example, presentation);

const UNSEEN = /[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u;

/** As the drawings of this project have it beside subscripts. */
const withoutOwn = (text: string) => text.replaceAll("</tspan><tspan", "").replaceAll(">\u200b<", "><");

// all at once, since a page takes seconds: the properties in a browser open one for each
describe("results with everything hostile in each text field", () => {
  const { data, fields } = hostileResults(example, MARKERS.map(([, marker]) => marker).join(" "));
  const files = reportFiles(data, presentation);

  test("are taken, in more than forty fields", () => {
    expect(fields.length).toBeGreaterThan(40);
  });

  test("make a page whose only elements and attributes are its own", async () => {
    const [page, own] = (await Promise.all([files, ownFiles])).map((each) => each["index.html"]);
    const elementsIn = (text: string | undefined) => [
      ...new Set([...(text ?? "").matchAll(/<([a-z][\w-]*)/gi)].map(([, name]) => name)),
    ];
    // KaTeX may need another element of MathML
    const handlers = /<[^>]*\son[a-z]+=[^>]*>/i;
    expect(elementsIn(page).filter((name) => !elementsIn(own).includes(name) && !/^m[a-z]+$/.test(name ?? ""))).toEqual(
      [],
    );
    expect(handlers.exec((page ?? "").replace(/"[^"]*"/g, '""'))?.[0]).toBeUndefined();
    expect(/(?:href|src)="\s*javascript:/i.exec(page ?? "")).toBeNull();
  });

  test("show what nobody would see, in every file and in the terminal", async () => {
    const said = { ...(await files), verdicts: verdictTable(data), campaign: campaignTable(data.campaign!) };
    for (const [name, text] of Object.entries(said)) {
      expect(UNSEEN.exec(withoutOwn(text).replaceAll("\n", ""))?.[0], name).toBeUndefined();
    }
  });

  test("keep the rows of tables: nothing is a row or a cell of its own", async () => {
    const own = await ownFiles;
    const shape = (text: string | undefined, cell: RegExp) =>
      (text ?? "").split("\n").map((line) => (line.match(cell) ?? []).length);
    const made = await files;
    expect(shape(made["tolerances.md"], /(?<!\\)\|/g)).toEqual(shape(own["tolerances.md"], /(?<!\\)\|/g));
    expect(shape(made["tolerances.tex"], /(?<!\\)&/g)).toEqual(shape(own["tolerances.tex"], /(?<!\\)&/g));
    expect(verdictTable(data).split("\n").length).toBe(verdictTable(example).split("\n").length);
  });

  test("put no command of their own into TeX", async () => {
    const [made, own] = await Promise.all([files, ownFiles]);
    const commands = (text: string | undefined) =>
      new Set((text ?? "").replaceAll("\\\\", "").match(/\\[A-Za-z]+/g) ?? []);
    const escapes = ["\\textbackslash", "\\textasciicircum", "\\textasciitilde"];
    const known = [...commands(own["tolerances.tex"]), ...escapes, "\\Vert", "\\cdot"];
    expect([...commands(made["tolerances.tex"])].filter((each) => !known.includes(each))).toEqual([]);
    expect(made["tolerances.tex"]).toMatch(/^[\x20-\x7e\n]*$/);
  });
});

test.each(["a b", 'x"y', "<b>", "constructor/", "../x", "x\u202e", "", "__proto__"])(
  "ids are words joined by hyphens, not %j",
  (id) => {
    const results = exampleResults();
    const [statement, law, lemma] = [results.statements[0]!, results.laws[0]!, results.lemmas[0]!];
    const refused = [
      { ...results, statements: [{ ...statement, id }] },
      { ...results, statements: [{ ...statement, of: id }] },
      { ...results, laws: [{ ...law, id }] },
      { ...results, lemmas: [{ ...lemma, id }] },
      { ...results, boundaries: [{ id, boundary: results.boundaries![0]!.boundary }] },
    ];
    for (const each of refused) {
      let got: unknown;
      try {
        parseResults(JSON.stringify(each));
      } catch (error) {
        got = error;
      }
      // an id of a boundary is a file's name, and may have underscores within
      expect(isInvalidInput(got), JSON.stringify(each).slice(0, 80)).toBe(true);
    }
  },
);

test.each(["constructor", "valueof", "hasownproperty"])("an id that every object has is an id: %s", async (id) => {
  const results = exampleResults();
  const renamed = <T>(part: T): T => JSON.parse(JSON.stringify(part).replaceAll('"base"', `"${id}"`));
  const again = { ...results, laws: renamed(results.laws), statements: renamed(results.statements) };
  const files = await reportFiles(parseResults(JSON.stringify(again)), presentation);
  for (const [name, text] of Object.entries(files)) expect(text, name).not.toMatch(/function|\[native code\]/);
});

describe("html`…`", () => {
  test("escapes what is inserted, unless it is markup", () => {
    expect(html`<i title="${`"'<&>`}">${"<b>"}${7}${undefined}${[html`<b>${"x&y"}</b>`, "<"]}</i>`.markup).toBe(
      '<i title="&quot;&#39;&lt;&amp;&gt;">&lt;b&gt;7<b>x&amp;y</b>&lt;</i>',
    );
    expect(joined([trusted("<br>"), undefined, html`${"<"}`]).markup).toBe("<br>\n&lt;");
    expect(escapeHtml("a")).toBe("a");
  });

  test("an object that only looks like markup is text", () => {
    const forged = { markup: "<script></script>", toString: () => "<script></script>" };
    expect(html`${forged as unknown as string}`.markup).toBe("&lt;script&gt;&lt;/script&gt;");
  });
});

test.each(["\\mathds{1}", "\\frac{1", "{".repeat(20_000), "\\def\\a{\\a\\a}\\a", "\\href{javascript:1}{x}"])(
  "a formula that KaTeX does not set stands there as text: %.20s",
  (tex) => {
    const { markup } = formulaHtml(tex);
    expect(markup).not.toMatch(/<a\b|href="/);
    expect(markup).toMatch(/^<pre><code>|^<span|^<math/);
  },
);

test.each([
  ["a_b_c", "a\\_b\\_c"],
  ["x^(1)^(2)", "x\\textasciicircum{}(1)\\textasciicircum{}(2)"],
  ["\\input_x", "\\textbackslash{}input\\_x"],
  ["α*^(2)", "$\\alpha$*\\textasciicircum{}(2)"],
  ["é", "(U+00E9)"],
  ["a\n\nb", "a b"],
])("texOf(%j) is text where TeX would not take it as mathematics", (words, tex) => {
  expect(texOf(words)).toBe(tex);
});

test.each([
  ["ΔW_Q", "ΔW_Q"],
  ["_x_", "\\_x\\_"],
  ["a|b\nc", "a\\|b c"],
  ["[x](y)", "\\[x\\](y)"],
  ["# x", "\\# x"],
])("markdownOf(%j) = %j", (words, markdown) => {
  expect(markdownOf(words)).toBe(markdown);
});
