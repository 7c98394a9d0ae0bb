import { InvalidInput } from "../../src/invalid-input.ts";
import { drawTheta } from "../../src/transformer/laws.ts";
import { parseTheta, type Theta } from "../../src/transformer/theta.ts";
import { Figures } from "../charts/figures.ts";
import { decisive, fingerprint, stored } from "../input/built-in.ts";
import { claimsOn, comparisonLaw } from "../input/comparison-laws.ts";
import { type OpenedCounterexample, openCounterexample, saveCounterexample } from "../input/counterexamples.ts";
import { sameDiagram } from "../input/diagram.ts";
import { withField } from "../input/draft.ts";
import { acceptFiles, offerFile } from "../input/files.ts";
import { decodeLink, encodeLink } from "../input/link.ts";
import { controlPresets, lawPresets, type Preset } from "../input/presets.ts";
import { commandFor } from "../input/same-model.ts";
import { Trainer } from "../worker/trainer.ts";
import { Address } from "./address.ts";
import { ClaimsView } from "./claims-view.ts";
import { DiagramView } from "./diagram-view.ts";
import { Dock } from "./dock.ts";
import { element, setText } from "./element.ts";
import { HypothesesView } from "./hypotheses-view.ts";
import { pageLayout } from "./layout.ts";
import { ManySeedsControl } from "./many-seeds-control.ts";
import { Notices } from "./notices.ts";
import { type Derived, derive, INITIAL_STATE, type PageState } from "./page-state.ts";
import { PresetsView } from "./presets-view.ts";
import { PruningView } from "./pruning-view.ts";
import { RunBar } from "./run-bar.ts";
import { Scrubber } from "./scrubber.ts";
import { ThetaForm } from "./theta-form.ts";
import { Tour } from "./tour.ts";

/** Time without a change after which a new model is begun, a model at rest is judged, the address is written. */
const SETTLE_MS = 60;
const JUDGE_MS = 80;
const ADDRESS_MS = 300;

/** The page: what is on it, and what each control does. */
export class Explorer {
  #state: PageState = INITIAL_STATE;
  #derived: Derived = derive(INITIAL_STATE);
  #automatic = true;
  /** a run was asked for with the model: its first picture, before any step, is not worth showing */
  #startsAtOnce = false;
  #drawing = false;
  readonly #timers = new Map<string, ReturnType<typeof setTimeout>>();

  readonly #trainer = new Trainer({
    onSnapshot: (snapshot, running) => {
      if (this.#startsAtOnce && !running && snapshot.steps === 0 && snapshot.outcome === "under way") return;
      this.#startsAtOnce = false;
      this.#set({ snapshot, running, starting: false, failure: undefined, moment: undefined });
      if (!running && (snapshot.steps > 0 || snapshot.outcome !== "under way")) {
        this.#after("judge", JUDGE_MS, () => this.#trainer.judge(this.#state.lawId));
      } else if (!running) this.#set({ judged: undefined });
      if (!running) this.#writeAddress();
    },
    onJudged: (judged, lawId) => {
      const { snapshot, running, starting } = this.#state;
      // what it was asked of is another model by now
      if (lawId !== this.#state.lawId || running || starting || judged.steps !== snapshot?.steps) return;
      this.#set({ judged, judgedIsStale: false });
    },
    onFailed: (message) => {
      this.#set({ running: false, starting: false, failure: `this model cannot be trained here: ${message}` });
    },
  });

  readonly #address = new Address((hash, isOwn) => {
    clearTimeout(this.#timers.get("address"));
    this.#isAnother = false;
    this.#openLink(hash, isOwn);
  });
  /** whether what is on the page is another model than that of the address */
  #isAnother = false;
  readonly #notices = new Notices();
  readonly #runBar = new RunBar({
    trainOrPause: () => this.#trainOrPause(),
    step: (count) => this.#run((this.#state.snapshot?.steps ?? 0) + count),
    startOver: () => this.#begin({ run: false }),
    setSeed: (seed) => this.#change({ seed }),
    newSeed: () => this.#change({ seed: crypto.getRandomValues(new Uint32Array(1))[0]! }),
    setPace: (stepsPerSecond) => this.#trainer.setPace(stepsPerSecond),
    copyDigest: () => this.#copy(this.#state.snapshot?.digest ?? "", "The digest"),
  });
  readonly #dock = new Dock(() => this.#trainOrPause());
  readonly #hypotheses = new HypothesesView();
  readonly #presets = new PresetsView(
    [
      { title: "Within a law", presets: lawPresets },
      { title: "Controls: one hypothesis left", presets: controlPresets(decisive) },
      { title: "Stored counterexamples", presets: stored.opened.map(({ preset }) => preset) },
    ],
    {
      choose: (preset) => this.#choose(preset),
      chooseLaw: (lawId) => this.#chooseLaw(lawId),
      setAutomatic: (automatic) => {
        this.#automatic = automatic;
      },
      draw: () => {
        const { seed, lawId } = this.#state;
        if (this.#derived.seedProblem === undefined) this.#change({ draft: drawTheta(comparisonLaw(lawId), seed) });
      },
    },
  );
  readonly #thetaForm = new ThetaForm((field, value) => {
    const { draft, lawId } = this.#state;
    this.#change({ draft: withField(draft, comparisonLaw(lawId), field, value) });
  });
  readonly #scrubber = new Scrubber((moment) => this.#set({ moment }));
  readonly #figures = new Figures();
  readonly #pruning = new PruningView(
    (pruning) => {
      this.#set({ pruning });
      this.#writeAddress();
    },
    () => {
      const { judged, snapshot } = this.#state;
      if (judged === undefined || snapshot === undefined) return;
      this.#set({ pruning: { order: "smallest", fraction: judged.small / snapshot.theta.m } });
      this.#writeAddress();
    },
  );
  readonly #claims = new ClaimsView({
    openSeed: (seed) => {
      const theta = this.#many.over === "law" ? drawTheta(comparisonLaw(this.#state.lawId), seed) : this.#state.draft;
      this.#change({ draft: theta, seed }, { keepMany: true });
      scrollTo({ top: 0 });
    },
    save: (claim) => {
      const { snapshot, judged } = this.#state;
      const observation = judged?.observations[claim.key];
      if (snapshot === undefined || !this.#judgesEndedModel() || observation?.kind !== "observed") return;
      const { name, text } = saveCounterexample({ claim, snapshot, observation }, fingerprint);
      offerFile(name, text);
    },
  });
  readonly #many = new ManySeedsControl({
    model: () => {
      const { theta } = this.#derived.examined;
      const { seed, lawId } = this.#state;
      return theta === undefined || this.#derived.seedProblem !== undefined ? undefined : { theta, seed, lawId };
    },
    onChange: () => this.#requestDraw(),
    onFailed: (message) => this.#notices.problem("Many seeds stopped", sentence(message)),
  });
  readonly #diagram = new DiagramView({
    openModel: ({ theta, seed }, lawId) => {
      if (lawId !== this.#state.lawId) this.#many.drop();
      this.#change({ draft: parseTheta(theta), seed, lawId });
      scrollTo({ top: 0 });
    },
    onDiagram: () => this.#writeAddress(),
    onChange: () => this.#requestDraw(),
    copyLink: () => this.#copy(this.#linkNow(), "The link"),
  });
  readonly #tour = new Tour();
  readonly #command = element("code", { class: "command" });

  /** Puts the page into `place` and trains what the address says, or the middle of the base law. */
  mount(place: HTMLElement): void {
    place.replaceChildren(
      pageLayout({
        notices: this.#notices.root,
        runBar: this.#runBar.root,
        hypotheses: this.#hypotheses.root,
        scoreboard: this.#claims.scoreboard,
        presets: this.#presets.root,
        thetaForm: this.#thetaForm.root,
        results: [this.#scrubber.root, this.#figures.root, this.#pruning.root, this.#diagram.root],
        manySeeds: this.#many.root,
        claims: this.#claims.root,
        command: this.#command,
        dock: this.#dock.root,
        tour: this.#tour.root,
        startTour: this.#tour.start,
        history: this.#address.buttons,
        copyLink: () => this.#copy(this.#linkNow(), "The link"),
        copyCommand: () => this.#copy(this.#command.textContent ?? "", "The command"),
      }),
    );
    acceptFiles(place, {
      onText: (text, name) => this.#openFile(text, name),
      onRefused: (name, why) => this.#notices.problem(`${name} cannot be used`, sentence(why)),
    });
    this.#draw();
    const [unreadable] = stored.unreadable;
    if (unreadable !== undefined) {
      this.#notices.problem(`The stored counterexample ${unreadable.name} cannot be used`, sentence(unreadable.why));
    }
    if (location.hash.length > 1) this.#openLink(location.hash);
    else this.#begin({ run: true });
  }

  /** Changes θ or the seed: another model from now on. */
  #change(
    change: Partial<Pick<PageState, "draft" | "seed" | "lawId" | "preset" | "pruning" | "expected">>,
    { keepMany = false, until }: { readonly keepMany?: boolean; readonly until?: number | undefined } = {},
  ): void {
    if (this.#many.over === "theta" && !keepMany) this.#many.drop();
    this.#isAnother = true;
    this.#writeAddress();
    this.#set({ preset: undefined, expected: undefined, failure: undefined, judgedIsStale: true, ...change });
    this.#after("begin", SETTLE_MS, () =>
      this.#begin({ run: until === undefined ? this.#automatic : until > 0, until }),
    );
  }

  /** Loads the model of θ and seed, and trains it. */
  #begin({ run, until }: { readonly run: boolean; readonly until?: number | undefined }): void {
    clearTimeout(this.#timers.get("begin"));
    clearTimeout(this.#timers.get("judge"));
    const { theta } = this.#derived.examined;
    const { seed } = this.#state;
    if (theta === undefined || this.#derived.seedProblem !== undefined) {
      this.#trainer.pause();
      return;
    }
    this.#startsAtOnce = run;
    this.#set({ failure: undefined, judgedIsStale: true, starting: true });
    this.#trainer.load(theta, seed);
    if (run) this.#run(until);
    else this.#set({ judged: undefined });
  }

  #trainOrPause(): void {
    const { running, snapshot } = this.#state;
    if (running) this.#trainer.pause();
    else if (snapshot === undefined || snapshot.outcome !== "under way") this.#begin({ run: true });
    else this.#run();
  }

  #run(until?: number): void {
    clearTimeout(this.#timers.get("judge"));
    this.#set({ running: true, judgedIsStale: true });
    this.#trainer.run(until);
  }

  #choose(preset: Preset): void {
    if (preset.lawId !== this.#state.lawId) this.#many.drop();
    const known = stored.opened.find((each) => each.preset.id === preset.id);
    if (known !== undefined) this.#useCounterexample(known);
    else
      this.#change({
        draft: preset.theta,
        lawId: preset.lawId,
        preset,
        ...(preset.seed === undefined ? {} : { seed: preset.seed }),
        ...(preset.pruning ? { pruning: preset.pruning } : {}),
      });
  }

  #chooseLaw(lawId: string): void {
    this.#many.drop();
    this.#isAnother = true;
    this.#set({ lawId, judged: undefined });
    this.#trainer.judge(lawId);
    this.#writeAddress();
  }

  /** @param isOwn whether the page wrote it, and somebody came back to it */
  #openLink(hash: string, isOwn = false): void {
    try {
      const { theta, seed, lawId, pruning, at, digest, diagram } = decodeLink(hash);
      this.#notices.clear();
      if (lawId !== this.#state.lawId) this.#many.drop();
      const expected =
        isOwn || digest === undefined ? undefined : { from: "link" as const, digest, at, sameCore: undefined };
      this.#change({ draft: theta, seed, lawId, pruning, expected }, { until: at });
      this.#isAnother = false;
      if (diagram !== undefined && !sameDiagram(diagram, this.#diagram.diagram)) this.#diagram.measure(diagram);
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.#notices.problem("This link cannot be used", sentence(error.message));
      if (this.#state.snapshot === undefined) this.#begin({ run: true });
    }
  }

  #openFile(text: string, name: string): void {
    try {
      this.#useCounterexample(openCounterexample(text, name, fingerprint));
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.#notices.problem(`${name} cannot be used`, sentence(error.message));
    }
  }

  #useCounterexample({ preset, seed, digest, sameCore, note }: OpenedCounterexample): void {
    if (preset.lawId !== this.#state.lawId) this.#many.drop();
    this.#notices.remark(preset.title, note);
    const expected = { from: "file" as const, digest, at: undefined, sameCore };
    this.#change(
      { draft: preset.theta, seed, lawId: preset.lawId, preset, expected },
      { until: Number.POSITIVE_INFINITY },
    );
  }

  #set(change: Partial<PageState>): void {
    this.#state = { ...this.#state, ...change };
    this.#derived = derive(this.#state);
    this.#requestDraw();
  }

  /** Draws once a frame at most. */
  #requestDraw(): void {
    if (this.#drawing) return;
    this.#drawing = true;
    requestAnimationFrame(() => {
      this.#drawing = false;
      this.#draw();
    });
  }

  #draw(): void {
    const { draft, seed, lawId, preset, pruning, snapshot, moment, running, starting, judged, judgedIsStale } =
      this.#state;
    const { examined, seedProblem, broken, blocked, comparison } = this.#derived;
    const law = comparisonLaw(lawId);
    this.#presets.update(preset, lawId);
    this.#thetaForm.update(law, draft, examined);
    this.#runBar.update({ snapshot, running, starting, blocked, seed, seedProblem, comparison });
    this.#hypotheses.update(law, broken);
    const frame = moment === undefined ? snapshot?.frame : (snapshot?.frames[moment] ?? snapshot?.frame);
    this.#scrubber.update(snapshot, moment);
    if (snapshot !== undefined && frame !== undefined) this.#figures.update(snapshot, frame);
    this.#pruning.update(snapshot, frame, judged, pruning);
    this.#claims.show(claimsOn(lawId));
    this.#claims.judge(judgedIsStale ? undefined : judged, broken ?? new Map(), running || starting);
    this.#claims.work(snapshot !== undefined && this.#judgesEndedModel() ? { snapshot, judged: judged! } : undefined);
    this.#claims.judgeMany(this.#many.progress);
    this.#dock.update({
      running,
      blocked: blocked !== undefined,
      soFar: !judgedIsStale && judged?.ended === false,
      violated: this.#claims.violated,
    });
    this.#many.update(law.title);
    this.#diagram.update(lawId);
    if (examined.theta !== undefined && seedProblem === undefined)
      setText(this.#command, commandFor(examined.theta, seed, lawId));
    document.body.classList.toggle("is-stale", judgedIsStale || blocked !== undefined);
    document.body.classList.toggle("is-starting", starting);
    document.body.dataset.training = running ? "running" : (snapshot?.outcome ?? "loading");
    document.body.dataset.judged = String(judged !== undefined && !judgedIsStale);
  }

  /** Whether what the claims show is of the model on the page, trained to its end. */
  #judgesEndedModel(): boolean {
    const { judged, judgedIsStale, running, starting } = this.#state;
    return judged?.ended === true && !judgedIsStale && !running && !starting;
  }

  /** The address of what is on the page; the one that stands where that is no model. */
  #linkNow(): string {
    const { seed, lawId, pruning, snapshot, running, judgedIsStale } = this.#state;
    const { theta } = this.#derived.examined;
    if (theta === undefined || this.#derived.seedProblem !== undefined) return location.href;
    const atRest =
      snapshot !== undefined && !running && isOf(snapshot, theta, seed) && !(judgedIsStale && snapshot.steps === 0);
    const trained = atRest ? { at: snapshot.steps, digest: snapshot.digest } : {};
    return `${location.href.split("#")[0]}#${encodeLink({ theta, seed, lawId, pruning, diagram: this.#diagram.diagram, ...trained })}`;
  }

  #writeAddress(): void {
    this.#after("address", ADDRESS_MS, () => {
      this.#address.write(this.#linkNow(), this.#isAnother);
      this.#isAnother = false;
    });
  }

  async #copy(text: string, what: string): Promise<void> {
    try {
      await navigator.clipboard.writeText(text);
      this.#notices.remark(`${what} is copied`, text);
    } catch {
      this.#notices.remark(`Copy ${what.toLowerCase()} from here`, text);
    }
  }

  /** Calls back when nothing of this name was asked for during this time. */
  #after(name: string, milliseconds: number, callback: () => void): void {
    clearTimeout(this.#timers.get(name));
    this.#timers.set(name, setTimeout(callback, milliseconds));
  }
}

function isOf(snapshot: { readonly theta: Theta; readonly seed: number }, theta: Theta, seed: number): boolean {
  return snapshot.seed === seed && JSON.stringify(snapshot.theta) === JSON.stringify(theta);
}

/** The complaints of a check, as sentences for people. */
function sentence(message: string): string {
  return `${message
    .replaceAll(/^theta\./gm, "")
    .split("\n")
    .slice(0, 3)
    .join("; ")}.`;
}
