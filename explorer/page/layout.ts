import { button, element } from "./element.ts";

/** The views of the page, as they are put together. */
export interface PageParts {
  readonly notices: Node;
  readonly runBar: Node;
  readonly hypotheses: Node;
  readonly scoreboard: Node;
  readonly presets: Node;
  readonly thetaForm: Node;
  /** what is seen of the model, one below the other */
  readonly results: readonly Node[];
  readonly manySeeds: Node;
  readonly claims: Node;
  readonly command: Node;
  readonly dock: Node;
  readonly tour: Node;
  readonly startTour: Node;
  /** undo and redo */
  readonly history: Node;
  readonly copyLink: () => void;
  readonly copyCommand: () => void;
}

/** Where everything stands on the page. */
export function pageLayout(parts: PageParts): DocumentFragment {
  const fileInput = element("input", { type: "file", accept: ".json,application/json", id: "file", hidden: true });
  fileInput.addEventListener("change", () => {
    const [file] = fileInput.files ?? [];
    if (file !== undefined) fileInput.dispatchEvent(new CustomEvent("open-file", { bubbles: true, detail: file }));
    fileInput.value = "";
  });
  const page = document.createDocumentFragment();
  page.append(
    element(
      "header",
      { class: "page-header" },
      element(
        "div",
        {},
        element("h1", {}, "theorycheck ", element("span", {}, "explorer")),
        element(
          "p",
          { class: "lede" },
          "Train the paper’s one-layer Transformer here, move θ, and see which theorem stops being true.",
        ),
      ),
      element(
        "div",
        { class: "page-actions" },
        parts.startTour,
        parts.history,
        button("Open a counterexample", () => fileInput.click(), { id: "open" }),
        button("Copy link", parts.copyLink, { id: "copy-link" }),
        fileInput,
      ),
    ),
    parts.notices,
    element(
      "main",
      {},
      element("div", { class: "top" }, parts.runBar, parts.hypotheses, parts.scoreboard),
      element("section", { class: "theta", "aria-label": "θ" }, parts.presets, parts.thetaForm),
      element(
        "div",
        { class: "results" },
        ...parts.results,
        element(
          "section",
          { class: "claims-section", "aria-labelledby": "claims-title" },
          element("h2", { id: "claims-title" }, "The claims"),
          element(
            "p",
            { class: "panel-sentence" },
            "All laws, bounds and constants are this project’s own; the paper (arXiv 2406.17167) states no such numbers.",
          ),
          parts.manySeeds,
          parts.claims,
        ),
        element(
          "section",
          { class: "panel same-model" },
          element("h2", {}, "The same model in a terminal"),
          element("p", { class: "panel-sentence" }, "Trains it with the same kernel and prints the same digest."),
          element(
            "div",
            { class: "command-line" },
            parts.command,
            button("Copy", parts.copyCommand, { class: "quiet" }),
          ),
        ),
      ),
    ),
    parts.tour,
    parts.dock,
  );
  return page;
}
