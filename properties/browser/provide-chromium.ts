import type { TestProject } from "vitest/node";
import { findChromium, thisMachine } from "../find-chromium.ts";

/** Tells the tests in a browser where it is; ends the run where they must run and cannot. */
export default function provideChromium(project: TestProject): void {
  const chromium = findChromium(thisMachine);
  if (chromium.kind !== "found") throw new Error(chromium.why);
  project.provide("chromium", chromium.path);
}

declare module "vitest" {
  export interface ProvidedContext {
    /** Path of Chromium or Chrome. */
    readonly chromium: string;
  }
}
