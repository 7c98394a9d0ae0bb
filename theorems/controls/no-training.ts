import { control, derived } from "../../src/claim/theorem.ts";
import { leaving } from "../../src/law/laws.ts";
import { constant } from "../../src/law/range.ts";
import { attentionMovesToRelevant } from "../attention-moves-to-relevant.ts";

const law = leaving("no-training", "the base law without training: T_max = 0", { Tmax: constant(0) });

export const noTraining = control({
  id: "no-training",
  of: attentionMovesToRelevant.id,
  title: "Without training attention does not move",
  leaves: "training-budget: no step is taken",
  provenance: derived(),
  law,
  claims: attentionMovesToRelevant.claimsOn(law),
});
