import { eventKey, type JudgedClaim } from "../../src/claim/population.ts";
import type { Provenance } from "../../src/claim/provenance.ts";
import { describeRelation, slack, violates } from "../../src/claim/relation.ts";
import type { Statement } from "../../src/claim/theorem.ts";
import { encodeNumber, shortNumber } from "../../src/report/encode.ts";
import { EvidenceBar } from "../charts/evidence-bar.ts";
import { gauge } from "../charts/gauge.ts";
import { formulas } from "../input/built-in.ts";
import type { JudgedModel, Observation } from "../worker/judged-model.ts";
import type { ManyProgress } from "../worker/many-seeds.ts";
import { builtIn, button, element, setText } from "./element.ts";
import { numbersIn, type WorkedModel, worked } from "./worked.ts";

export interface ClaimActions {
  /** Puts the model of this seed on the page. */
  readonly openSeed: (seed: number) => void;
  /** Offers the claim on the present model as a counterexample file. */
  readonly save: (claim: JudgedClaim) => void;
}

/** Every claim on the law at hand: what this one model shows of it, and what many models say. */
export class ClaimsView {
  readonly root = element("div", { class: "claims" });
  readonly scoreboard = element("ul", { class: "scoreboard" });
  readonly #actions: ClaimActions;
  #cards: StatementCard[] = [];
  #claims: readonly JudgedClaim[] = [];

  constructor(actions: ClaimActions) {
    this.#actions = actions;
  }

  /** Lists these claims; they are unjudged as yet. */
  show(claims: readonly JudgedClaim[]): void {
    if (claims === this.#claims) return;
    this.#claims = claims;
    const byStatement = new Map<Statement, JudgedClaim[]>();
    for (const claim of claims) byStatement.set(claim.statement, [...(byStatement.get(claim.statement) ?? []), claim]);
    this.#cards = [...byStatement].map(([statement, own]) => new StatementCard(statement, own, this.#actions));
    const theorems = this.#cards.filter((card) => card.statement.kind === "theorem");
    const others = this.#cards.filter((card) => card.statement.kind !== "theorem");
    this.scoreboard.replaceChildren(...theorems.map((card) => element("li", {}, card.pill)));
    this.root.replaceChildren(
      ...theorems.map((card) => card.root),
      ...(others.length === 0
        ? []
        : [
            element(
              "details",
              { class: "others" },
              element("summary", {}, `Controls and findings on this law (${others.length}): expected to be violated`),
              ...others.map((card) => card.root),
            ),
          ]),
    );
  }

  /** What one model shows; undefined while there is none to judge, since it is trained just now or for other reasons. */
  judge(judged: JudgedModel | undefined, broken: ReadonlyMap<string, string>, inTraining: boolean): void {
    for (const card of this.#cards) card.judge(judged, broken, inTraining);
  }

  /** This model's numbers in the formulas; undefined while it is trained, or not judged. */
  work(model: WorkedModel | undefined): void {
    for (const card of this.#cards) card.work(model);
  }

  /** The theorems that the model violates; undefined where none was judged, or its training has not ended. */
  get violated(): readonly string[] | undefined {
    const theorems = this.#cards.filter((card) => card.statement.kind === "theorem");
    if (theorems.every((card) => card.state === "open" || card.state === "so far")) return undefined;
    return theorems.filter((card) => card.state === "violated").map((card) => card.statement.id);
  }

  /** What many models say; undefined where nobody asked. */
  judgeMany(progress: ManyProgress | undefined): void {
    for (const card of this.#cards) card.judgeMany(progress);
  }
}

class StatementCard {
  readonly statement: Statement;
  readonly root: HTMLElement;
  readonly pill: HTMLButtonElement;
  state: State = "open";
  readonly #rows: readonly ClaimRow[];
  readonly #outside = element("p", { class: "outside" });
  readonly #numbers = element("p", { class: "formula-numbers", hidden: true });
  readonly #evidence = new EvidenceBar();
  readonly #many = element("div", { class: "many", hidden: true }, ...this.#evidence.parts);

  constructor(statement: Statement, claims: readonly JudgedClaim[], actions: ClaimActions) {
    this.statement = statement;
    this.#rows = claims.map((claim) => new ClaimRow(claim, actions));
    const { id, title, provenance, deviates } = statement;
    this.root = element(
      "article",
      { class: "statement", id: `statement-${id}`, tabindex: -1 },
      element(
        "header",
        {},
        element("h3", {}, title),
        element(
          "p",
          { class: "source" },
          element("code", {}, id),
          ` · ${statement.kind === "theorem" ? "" : `${statement.kind} · `}${sourceOf(provenance)}`,
          ...(deviates === "" ? [] : [` · ${deviates}`]),
        ),
        ...(formulas[id] === undefined
          ? []
          : [
              element(
                "div",
                { class: "formula", role: "group", "aria-label": "The statement", tabindex: 0 },
                builtIn(formulas[id]),
              ),
              this.#numbers,
            ]),
        this.#outside,
        this.#many,
      ),
      ...this.#rows.map((row) => row.root),
    );
    this.pill = button(
      id,
      () => {
        this.root.scrollIntoView({ block: "center" });
        this.root.focus({ preventScroll: true });
      },
      { class: "pill", title },
    );
  }

  judge(judged: JudgedModel | undefined, broken: ReadonlyMap<string, string>, inTraining: boolean): void {
    const soFar = inTraining || judged?.ended === false;
    const states = this.#rows.map((row) => row.judge(judged?.observations[row.claim.key], soFar));
    const state = STATES.find((each) => states.includes(each)) ?? "open";
    this.state = state;
    this.pill.dataset.state = state;
    this.root.dataset.state = state;
    const needed = this.statement.kind === "theorem" ? this.statement.hypotheses : [];
    const left = needed.filter((name) => broken.has(name));
    this.pill.classList.toggle("leaves", left.length > 0);
    this.pill.setAttribute(
      "aria-label",
      `${this.statement.id}: ${WORD[state]}${left.length > 0 ? `, leaves its hypothesis ${left.join(", ")}` : ""}`,
    );
    this.#outside.hidden = left.length === 0;
    setText(this.#outside, `θ leaves what this theorem needs: ${left.join(", ")}`);
  }

  work(model: WorkedModel | undefined): void {
    const { id, formula } = this.statement;
    const numbers = model === undefined || formula === undefined ? "" : numbersIn(formula, model.snapshot);
    this.#numbers.hidden = numbers === "";
    setText(this.#numbers, numbers === "" ? "" : `here ${numbers}`);
    for (const row of this.#rows) row.work(id, model);
  }

  /** The verdict on the statement as a whole, where it has one; its rows show those on single claims. */
  judgeMany(progress: ManyProgress | undefined): void {
    const lawId = this.#rows[0]!.claim.law.id;
    const whole = progress?.events.get(eventKey(this.statement.id, undefined, lawId));
    this.#many.hidden = whole === undefined;
    if (whole !== undefined) this.#evidence.update(whole.verdict, progress!.thresholds, "the theorem");
    for (const row of this.#rows) row.judgeMany(progress);
  }
}

/** In the order in which they decide on a statement of several claims. */
const STATES = ["violated", "so far", "open", "holds"] as const;
type State = (typeof STATES)[number];
const WORD: Record<State, string> = {
  holds: "holds",
  violated: "violated",
  "so far": "so far",
  open: "not judged",
};

class ClaimRow {
  readonly claim: JudgedClaim;
  readonly root: HTMLElement;
  readonly #chip = element("span", { class: "chip" }, WORD.open);
  readonly #observed = element("dd");
  readonly #margin = element("dd");
  readonly #work = element("p", { class: "worked", hidden: true });
  readonly #gauge = element("span", { class: "gauge-place" });
  readonly #why = element("p", { class: "why", hidden: true });
  readonly #save: HTMLButtonElement;
  readonly #many = element("div", { class: "many", hidden: true });
  readonly #evidence = new EvidenceBar();
  readonly #counted = element("span", { class: "many-text" });
  readonly #worst: HTMLButtonElement;
  #worstSeed = 0;

  constructor(claim: JudgedClaim, actions: ClaimActions) {
    this.claim = claim;
    this.#save = button("Save as file", () => actions.save(claim), { class: "quiet save", hidden: true });
    this.#worst = button("", () => actions.openSeed(this.#worstSeed), { class: "quiet", hidden: true });
    this.#many.append(...this.#evidence.parts, this.#counted, this.#worst);
    const { title, relation } = claim.claim;
    const figure = (name: string, value: Node) => element("div", {}, element("dt", {}, name), value);
    this.root = element(
      "div",
      { class: "claim", "data-claim": claim.key },
      this.#chip,
      element("div", { class: "claim-title" }, title, this.#work, this.#save),
      element(
        "dl",
        { class: "numbers" },
        figure("observed", this.#observed),
        figure("bound", element("dd", {}, describeRelation(relation).replaceAll("-", "−"))),
        figure("margin", this.#margin),
      ),
      this.#gauge,
      this.#why,
      this.#many,
    );
  }

  judge(observation: Observation | undefined, soFar: boolean): State {
    const { relation } = this.claim.claim;
    const known = observation?.kind === "observed" ? observation : undefined;
    const state: State = soFar ? "so far" : known === undefined ? "open" : known.violated ? "violated" : "holds";
    this.#chip.dataset.state = state;
    setText(this.#chip, WORD[state]);
    setText(this.#observed, known === undefined ? "–" : shortNumber(encodeNumber(known.value)));
    setText(this.#margin, known === undefined ? "–" : Number.isFinite(known.slack) ? signed(known.slack) : "none");
    this.#gauge.replaceChildren(...(known === undefined ? [] : [gauge(relation, known.value)]));
    this.#save.hidden = state !== "violated" || this.claim.statement.kind !== "theorem";
    this.#why.hidden = observation?.kind !== "unknown";
    if (observation?.kind === "unknown") setText(this.#why, observation.why);
    return state;
  }

  work(statement: string, model: WorkedModel | undefined): void {
    const { title, relation } = this.claim.claim;
    const shown = model === undefined ? undefined : worked(statement, title, model);
    this.#work.hidden = shown === undefined;
    if (shown === undefined) return;
    setText(
      this.#work,
      `${shown.text} = ${shortNumber(encodeNumber(shown.value))}, to be ${describeRelation(relation).replaceAll("-", "−")}`,
    );
  }

  /** How many models violate the claim and which is worst; with the verdict, where the claim has one to itself. */
  judgeMany(progress: ManyProgress | undefined): void {
    const { claim, statement, law, key } = this.claim;
    const counted = progress?.claims.get(key);
    this.#many.hidden = counted === undefined;
    if (progress === undefined || counted === undefined) return;
    const event = progress.events.get(eventKey(statement.id, claim.title, law.id));
    for (const part of this.#evidence.parts) part.hidden = event === undefined;
    if (event !== undefined) this.#evidence.update(event.verdict, progress.thresholds, "it");
    this.#counted.hidden = event !== undefined;
    setText(this.#counted, `${counted.violations} of ${progress.models} violate it`);
    const { worst } = counted;
    this.#worst.hidden = worst === undefined;
    if (worst !== undefined) {
      this.#worstSeed = worst.seed;
      const isViolation = violates(claim, worst.observed) && slack(claim, worst.observed) <= 0;
      setText(
        this.#worst,
        `${isViolation ? "worst" : "nearest"}: ${shortNumber(encodeNumber(worst.observed))}, open it`,
      );
    }
  }
}

/** As the report has it: the numbers in a claim are this project's own in every case. */
function sourceOf(provenance: Provenance): string {
  const where =
    provenance.kind === "abstract"
      ? `statement ${provenance.item} of the abstract`
      : provenance.kind === "companion"
        ? "a companion"
        : provenance.kind;
  return provenance.note === undefined ? where : `${where} (${provenance.note})`;
}

function signed(value: number): string {
  return value > 0 ? `+${shortNumber(value)}` : shortNumber(value);
}
