/** Markup: text that a browser may take for HTML. Only the tag `html` and what calls `trusted` make it. */
export class Html {
  readonly markup: string;

  constructor(markup: string) {
    this.markup = markup;
  }

  toString(): string {
    return this.markup;
  }
}

/** What a template may insert: text and numbers are escaped, markup and lists of it are not; undefined is nothing. */
type Inserted = string | number | undefined | Html | readonly Inserted[];

/** html`<b>${title}</b>`: everything inserted is text, unless it is markup itself. Attributes stand in double quotes. */
export function html(parts: TemplateStringsArray, ...inserted: readonly Inserted[]): Html {
  return new Html(parts.reduce((before, part, i) => before + markupOf(inserted[i - 1]) + part));
}

/** Text that is markup already: of KaTeX, of Vega, or written in this project. Never what a file says. */
export function trusted(markup: string): Html {
  return new Html(markup);
}

/** Parts with a separator between them; those that are empty are left out. */
export function joined(parts: readonly (Html | undefined)[], separator = "\n"): Html {
  return new Html(
    parts
      .map((part) => part?.markup ?? "")
      .filter((markup) => markup !== "")
      .join(separator),
  );
}

export function escapeHtml(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;")
    .replaceAll("'", "&#39;");
}

function markupOf(value: Inserted): string {
  if (value === undefined) return "";
  if (value instanceof Html) return value.markup;
  return Array.isArray(value) ? value.map(markupOf).join("") : escapeHtml(String(value));
}
