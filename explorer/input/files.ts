import { InvalidInput } from "../../src/invalid-input.ts";
import { element } from "../page/element.ts";
import { readSmallFile } from "./file-limits.ts";

/** Takes files that are dropped anywhere on the page, or chosen (a bubbling `open-file` event that carries the file). */
export function acceptFiles(
  place: HTMLElement,
  {
    onText,
    onRefused,
  }: {
    readonly onText: (text: string, name: string) => void;
    readonly onRefused: (name: string, why: string) => void;
  },
): void {
  const take = async (file: File): Promise<void> => {
    try {
      onText(await readSmallFile(file), file.name);
    } catch (error) {
      onRefused(file.name, error instanceof InvalidInput ? error.message : "it could not be read");
    }
  };
  place.addEventListener("open-file", (event) => void take((event as CustomEvent<File>).detail));
  addEventListener("dragover", (event) => {
    if (!event.dataTransfer?.types.includes("Files")) return;
    event.preventDefault();
    document.body.classList.add("is-dropping");
  });
  addEventListener("dragleave", (event) => {
    if (event.relatedTarget === null) document.body.classList.remove("is-dropping");
  });
  addEventListener("drop", (event) => {
    event.preventDefault();
    document.body.classList.remove("is-dropping");
    const files = [...(event.dataTransfer?.files ?? [])];
    const [file] = files;
    if (file === undefined) onRefused("What was dropped", "it is not a file");
    else if (files.length > 1) onRefused("What was dropped", `it is ${files.length} files: drop one`);
    else void take(file);
  });
}

/** Lets the browser save a text as a file. */
export function offerFile(name: string, text: string): void {
  const address = URL.createObjectURL(new Blob([text], { type: "application/json" }));
  const link = element("a", { href: address, download: name });
  link.click();
  // the download has taken the contents by the next turn
  setTimeout(() => URL.revokeObjectURL(address), 1000);
}
