import { visibleIn } from "../../visible-text.ts";
import { encodedText } from "./messages.ts";

/** What happened, for programs: docs/scale.md lists the fields of each. */
export interface Happening {
  readonly event:
    | "connected"
    | "works-for"
    | "progress"
    | "ended"
    | "worker-there"
    | "worker-lost"
    | "worker-back"
    | "worker-refused"
    | "no-worker"
    | "summary"
    | "orders-lost"
    | "audit"
    | "server-away"
    | "server-back"
    | "note";
  readonly [field: string]: unknown;
}

/** What is said on stderr: a line for a person, and the same for a program; a note unless given. */
export type Tell = (line: string, happening?: Happening) => void;

/** The same as a line of JSON. */
export function jsonLine(line: string, happening: Happening = { event: "note" }): string {
  const { event, ...fields } = happening;
  return encodedText(visibleIn({ event, text: line, ...fields }));
}
