import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { compiledHash } from "./kernel.js";
import { builtFrom, contentsHash, sourceHash } from "./source-hash.js";

// `npm run build`: makes dist/ where it is not what the sources make. JavaScript, so that nothing to do takes no time.

const project = fileURLToPath(new URL("../..", import.meta.url)).replace(/[\\/]$/, "");
const sources = sourceHash(project);
const built = builtFrom(project);

if (
  built?.sources !== sources ||
  built.compiled !== compiledHash(project) ||
  built.contents !== contentsHash(join(project, "dist"))
) {
  // its cache lies in a folder that others may write to
  process.env.TSX_DISABLE_CACHE = "1";
  const { register } = await import("tsx/esm/api");
  register();
  const { makeDist } = await import("./dist.ts");
  await makeDist(project, sources);
}
