import { z } from "zod";
import { InvalidInput } from "../../invalid-input.ts";
import { ofForm } from "../../json.ts";
import { quoted } from "./quoted.ts";
import type { Tensor } from "./tensor.ts";

/** A LoRA adapter as peft saves it: ΔW = scale·B·A, with A (r x in) and B (out x r). */

/** What of adapter_config.json decides on ΔW. */
const config = z.looseObject({
  peft_type: z.string(),
  r: z.int().min(1),
  lora_alpha: z.number(),
  use_rslora: z.boolean().nullish(),
  use_dora: z.boolean().nullish(),
  fan_in_fan_out: z.boolean().nullish(),
  rank_pattern: z.record(z.string(), z.int().min(1)).nullish(),
  alpha_pattern: z.record(z.string(), z.number()).nullish(),
});

/** One update by its two factors, which are not multiplied out. */
export interface FactoredUpdate {
  readonly name: string;
  /** of ΔW */
  readonly shape: readonly [number, number];
  /** out x r */
  readonly left: Tensor;
  /** r x in */
  readonly right: Tensor;
  readonly scale: number;
  /** ΔW is the transpose of the product: weights of this model are in x out. */
  readonly transposed: boolean;
}

export interface Adapter {
  readonly updates: readonly FactoredUpdate[];
  /** What is no factor. */
  readonly others: readonly Tensor[];
}

/** model.layer.lora_A.weight and lora_B.weight; of an embedding lora_embedding_A and lora_embedding_B. */
const FACTOR = /^(?:base_model\.model\.)?(.*)\.lora_(embedding_)?([AB])(?:\.\w+?)??(?:\.weight)?$/;

/** @throws InvalidInput where these are no factors of updates, or ΔW is not their product */
export function adapterOf(configuration: unknown, tensors: readonly Tensor[], folder: string): Adapter {
  const name = `${folder}, adapter_config.json`;
  const settings = ofForm(config.parse, configuration, name);
  if (settings.peft_type !== "LORA") {
    throw new InvalidInput(`${name}: peft_type must be LORA, got ${quoted(settings.peft_type)}`);
  }
  if (settings.use_dora)
    throw new InvalidInput(`${name}: use_dora must be false: its update is no product of two factors`);
  const factors = new Map<string, { A?: Tensor; B?: Tensor; embedding: boolean }>();
  const others: Tensor[] = [];
  for (const tensor of tensors) {
    const [, module, embedding, side] = FACTOR.exec(tensor.name) ?? [];
    // those of a convolution have four dimensions
    if (module === undefined || tensor.shape.length !== 2) {
      others.push(tensor);
      continue;
    }
    const pair = factors.get(module) ?? { embedding: embedding !== undefined };
    if (pair[side as "A" | "B"] !== undefined) {
      throw new InvalidInput(`${folder}: ${module} must have one factor ${side}, got two`);
    }
    factors.set(module, { ...pair, [side as string]: tensor });
  }
  for (const key of Object.keys({ ...settings.rank_pattern, ...settings.alpha_pattern })) {
    if (!/^[\w.]+$/.test(key)) throw new InvalidInput(`${name}: patterns must be names of modules, got ${quoted(key)}`);
  }
  const updates = [...factors].map(([module, { A, B, embedding }]) => {
    if (A === undefined || B === undefined) {
      throw new InvalidInput(`${folder}: ${module} must have both factors, got no ${A === undefined ? "A" : "B"}`);
    }
    // weights of an embedding are in x out
    return updateOf(module, A, B, embedding || settings.fan_in_fan_out === true, settings, folder);
  });
  if (updates.length === 0) throw new InvalidInput(`${folder}: must have factors lora_A and lora_B, got none`);
  return { updates, others };
}

function updateOf(
  module: string,
  A: Tensor,
  B: Tensor,
  transposed: boolean,
  settings: z.infer<typeof config>,
  folder: string,
): FactoredUpdate {
  const rank = patternFor(settings.rank_pattern, module) ?? settings.r;
  const alpha = patternFor(settings.alpha_pattern, module) ?? settings.lora_alpha;
  if (A.shape[0] !== rank || B.shape[1] !== rank) {
    throw new InvalidInput(
      `${folder}: ${module}: factors must be r x in and out x r with r = ${rank}, got A [${A.shape}] and B [${B.shape}]`,
    );
  }
  const [rows, columns] = [B.shape[0] as number, A.shape[1] as number];
  return {
    name: `${module}.weight`,
    shape: transposed ? [columns, rows] : [rows, columns],
    ...{ left: B, right: A, transposed },
    scale: alpha / (settings.use_rslora ? Math.sqrt(rank) : rank),
  };
}

/** peft matches a pattern's key with the end of a module's name. Keys are regular expressions there, plain names here. */
function patternFor(pattern: Readonly<Record<string, number>> | null | undefined, module: string): number | undefined {
  const key = Object.keys(pattern ?? {}).find((each) => module === each || module.endsWith(`.${each}`));
  return key === undefined ? undefined : pattern?.[key];
}
