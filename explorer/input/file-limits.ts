import { LARGEST_FILE } from "../../src/explore/counterexample.ts";
import { InvalidInput } from "../../src/invalid-input.ts";

/**
 * The text of a file that somebody opened or dropped.
 *
 * @throws InvalidInput where it is too large, empty, or not text
 */
export async function readSmallFile(file: Pick<File, "name" | "size" | "arrayBuffer">): Promise<string> {
  if (file.size > LARGEST_FILE) {
    throw new InvalidInput(
      `it has ${(file.size / 1e6).toFixed(1)} MB, and a counterexample at most ${LARGEST_FILE / 1e6} MB: it was not read`,
    );
  }
  if (file.size === 0) throw new InvalidInput("it is empty");
  try {
    return new TextDecoder("utf-8", { fatal: true }).decode(await file.arrayBuffer());
  } catch (cause) {
    throw new InvalidInput("it is not a text file", { cause });
  }
}
