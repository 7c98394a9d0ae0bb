import type { Relation } from "../../src/claim/relation.ts";
import { element } from "../page/element.ts";

/** Where an observation and the allowed values lie on a short axis; all in [0, 1]. */
export interface GaugePlaces {
  readonly allowedFrom: number;
  readonly allowedTo: number;
  readonly at: number;
}

/** Undefined where a picture would say nothing: bounds of zero, and observations that are not finite. */
export function gaugePlaces(relation: Relation, observed: number): GaugePlaces | undefined {
  if (!Number.isFinite(observed)) return undefined;
  const clamp = (value: number) => Math.min(1, Math.max(0, value));
  switch (relation.kind) {
    case "at most":
      if (relation.bound <= 0) return undefined;
      return { allowedFrom: 0, allowedTo: 2 / 3, at: clamp(observed / (1.5 * relation.bound)) };
    case "at least":
    case "above":
      if (relation.bound <= 0) return undefined;
      return { allowedFrom: 1 / 3, allowedTo: 1, at: clamp(observed / (3 * relation.bound)) };
    case "within": {
      const width = relation.high - relation.low;
      return { allowedFrom: 1 / 6, allowedTo: 5 / 6, at: clamp((observed - relation.low) / (1.5 * width) + 1 / 6) };
    }
  }
}

/** The allowed part of the axis and the observation on it. Decoration: the numbers stand beside it. */
export function gauge(relation: Relation, observed: number): HTMLElement {
  const places = gaugePlaces(relation, observed);
  const root = element("span", { class: "gauge", "aria-hidden": "true" });
  if (places === undefined) return root;
  const allowed = element("span", { class: "allowed" });
  allowed.style.left = `${100 * places.allowedFrom}%`;
  allowed.style.right = `${100 - 100 * places.allowedTo}%`;
  const dot = element("span", { class: "observation" });
  dot.style.left = `${100 * places.at}%`;
  root.append(element("span", { class: "axis" }), allowed, dot);
  return root;
}
