import type { TestProject } from "vitest/node";

/** Tells the tests of theorems which names `vitest -t` asks for, so that no model is trained for any other. */
export default function provideSelectedNames(project: TestProject): void {
  project.provide("selectedNames", project.vitest.config.testNamePattern?.source ?? "");
}

declare module "vitest" {
  export interface ProvidedContext {
    /** A regular expression; empty where every test runs. */
    readonly selectedNames: string;
  }
}
