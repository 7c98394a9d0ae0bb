import type { Setting, Varied } from "../explore/boundary.ts";
import { valuesOf } from "../explore/space.ts";
import { typedNumber } from "../json-number.ts";
import { isChoice, type Parameters } from "../law/parameters.ts";
import { UsageError } from "./errors.ts";

/** Options about the fields of θ: which there are is known when the declarations are loaded, and not before. */

/** `--release`: names of hypotheses. @throws UsageError where one is none */
export function releasedHypotheses({ hypotheses }: Parameters, names: readonly string[]): readonly string[] {
  for (const name of names) {
    if (!hypotheses.includes(name)) {
      throw new UsageError(`--release must be among ${hypotheses.join(", ")}, got ${JSON.stringify(name)}`);
    }
  }
  return names;
}

/** `--vary` and `--range`: a numeric field from one number to another. @throws UsageError */
export function variedField(parameters: Parameters, text: string, option = "--vary"): Varied {
  const [, name, from, to] = /^([A-Za-z]\w*)=(.+)\.\.(.+)$/.exec(text) ?? [];
  const numeric = parameters.names.filter((field) => !isChoice(parameters, field));
  const field = numeric.find((each) => each === name);
  const ends = [typedNumber(from ?? ""), typedNumber(to ?? "")] as const;
  if (field === undefined || ends[0] === undefined || ends[1] === undefined || !(ends[0] < ends[1])) {
    throw new UsageError(
      `${option} must be a field and two numbers, as in delta=0.01..3, with a field among ${numeric.join(", ")}, got ${JSON.stringify(text)}`,
    );
  }
  return { field, from: ends[0], to: ends[1] };
}

/** `--set`: a field and its value. @throws UsageError */
export function fieldSetting(parameters: Parameters, text: string): Setting {
  const [, name, value] = /^([A-Za-z]\w*)=(.+)$/.exec(text) ?? [];
  const field = parameters.names.find((each) => each === name);
  const fail = (rule: string): never => {
    throw new UsageError(`--set must be ${rule}, got ${JSON.stringify(text)}`);
  };
  if (field === undefined || value === undefined) {
    return fail(`a field and a value, as in Tmax=1000, with a field among ${parameters.names.join(", ")}`);
  }
  if (isChoice(parameters, field)) {
    const values = valuesOf({ parameters }, field);
    return values.includes(value) ? { field, value } : fail(`${field}= one of ${values.join(", ")}`);
  }
  const number = typedNumber(value);
  return number === undefined ? fail(`${field}= a number`) : { field, value: number };
}
