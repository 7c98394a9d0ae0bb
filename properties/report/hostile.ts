import { parseResults, type Results } from "../../src/report/results.ts";
import { presentation } from "../../theorems/presentation.ts";

/** What somebody may write into a file whose report another opens. `ran` is what a script would set. */
export const MARKERS: readonly (readonly [name: string, marker: string])[] = [
  ["a script", "<script>window.ran = 1</script>"],
  ["an image that fails", `"><img src=x onerror="window.ran = 1">`],
  ["a link that runs", "javascript:window.ran=1"],
  ["the end of the stylesheet", "</style></title><svg onload='window.ran = 1'>"],
  ["a template", `$${"{window.ran = 1}"}{{window.ran = 1}}`],
  ["a command of TeX", "\\input{/etc/passwd} x_\\input{y} } \\\\ % & # $ ^^M ~"],
  ["a link of Markdown", "[x](javascript:window.ran=1) ![x](https://example.org/x.png) | `x` **x** <b>x</b> _x_"],
  ["text that runs backwards", "a\u202eb\u2066c\u0007\u001b[2Jd\u0085e\u2028f\ng"],
];

/** Data with a marker in each text field that its form leaves free, the names of fields included. */
export function injected<T>(data: T, marker: string, parse: (data: unknown) => unknown): { data: T; fields: string[] } {
  const fields: string[] = [];
  const refused = new Set<string>();
  const root = { data: structuredClone(data) as unknown };
  const accepts = () => {
    try {
      parse(root.data);
      return true;
    } catch {
      return false;
    }
  };
  const visit = (parent: Record<string, unknown>, key: string, path: string): void => {
    const value = parent[key];
    if (typeof value === "string" && !refused.has(path)) {
      parent[key] = `${marker} ${value}`;
      // one check for all fields of a list
      if (fields.includes(path)) return;
      if (accepts()) fields.push(path);
      else {
        parent[key] = value;
        refused.add(path);
      }
    } else if (typeof value === "object" && value !== null) {
      for (const each of Object.keys(value)) {
        visit(value as Record<string, unknown>, each, Array.isArray(value) ? path : `${path}.${each}`);
      }
    }
  };
  visit(root, "data", "");
  return { data: root.data as T, fields };
}

/** Results with a marker in each text field. */
export function hostileResults(results: Results, marker: string): { data: Results; fields: string[] } {
  const { data, fields } = injected(results, marker, (each) => {
    const { figures, pruningCost } = parseResults(JSON.stringify(each));
    presentation.schema.parse(figures);
    presentation.performance?.costSchema.parse(pruningCost);
  });
  return { data: parseResults(JSON.stringify(data)), fields };
}
