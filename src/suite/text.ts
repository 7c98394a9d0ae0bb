import { isAlias, isMap, isNode, isScalar, isSeq, LineCounter, type Node, parseDocument, visit } from "yaml";
import type { z } from "zod";
import { InvalidInput } from "../invalid-input.ts";
import { shown } from "../law/declared.ts";

/** A place in a suite: keys and indices. */
export type Path = readonly PropertyKey[];

/** More than this is no suite that somebody wrote. */
const MOST_CHARACTERS = 1 << 20;

/** What a text of YAML or JSON says, and where it says it. */
export class SuiteText {
  readonly data: unknown;
  readonly #name: string;
  readonly #lines = new LineCounter();
  readonly #document;

  /** @throws InvalidInput with line and column where it is neither YAML nor JSON */
  constructor(text: string, name: string) {
    this.#name = name;
    if (text.length > MOST_CHARACTERS) {
      throw new InvalidInput(`${name} must have at most ${MOST_CHARACTERS} characters, got ${text.length}`);
    }
    try {
      this.#document = parseDocument(text, { lineCounter: this.#lines, prettyErrors: false });
      const [wrong] = [...this.#document.errors, ...this.#document.warnings];
      if (wrong !== undefined) {
        throw new InvalidInput(printable(`${this.#at(wrong.pos[0])} must be YAML or JSON, got ${wrong.message}`));
      }
      visit(this.#document, { Pair: (_, { key }) => this.#requireName(key) });
      this.data = this.#document.toJS();
    } catch (error) {
      if (error instanceof InvalidInput) throw error;
      // too deep a nest, or aliases that would unfold to millions
      throw new InvalidInput(`${name} must be YAML or JSON that can be read, got ${error}`);
    }
  }

  /** An error about what stands at a path. */
  invalid(path: Path, message: string): InvalidInput {
    return new InvalidInput(printable(`${this.#at(this.#offset(path))} ${fieldAt(path)}${message}`));
  }

  /** Data of a form. @throws InvalidInput naming file, line and field of everything that is wrong */
  parse<T>(schema: z.ZodType<T>): T {
    const parsed = schema.safeParse(this.data);
    if (parsed.success) return parsed.data;
    const errors = parsed.error.issues.flatMap((issue) => this.#broken(issue, []));
    throw new InvalidInput(errors.map(({ message }) => message).join("\n"));
  }

  #broken(issue: z.core.$ZodIssue, above: Path): InvalidInput[] {
    const path = [...above, ...issue.path];
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((key) => this.invalid([...path, key], "is no field that is known here"));
    }
    if (issue.code === "invalid_union") {
      const likeliest = likeliestOf(issue.errors);
      if (likeliest !== undefined) return likeliest.flatMap((each) => this.#broken(each, path));
    }
    // the rule that a key of a record breaks stands one below
    const message = issue.code === "invalid_key" ? (issue.issues[0]?.message ?? issue.message) : issue.message;
    const value = path.reduce<unknown>(
      (within, key) => (within as Record<PropertyKey, unknown> | undefined)?.[key],
      this.data,
    );
    return [this.invalid(path, `${message}, got ${shown(issue.code === "invalid_key" ? path.at(-1) : value)}`)];
  }

  /** A key is a word; one that every object has would be lost without a word. */
  #requireName(key: unknown): void {
    const name = isScalar(key) ? key.value : undefined;
    if (["string", "number", "boolean"].includes(typeof name) && name !== "__proto__") return;
    const offset = isNode(key) ? (key.range?.[0] ?? 0) : 0;
    throw new InvalidInput(
      `${this.#at(offset)} a key must be a word, got ${name === "__proto__" ? name : "something else"}`,
    );
  }

  #at(offset: number): string {
    const { line, col } = this.#lines.linePos(offset);
    return `${this.#name}:${Math.max(1, line)}:${Math.max(1, col)}:`;
  }

  /** Of the key, or the item, that the path leads to, as far as it leads. */
  #offset(path: Path): number {
    let node: Node | null | undefined = this.#document?.contents;
    let offset = node?.range?.[0] ?? 0;
    for (const key of path) {
      if (isAlias(node)) node = this.#document === undefined ? undefined : node.resolve(this.#document);
      if (isMap(node)) {
        const pair = node.items.find((each) => isScalar(each.key) && String(each.key.value) === String(key));
        if (pair === undefined) break;
        offset = (pair.key as Node).range?.[0] ?? offset;
        node = pair.value as Node | null;
      } else if (isSeq(node)) {
        node = node.items[key as number] as Node | undefined;
        offset = node?.range?.[0] ?? offset;
      } else break;
    }
    return offset;
  }
}

/** Of a union's branches, what is wrong with the one that was meant: fewest errors; none where several are as likely. */
function likeliestOf(branches: readonly (readonly z.core.$ZodIssue[])[]): readonly z.core.$ZodIssue[] | undefined {
  const least = Math.min(...branches.map(({ length }) => length));
  const [one, other] = branches.filter(({ length }) => length === least);
  const isWhole = one?.some(({ path, code }) => path.length === 0 && code === "invalid_type");
  return other === undefined && !isWhole ? one : undefined;
}

/** "theorems[0].claims[1].measure ", with names that could steer a terminal in quotes. */
function fieldAt(path: Path): string {
  const name = path
    .map((key, i) => {
      if (typeof key === "number") return `[${key}]`;
      const text = String(key);
      return `${i === 0 ? "" : "."}${/^[\p{L}\p{N}_-]+$/u.test(text) ? text : JSON.stringify(text)}`;
    })
    .join("");
  return name === "" ? "the whole " : `${name} `;
}

/** A message without characters that could steer a terminal. */
function printable(message: string): string {
  return message.replace(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/gu, "·");
}
