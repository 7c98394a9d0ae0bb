import { InvalidInput } from "../../invalid-input.ts";
import type { Engine } from "./engine.ts";
import { kernelEngine } from "./kernel/engine.ts";
import { referenceEngine } from "./reference.ts";

const ENGINES: readonly Engine[] = [referenceEngine, kernelEngine];

export const ENGINE_NAMES: readonly Engine["name"][] = ENGINES.map((engine) => engine.name);

/**
 * The engine of this name.
 *
 * @throws InvalidInput if there is none
 */
export function engineNamed(name: string): Engine {
  const engine = ENGINES.find((one) => one.name === name);
  if (engine === undefined) throw new InvalidInput(`engine: must be ${ENGINE_NAMES.join(" or ")}, got ${name}`);
  return engine;
}
