import { existsSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundle } from "./bundle.ts";
import { writeDeclarations } from "./declarations.ts";
import { buildKernel, compiledHash, kernelHash } from "./kernel.js";
import { licencesOf } from "./licences.ts";
import { builtFrom, contentsHash } from "./source-hash.js";

/** Makes `dist/`: the kernel first, then JavaScript, then declarations. The earlier one stays until all is made. */
export async function makeDist(project: string, sources: string): Promise<void> {
  const packageDescription = JSON.parse(readFileSync(join(project, "package.json"), "utf8")) as PackageDescription;
  const made = join(project, `dist.${process.pid}`);
  const kernel = kernelHash(project);
  buildKernel(project);
  try {
    mkdirSync(made);
    const external = outside(packageDescription);
    const bundled = await bundle(project, made, external);
    writeFileSync(join(made, "THIRD-PARTY-LICENSES.txt"), licencesOf(bundled.from));
    writeDeclarations(project, join(made, "types"));
    // loaded after the kernel is compiled, since it imports it
    const { sourcesToCarry } = await import("./sources-to-carry.ts");
    writeJson(join(made, "sources.json"), await sourcesToCarry(project, made, bundled, external));
    writeJson(join(made, "source-hash.json"), {
      ...{ sources, kernel, compiled: compiledHash(project) },
      contents: contentsHash(made),
    });
    requirePromised(packageDescription, made);
    takePlace(project, made, sources);
  } finally {
    rmSync(made, { recursive: true, force: true });
  }
}

interface PackageDescription {
  readonly exports: Readonly<Record<string, string | Readonly<Record<string, string>>>>;
  readonly dependencies: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Packages that are not bundled: those that are installed with this one. ARCHITECTURE.md says why each. */
function outside({ dependencies, peerDependencies }: PackageDescription): string[] {
  return Object.keys({ ...dependencies, ...peerDependencies });
}

function requirePromised({ exports }: PackageDescription, made: string): void {
  for (const path of Object.values(exports).flatMap((target) =>
    typeof target === "string" ? [] : Object.values(target),
  )) {
    const file = path.replace(/^\.\/dist\//, "");
    if (!existsSync(join(made, file))) throw new Error(`package.json exports ${path}, which the build does not make`);
  }
}

function takePlace(project: string, made: string, sources: string): void {
  const dist = join(project, "dist");
  const earlier = `${made}.earlier`;
  try {
    if (existsSync(dist)) renameSync(dist, earlier);
    renameSync(made, dist);
  } catch (error) {
    // two builds at a time: the other one was first
    if (builtFrom(project)?.sources !== sources) throw error;
  } finally {
    rmSync(earlier, { recursive: true, force: true });
  }
}

function writeJson(file: string, value: unknown): void {
  writeFileSync(file, `${JSON.stringify(value, undefined, 2)}\n`);
}
