import { derived } from "../../src/claim/provenance.ts";
import { constant } from "../../src/law/range.ts";
import { control } from "../../src/transformer/experiment.ts";
import { leaving } from "../../src/transformer/laws.ts";
import { attentionMovesToRelevant } from "../attention-moves-to-relevant.ts";

const law = leaving("no-training", "the base law without training: T_max = 0", { Tmax: constant(0) });

export const noTraining = control({
  id: "no-training",
  of: attentionMovesToRelevant.id,
  title: "Without training attention does not move",
  leaves: { hypothesis: "training-budget", how: "no step is taken" },
  provenance: derived(),
  law,
  claims: attentionMovesToRelevant.claimsOn(law),
});
