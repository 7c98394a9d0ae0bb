import { dirname, join } from "node:path";
import ts from "typescript";
import { EXPORTED } from "./entries.ts";

/**
 * Writes the declarations of the entries and of all that they name, a file for each source. They import each other as
 * `.js`, as Node does. Types are not checked: that is what `npm run typecheck` is for.
 */
export function writeDeclarations(project: string, folder: string): void {
  const { config } = ts.readConfigFile(join(project, "tsconfig.json"), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(config.compilerOptions, project);
  const program = ts.createProgram(
    Object.values(EXPORTED).map((source) => join(project, source)),
    {
      ...options,
      noEmit: false,
      declaration: true,
      emitDeclarationOnly: true,
      noCheck: true,
      rootDir: join(project, "src"),
      outDir: folder,
    },
  );
  const { diagnostics, emitSkipped } = program.emit(undefined, (file, text) => {
    ts.sys.createDirectory?.(dirname(file));
    ts.sys.writeFile(file, text.replace(/((?:from|import\() ?["']\.[^"']*)\.ts(["'])/g, "$1.js$2"));
  });
  if (emitSkipped || diagnostics.length > 0) {
    throw new Error(
      `declarations: ${diagnostics.map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, "\n")).join("\n")}`,
    );
  }
}
