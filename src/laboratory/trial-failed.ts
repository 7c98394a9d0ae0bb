/** A trial without an answer: not a violation, and nothing that may be left out. A fault of the experiment's program. */
export class TrialFailed extends Error {
  override readonly name = "TrialFailed";
}
