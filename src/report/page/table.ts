import { type Html, html, joined, trusted } from "./html.ts";

/** A cell: its content, with what a phone shows before it where rows become cards. */
export interface Cell {
  readonly content: Html;
  /** A number: aligned right. */
  readonly number?: boolean;
  /** Takes the whole width of a card. */
  readonly whole?: boolean;
  /** Left out on a phone. */
  readonly later?: boolean;
}

export const text = (words: string): Cell => ({ content: html`${words}` });
export const cell = (content: Html): Cell => ({ content });
export const numeric = (words: string): Cell => ({ content: html`${words}`, number: true });

export interface TableOptions {
  readonly caption: string | Html;
  readonly head: readonly string[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly Cell[])[];
  readonly className?: string;
}

/**
 * A table whose rows become cards on a phone. Roles are written out, since a browser forgets what a table is when its
 * display changes.
 */
export function table({ caption, head, rows, className }: TableOptions): Html {
  const headClasses = head.map((_, i) => classOf(rows[0]?.[i] ?? {}));
  const body = rows.map((cells) => {
    const [first, ...others] = cells as [Cell, ...Cell[]];
    return html`<tr role="row"><th scope="row" role="rowheader"${classOf(first)}>${first.content}</th>${others.map(
      (other, i) => html`<td role="cell" data-label="${head[i + 1]}"${classOf(other)}>${other.content}</td>`,
    )}</tr>`;
  });
  return joined([
    html`<table role="table" class="${["cards", className].filter((name) => name !== undefined).join(" ")}">`,
    html`<caption role="caption">${caption}</caption>`,
    html`<thead role="rowgroup"><tr role="row">`,
    ...head.map((name, i) => html`<th scope="col" role="columnheader"${headClasses[i]}>${name}</th>`),
    html`</tr></thead><tbody role="rowgroup">`,
    ...body,
    html`</tbody></table>`,
  ]);
}

function classOf({ number, whole, later }: Omit<Cell, "content">): Html {
  const classes = [number ? "number" : "", whole ? "whole" : "", later ? "later" : ""].filter((name) => name !== "");
  return classes.length === 0 ? trusted("") : html` class="${classes.join(" ")}"`;
}
