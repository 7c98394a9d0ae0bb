import { showProgress } from "../src/cli/progress.ts";
import { lawSelection, THEOREMS_FILE } from "../src/cli/registry.ts";
import { describeStatements } from "../src/vitest/index.ts";
import { statements } from "../theorems/index.ts";

// the verdicts of `theorycheck verify`: the same judge, on the same models and the same seed
describeStatements(statements, {
  module: THEOREMS_FILE,
  // as `verify --law`: a law, or all, which it is unless set
  selectsLaw: lawSelection(process.env.THEORYCHECK_LAW ?? "all", statements),
  onProgress: showProgress(process.stderr).show,
});
