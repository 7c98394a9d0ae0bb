// What a user's own program gets of the package, as one line of JSON.
import * as theorycheck from "theorycheck";
import * as transformer from "theorycheck/transformer";

const { baseLaw, drawTheta, kernelEngine, runModel, splitByLogNorm } = transformer;
const seed = 7;
const run = runModel(drawTheta(baseLaw, seed), seed, { engine: kernelEngine });
const declarations = await theorycheck.declarationsIn(process.argv[2]);
const laboratory = theorycheck.threads({ statementsFile: declarations.file, workers: 1 });
const judgement = await theorycheck.judge({ statements: declarations.statements, laboratory, beta: 0.3 });
await laboratory.close();
const { core } = await theorycheck.hashesOf(declarations);
console.log(
  JSON.stringify({
    names: Object.keys(theorycheck).sort(),
    transformer: Object.keys(transformer).sort(),
    digest: run.model.digest,
    same: splitByLogNorm === theorycheck.splitByLogNorm,
    judged: judgement.statements.map(({ id }) => id),
    core,
  }),
);
