import { print } from "./print.ts";
import {
  type Asking,
  describeAsked,
  describeExplained,
  describeFindings,
  describeFoundRate,
  describeSimplest,
  describeSpent,
  type Searched,
} from "./search-words.ts";

interface AnswerOptions extends Asking {
  /** Whether what is found is examined: of one theorem it is. */
  readonly examines: boolean;
  /** Whether another answer stands before it. */
  readonly follows: boolean;
  readonly json?: boolean | undefined;
}

/** Prints each part of an answer as soon as it is known. */
export class Answer {
  readonly options: AnswerOptions;
  readonly #said = new Set<string>();
  known: Searched | undefined;
  /** How to print where a line of progress may stand. */
  aside: (print: () => void) => void = (print) => print();

  constructor(options: AnswerOptions) {
    this.options = options;
  }

  found(known: Searched): void {
    this.#say(
      "found",
      describeAsked(known.law, this.options) + describeFindings(known, this.options, this.options.examines),
    );
  }

  /** What is known of the violation. @param final whether nothing more will be */
  examined(known: Searched, final: boolean): void {
    const { examination } = known;
    if (examination === undefined) return;
    if (examination.foundRate !== undefined) this.#say("rate", describeFoundRate(examination.foundRate));
    if (final || examination.simplestRate !== undefined) this.#say("simplest", describeSimplest(known, this.options));
    if (final) this.#say("explained", describeExplained(known));
  }

  end(known: Searched): void {
    this.found(known);
    this.examined(known, true);
    this.#say("spent", describeSpent(known, this.options));
  }

  #say(part: string, text: string): void {
    if (this.options.json || this.#said.has(part)) return;
    this.#said.add(part);
    const whole = this.#said.size === 1 && this.options.follows ? `\n${text}` : text;
    this.aside(() => print(whole));
  }
}
