import { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";

/** For a schema: what a value that it refuses should be. */
export const must = (rule: string) => ({ error: `must be ${rule}` });

/** Words: not empty. */
export const sentence = z
  .string(must("a sentence"))
  .refine((text) => text.trim() !== "", { ...must("a sentence"), abort: true });

/** Longer names are no names of files. results.json and the others that are made of them have the same limit. */
const LONGEST_ID = 200;

const ID_RULE = must("lower-case words joined by hyphens");

/** A name for files and for fields of objects, where "constructor" would be found before anybody wrote it. */
export const identifier = z
  .string(ID_RULE)
  .regex(/^[a-z0-9][a-z0-9-]*$/, { ...ID_RULE, abort: true })
  .max(LONGEST_ID, must(`at most ${LONGEST_ID} characters`))
  .refine((id) => !(id in {}), must("no name that every object has"));

/**
 * Checks every field of a declaration.
 *
 * @param name what is declared, for instance "theorem few-steps"
 * @throws InvalidInput naming each field that breaks a rule, the rule, and what was got
 */
export function requireValid(schema: z.ZodObject, name: string, input: unknown): void {
  const parsed = schema.safeParse(input);
  if (parsed.success) return;
  const known = Object.keys(schema.shape).join(", ");
  if (typeof input !== "object" || input === null) {
    throw new InvalidInput(`${name} must be an object of ${known}, got ${shown(input)}`);
  }
  const broken = parsed.error.issues.flatMap((issue) => {
    if (issue.code === "unrecognized_keys") {
      const among = issue.path.length === 0 ? `, which are ${known}` : "";
      return issue.keys.map((key) => `${fieldName([...issue.path, key])} is none of the fields${among}`);
    }
    // some rules say themselves what they got
    const got = issue.message.includes(", got ") ? "" : `, got ${shown(valueAt(input, issue.path))}`;
    return [`${fieldName(issue.path)} ${issue.message}${got}`];
  });
  throw new InvalidInput(broken.map((each) => `${name}: ${each}`).join("\n"));
}

function fieldName(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === "number" ? `[${key}]` : `${i === 0 ? "" : "."}${String(key)}`)).join("");
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key], input);
}

/** For people: a value as a declaration may hold it, in at most a line. */
export function shown(value: unknown): string {
  if (value === undefined) return "nothing";
  if (typeof value === "function") return "a function";
  if (typeof value === "number" || typeof value === "symbol") return String(value);
  if (typeof value === "bigint") return `${value}n`;
  if (value instanceof Promise) return "a promise";
  const json = jsonOf(value);
  return json.length <= LONGEST_SHOWN ? json : `${json.slice(0, LONGEST_SHOWN)}…`;
}

const LONGEST_SHOWN = 200;

function jsonOf(value: unknown): string {
  try {
    return JSON.stringify(value) ?? "nothing";
  } catch {
    return "an object that JSON cannot hold";
  }
}

/**
 * Marks what this package has checked, and freezes it with all its lists and fields, so that nobody changes it after
 * the check. A registered symbol is the mark, since a module from outside may load its own copy of this package, as a
 * CommonJS project does, and the registry is the same for both. It is not enumerable: { ...checked, p0: 0.5 } has lost it.
 */
export function checked<T extends object>(what: Checked, value: T): T {
  return frozen(Object.defineProperty(value, markOf(what), { value: true }));
}

export function isChecked(what: Checked, value: unknown): boolean {
  return typeof value === "object" && value !== null && Object.hasOwn(value, markOf(what));
}

type Checked = "law" | "claim" | "statement";

const markOf = (what: Checked) => Symbol.for(`theorycheck.${what}`);

/** Freezes lists and plain objects, and those within them. */
export function frozen<T>(value: T): T {
  if (Object.isFrozen(value) || !(Array.isArray(value) || isRecord(value))) return value;
  Object.freeze(value);
  for (const each of Object.values(value)) frozen(each);
  return value;
}

/** Whether a value is an object that no class made: { ... }, or the namespace of a module. */
export function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null) return false;
  const prototype: unknown = Object.getPrototypeOf(value);
  return prototype === Object.prototype || prototype === null;
}
