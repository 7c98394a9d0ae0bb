/** A kind of field with a text, by its path in the file, for instance "statements[].title". */
export interface TextField {
  readonly path: string;
  /** What the first of them says. */
  readonly says: string;
}

/** Every kind of field that holds a text, once: lists by any of their items, records by any of their keys. */
export function textFieldsOf(data: unknown): readonly TextField[] {
  const fields = new Map<string, string>();
  const walk = (value: unknown, path: string): void => {
    if (typeof value === "string") {
      if (!fields.has(path)) fields.set(path, value);
    } else if (Array.isArray(value)) for (const item of value) walk(item, `${path}[]`);
    else if (typeof value === "object" && value !== null) {
      for (const [key, item] of Object.entries(value)) walk(item, path === "" ? key : `${path}.${key}`);
    }
  };
  walk(data, "");
  return [...fields].map(([path, says]) => ({ path, says }));
}

/**
 * The data with other texts: wherever a field says what the first of its kind says, and wherever else the same is said
 * (what refers to an id must go on referring to it).
 */
export function withTexts(data: unknown, texts: ReadonlyMap<string, string>): unknown {
  const of = (text: string) => texts.get(text) ?? text;
  if (typeof data === "string") return of(data);
  if (Array.isArray(data)) return data.map((item) => withTexts(item, texts));
  if (typeof data !== "object" || data === null) return data;
  return Object.fromEntries(Object.entries(data).map(([key, item]) => [key, withTexts(item, texts)]));
}
