import type { Laboratory } from "../../src/experiment/laboratory.ts";
import { type Axis, type Boundary, boundaryOf, type Cell } from "../../src/explore/boundary.ts";
import { axisOf, edgesOf } from "../../src/explore/boundary-axes.ts";
import { type BoundaryOptions, boundaryCells, type CellTrial } from "../../src/explore/boundary-cells.ts";
import { probe } from "../../src/explore/probe.ts";
import type { Draw } from "../../src/law/law.ts";
import { toJson } from "../../src/report/encode.ts";
import { claimsOf, type Diagram } from "../input/diagram.ts";
import type { Fingerprint } from "../input/fingerprint.ts";

/** A cell, and what was seen for each of its seeds. */
export interface SeenCell {
  readonly cell: Cell;
  readonly trials: readonly CellTrial[];
}

/** A diagram under way, or at its end: `boundaryCells` in workers, so that its cells are those of the command. */
export class DiagramRun {
  readonly diagram: Diagram;
  readonly axes: readonly Axis[];
  readonly edges: Boundary["edges"];
  readonly p0: number;
  /** resolves when it has ended, for whatever reason */
  readonly ended: Promise<void>;
  readonly #laboratory: Laboratory;
  readonly #stop = new AbortController();
  readonly #options: BoundaryOptions;
  readonly #onChange: () => void;
  readonly #started = performance.now();
  #seconds: number | undefined;
  #seen: SeenCell[] = [];
  #models = 0;
  #failure: string | undefined;

  constructor(diagram: Diagram, laboratory: Laboratory, onChange: () => void) {
    this.diagram = diagram;
    this.#laboratory = laboratory;
    this.#onChange = onChange;
    const claims = claimsOf(diagram);
    const { law, statement } = claims[0]!;
    // what is not about this statement is not observed: gradients, for instance, are costly to watch
    const own = { law, claims, beside: [], traces: statement.traces };
    this.p0 = statement.p0;
    this.axes = diagram.vary.map((each) => axisOf(law, each));
    this.edges = edgesOf(law, this.axes);
    const { run, ...others } = probe(laboratory, own);
    this.#options = {
      ...diagram,
      claims,
      probe: {
        ...others,
        run: async (models) => {
          const record = await run(models);
          this.#models++;
          onChange();
          return record;
        },
      },
      signal: this.#stop.signal,
      onCell: (cell, trials) => {
        this.#seen.push({ cell, trials });
        onChange();
      },
    };
    this.ended = this.#measure();
  }

  get running(): boolean {
    return this.#seconds === undefined;
  }

  /** Cells that are whole, in the order of their arrival: a later one lies upon those that it is a part of. */
  get cells(): readonly SeenCell[] {
    return this.#seen;
  }

  get models(): number {
    return this.#models;
  }

  get seconds(): number {
    return this.#seconds ?? (performance.now() - this.#started) / 1000;
  }

  get stopped(): boolean {
    return this.#stop.signal.aborted;
  }

  get failure(): string | undefined {
    return this.#failure;
  }

  /** Ends the workers at once: cells that are not whole do not count. */
  stop(): void {
    if (!this.running) return;
    this.#stop.abort();
    void this.#laboratory.close();
  }

  /** The boundary as a file that `theorycheck report` draws; whole, or as far as it came. */
  file({ theorycheck, core, statements }: Fingerprint): { readonly name: string; readonly text: string } {
    const { theorem, vary } = this.diagram;
    const found = { axes: [...this.axes], edges: this.edges, cells: this.#seen.map(({ cell }) => cell) };
    const boundary = boundaryOf(this.#options, found, { theorycheck, core, statement: statements[theorem]! });
    const name = [theorem, ...vary.map(({ field }) => field.toLowerCase())].join("-");
    return { name: `${name}.json`, text: toJson(boundary) };
  }

  async #measure(): Promise<void> {
    try {
      const { cells } = await boundaryCells(this.#options);
      // those of which all four quarters are there lie under them, and are no longer cells
      this.#seen = cells.map((cell) => this.#seen.find((each) => each.cell === cell)!);
    } catch (error) {
      this.#failure = error instanceof Error ? error.message : String(error);
    }
    this.#seconds = (performance.now() - this.#started) / 1000;
    await this.#laboratory.close();
    this.#onChange();
  }
}

/** The model that a cell is opened with: the first that violates the theorem; where none does, the first. */
export function modelOf({ trials }: SeenCell): Draw | undefined {
  return (trials.find(({ violated }) => violated) ?? trials[0])?.models[0];
}
