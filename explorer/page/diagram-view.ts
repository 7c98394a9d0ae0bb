import { intervalOn } from "../../src/explore/boundary-axes.ts";
import { InvalidInput } from "../../src/invalid-input.ts";
import type { Draw } from "../../src/law/law.ts";
import { legend, panel } from "../charts/panel.ts";
import { cellText, PhaseDiagram } from "../charts/phase-diagram.ts";
import { fingerprint } from "../input/built-in.ts";
import { comparisonLaw } from "../input/comparison-laws.ts";
import { type Diagram, diagramCommand } from "../input/diagram.ts";
import { offerFile } from "../input/files.ts";
import { DiagramRun, modelOf } from "../worker/diagram-run.ts";
import { startWorker } from "../worker/start-worker.ts";
import { workerLaboratory, workersAtATime } from "../worker/worker-laboratory.ts";
import { DiagramForm } from "./diagram-form.ts";
import { button, element, setText } from "./element.ts";

export interface DiagramActions {
  /** Puts a cell's model on the page, held to the diagram's law. */
  readonly openModel: (model: Draw, lawId: string) => void;
  /** Another diagram is measured, or none any more. */
  readonly onDiagram: () => void;
  /** Something is to be drawn. */
  readonly onChange: () => void;
  readonly copyLink: () => void;
}

/** Where a theorem stops being true: a boundary that grows while one watches. */
export class DiagramView {
  readonly root: HTMLElement;
  readonly #actions: DiagramActions;
  readonly #form: DiagramForm;
  readonly #chart: PhaseDiagram;
  readonly #figure: HTMLElement;
  readonly #title = element("figcaption");
  readonly #line = legend(
    ["cell-dot", "violation rate"],
    ["limits", "its limits, at 95 %"],
    ["edge", "the law’s edge"],
  );
  readonly #plane = element(
    "ul",
    { class: "legend" },
    element("li", {}, "violated by 0 %", element("span", { class: "rate-scale" }), "100 % of the models"),
    element("li", {}, element("span", { class: "swatch edge" }), "the law’s edge"),
    element("li", {}, element("span", { class: "swatch empty" }), "no model"),
  );
  readonly #readout = element("p", { class: "diagram-readout" });
  readonly #status = element("p", { class: "diagram-status", role: "status" });
  readonly #problem = element("p", { class: "problem", role: "alert" });
  readonly #toggle: HTMLButtonElement;
  readonly #save: HTMLButtonElement;
  readonly #link: HTMLButtonElement;
  readonly #command = element("code", { class: "diagram-command" });
  readonly #table = element("tbody");
  readonly #cells: HTMLDetailsElement;
  #run: DiagramRun | undefined;
  #pointed = -1;
  #listed = -1;
  #problemText = "";

  constructor(actions: DiagramActions) {
    this.#actions = actions;
    this.#form = new DiagramForm(() => {
      this.#problemText = "";
      actions.onChange();
    });
    this.#chart = new PhaseDiagram({
      onPoint: (cell) => {
        this.#pointed = cell;
        this.#showPointed();
      },
      onOpen: (cell) => this.#open(cell),
    });
    this.#toggle = button("Measure", () => (this.#run?.running ? this.#run.stop() : this.#startFromForm()), {
      id: "diagram-toggle",
      class: "primary",
    });
    this.#save = button("Save as file", () => this.#saveFile(), { id: "diagram-save", hidden: true });
    this.#link = button("Copy link", actions.copyLink, { id: "diagram-link", hidden: true });
    this.#cells = element(
      "details",
      { class: "diagram-cells" },
      element("summary", {}, "The cells as a table"),
      element(
        "div",
        { class: "scrolls", tabindex: 0, role: "region", "aria-label": "The cells of the phase diagram" },
        element("table", {}, this.#table),
      ),
    );
    this.#cells.addEventListener("toggle", actions.onChange);
    this.#figure = element(
      "figure",
      { hidden: true },
      this.#title,
      this.#chart.root,
      this.#readout,
      this.#line,
      this.#plane,
      this.#cells,
      element("div", { class: "command-line" }, this.#command),
    );
    this.root = panel(
      "Phase diagram",
      "How often a theorem is violated as a field of θ leaves the law, all else drawn from it. Click a cell to open a model of it.",
      this.#form.root,
      this.#problem,
      element("div", { class: "diagram-actions" }, this.#toggle, this.#save, this.#link, this.#status),
      this.#figure,
    );
    this.root.classList.add("wide", "diagram");
    this.root.id = "phase-diagram";
  }

  /** What a link hands on. */
  get diagram(): Diagram | undefined {
    return this.#run?.diagram;
  }

  /** Measures this diagram, in the place of the one before. */
  measure(diagram: Diagram): void {
    this.#form.show(diagram);
    this.#start(diagram);
  }

  update(lawId: string): void {
    this.#form.setLaw(lawId);
    setText(this.#problem, this.#problemText);
    const run = this.#run;
    setText(this.#toggle, run?.running ? "Stop" : run === undefined ? "Measure" : "Measure again");
    this.root.dataset.state = run === undefined ? "none" : run.running ? "running" : run.failure ? "failed" : "ended";
    const hasCells = run !== undefined && run.cells.length > 0;
    this.#save.hidden = !hasCells || run.running;
    this.#link.hidden = run === undefined;
    this.#figure.hidden = run === undefined;
    setText(this.#status, run === undefined ? "" : statusOf(run));
    if (run === undefined) return;
    const { axes, edges, p0, diagram } = run;
    const law = comparisonLaw(diagram.lawId);
    const cells = run.cells.map(({ cell }) => cell);
    this.#chart.update({
      ...{ theorem: diagram.theorem, axes, edges, p0, cells },
      allowed: axes.map((axis) => intervalOn(law, axis)),
    });
    setText(this.#title, `Models that violate ${diagram.theorem}, drawn from ${law.title}`);
    this.#line.hidden = axes.length > 1;
    this.#plane.hidden = axes.length === 1;
    setText(this.#command, diagramCommand(diagram));
    this.#showPointed();
    if (this.#cells.open) this.#listCells(run);
  }

  #startFromForm(): void {
    try {
      this.#start(this.#form.read());
    } catch (error) {
      if (!(error instanceof InvalidInput)) throw error;
      this.#problemText = error.message;
      this.#actions.onChange();
    }
  }

  #start(diagram: Diagram): void {
    this.#run?.stop();
    this.#problemText = "";
    this.#listed = -1;
    const laboratory = workerLaboratory(startWorker, workersAtATime(false));
    this.#run = new DiagramRun(diagram, laboratory, this.#actions.onChange);
    this.#actions.onDiagram();
    this.#actions.onChange();
  }

  #saveFile(): void {
    if (this.#run === undefined) return;
    const { name, text } = this.#run.file(fingerprint);
    offerFile(name, text);
  }

  #open(cell: number): void {
    const seen = this.#run?.cells[cell];
    const model = seen === undefined ? undefined : modelOf(seen);
    if (model !== undefined) this.#actions.openModel(model, this.#run!.diagram.lawId);
  }

  #showPointed(): void {
    const run = this.#run;
    const seen = run?.cells[this.#pointed];
    setText(this.#readout, run === undefined || seen === undefined ? "" : cellText(run.axes, seen.cell));
  }

  /** For keyboards and screen readers: each cell with its limits, and a button that opens its model. */
  #listCells({ cells, axes }: DiagramRun): void {
    if (cells.length === this.#listed) return;
    this.#listed = cells.length;
    this.#table.replaceChildren(
      ...cells.map(({ cell }, i) =>
        element(
          "tr",
          {},
          element("td", {}, cellText(axes, cell)),
          element("td", {}, cell.models === 0 ? "" : button("open", () => this.#open(i), { class: "quiet" })),
        ),
      ),
    );
  }
}

function statusOf(run: DiagramRun): string {
  const { cells, models, seconds, diagram, failure } = run;
  if (failure !== undefined) return `It could not be measured: ${failure.replace(/^boundary /, "the diagram ")}.`;
  const pace = `${(models / Math.max(seconds, 0.001)).toFixed(1)} models a second`;
  if (run.running) return `${cells.length} of at most ${diagram.cells} cells, ${models} models · ${pace}`;
  return `${cells.length} cells of ${diagram.seeds} models, ${seconds.toFixed(1)} s · ${run.stopped ? "stopped: the rest was not looked at" : "done"}`;
}
