import { powerAxis, powerScale } from "../../report/figures/axes.ts";
import { type Figure, panelWidth } from "../../report/figures/draw.ts";
import { finite, quantile } from "../../report/figures/quantiles.ts";
import { FIRST, INK, MUTED, SECOND } from "../../report/figures/theme.ts";
import { ofAll } from "../../report/figures/words.ts";
import type { Results } from "../../report/results.ts";
import { figureDataIn } from "./figure-data.ts";

const portrayed = (results: Results) =>
  (figureDataIn(results)?.portraits ?? []).flatMap(({ training }) => (training === undefined ? [] : [training]));

/** What has happened when the batch's hinge first falls below one half: medians over the models. */
function orderSentence(results: Results): string {
  const models = portrayed(results).flatMap(({ batchHinge, singularValues, attention }) => {
    const half = batchHinge.findIndex((hinge) => Number(hinge) < 0.5);
    const sigma = singularValues.WV[0] ?? [];
    const rise = finite(attention);
    if (half < 0) return [];
    const [start, end] = [rise[0] as number, rise.at(-1) as number];
    return [
      {
        value: Number(sigma[half]) / Number(sigma.at(-1)),
        attention: ((rise[half] as number) - start) / (end - start),
      },
    ];
  });
  const share = (of: "value" | "attention") => {
    const middle = quantile(models.map((model) => model[of]).filter(Number.isFinite), 0.5);
    return `${Math.round(100 * middle)} %`;
  };
  return (
    `When the batch's hinge first falls below ½ (in ${ofAll(models.length, portrayed(results).length)}), the largest singular value of ΔW_V has ` +
    `${share("value")} of its last value, and attention has made ${share("attention")} of its rise (medians).`
  );
}

/** Hinge, attention and singular values along training, a few models. */
export const trainingFigure: Figure = {
  id: "training",
  title: "Models while they train",
  columns: 2,
  caption: (results) =>
    `The first ${portrayed(results).length} models of the base law, step by step: the first two singular values in blue and ` +
    `orange (r = 2), the next two in grey, relative to the model’s largest at the end. ${orderSentence(results)}`,
  alternative: (results) =>
    `Four line charts against the training step, logarithmic, of ${portrayed(results).length} models: the batch's hinge ` +
    `loss, the rise of attention, the singular values of the updates of W_Q and W_V. ${orderSentence(results)}`,
  panels: (results, layout) => {
    const models = portrayed(results);
    if (models.length === 0) return undefined;
    const width = panelWidth(layout, 2, 56);
    const most = Math.max(...models.flatMap(({ steps }) => steps));
    const x = {
      field: "step",
      type: "quantitative",
      scale: { type: "log", domain: [1, most], nice: false },
      axis: powerAxis("step", 0, 3),
    };
    const lines = (title: string, yTitle: string, values: object[], y: object, encoding: object = {}) => ({
      title,
      width,
      height: 170,
      data: { values },
      mark: { type: "line", strokeWidth: 1.3, interpolate: "linear" },
      encoding: {
        x,
        y: { field: "value", type: "quantitative", title: yTitle, ...y },
        detail: { field: "line" },
        color: { value: FIRST },
        opacity: { value: 0.75 },
        ...encoding,
      },
    });
    const points = (of: (model: (typeof models)[number]) => readonly (number | string)[]) =>
      models.flatMap((model, line) =>
        of(model).flatMap((value, i) => (typeof value === "number" ? [{ line, step: model.steps[i], value }] : [])),
      );
    const growth = (name: "WQ" | "WV") =>
      models.flatMap((model, line) => {
        const largest = Number(model.singularValues[name][0]?.at(-1));
        return model.singularValues[name].flatMap((sigmas, k) =>
          sigmas.flatMap((sigma, i) => {
            const value = Number(sigma) / largest;
            return value >= 1e-7 ? [{ line: `${line} ${k}`, k, step: model.steps[i], value }] : [];
          }),
        );
      });
    const ofRank = {
      color: {
        field: "k",
        type: "ordinal",
        scale: { domain: [0, 1, 2, 3], range: [FIRST, SECOND, MUTED, MUTED] },
        legend: null,
      },
      strokeWidth: { condition: { test: "datum.k < 2", value: 1.6 }, value: 0.7 },
      opacity: { condition: { test: "datum.k < 2", value: 0.9 }, value: 0.6 },
    };
    const logarithmic = {
      scale: powerScale(-7, 0),
      axis: powerAxis("relative value", -7, 0, 1),
    };
    const sigmaPanel = (name: "WQ" | "WV", title: string) => ({
      ...lines(title, "singular value", growth(name), logarithmic, ofRank),
    });
    const start = models.map(({ attention }) => finite(attention)[0] ?? 0);
    const rise = models.flatMap((model, line) =>
      model.attention.flatMap((value, i) =>
        typeof value === "number" ? [{ line, step: model.steps[i], value: value - (start[line] as number) }] : [],
      ),
    );
    return [
      lines(
        "Hinge loss of the batch",
        "hinge",
        points(({ batchHinge }) => batchHinge),
        { scale: { domain: [0, 1.05] } },
      ),
      lines("Rise of attention", "rise", rise, {}, { color: { value: INK } }),
      sigmaPanel("WQ", "Singular values of ΔW_Q"),
      sigmaPanel("WV", "Singular values of ΔW_V"),
    ];
  },
};
