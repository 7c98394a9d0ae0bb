import { escapeHtml } from "./math.ts";

/** A cell: HTML, with what a phone shows before it where rows become cards. */
export interface Cell {
  readonly html: string;
  /** A number: aligned right. */
  readonly number?: boolean;
  /** Takes the whole width of a card. */
  readonly whole?: boolean;
  /** Left out on a phone. */
  readonly later?: boolean;
}

export const text = (words: string): Cell => ({ html: escapeHtml(words) });
export const html = (markup: string): Cell => ({ html: markup });
export const numeric = (words: string): Cell => ({ html: escapeHtml(words), number: true });

export interface TableOptions {
  readonly caption: string;
  readonly head: readonly string[];
  /** The first cell of a row is its header. */
  readonly rows: readonly (readonly Cell[])[];
  readonly className?: string;
}

/**
 * A table whose rows become cards on a phone. Roles are written out, since a browser forgets what a table is when its
 * display changes.
 */
export function table({ caption, head, rows, className = "" }: TableOptions): string {
  const cellClass = ({ number, whole, later }: Cell) => {
    const classes = [number ? "number" : "", whole ? "whole" : "", later ? "later" : ""].filter((name) => name !== "");
    return classes.length === 0 ? "" : ` class="${classes.join(" ")}"`;
  };
  const headClasses = head.map((_, i) => cellClass(rows[0]?.[i] ?? { html: "" }));
  const body = rows.map((cells) => {
    const [first, ...others] = cells as [Cell, ...Cell[]];
    return [
      '<tr role="row">',
      `<th scope="row" role="rowheader"${cellClass(first)}>${first.html}</th>`,
      ...others.map(
        (cell, i) =>
          `<td role="cell" data-label="${escapeHtml(head[i + 1] ?? "")}"${cellClass(cell)}>${cell.html}</td>`,
      ),
      "</tr>",
    ].join("");
  });
  return [
    `<table role="table" class="cards ${className}">`.replace(' "', '"'),
    `<caption role="caption">${caption}</caption>`,
    '<thead role="rowgroup"><tr role="row">',
    ...head.map((name, i) => `<th scope="col" role="columnheader"${headClasses[i]}>${escapeHtml(name)}</th>`),
    '</tr></thead><tbody role="rowgroup">',
    ...body,
    "</tbody></table>",
  ].join("\n");
}
