import { button, element } from "./element.ts";

/** What the page keeps with each entry of the browser's history. */
interface Entry {
  readonly index: number;
}

/**
 * The page's address as a history of models: another model is another entry, so that the browser's back button undoes a
 * change, as Undo and Ctrl+Z do. What becomes known of a model (its digest) is written into the entry that it has.
 */
export class Address {
  readonly buttons: HTMLElement;
  readonly #undo: HTMLButtonElement;
  readonly #redo: HTMLButtonElement;
  #current = 0;
  #last: number;

  /** @param onTravel told of the fragment that is there by now, and whether this page wrote it */
  constructor(onTravel: (hash: string, isOwn: boolean) => void) {
    if (entry() === undefined) history.replaceState({ index: 0 } satisfies Entry, "");
    this.#last = entry()!.index;
    this.#undo = button("Undo", () => history.back(), { id: "undo", "aria-keyshortcuts": "Control+Z" });
    this.#redo = button("Redo", () => history.forward(), { id: "redo", "aria-keyshortcuts": "Control+Shift+Z" });
    this.buttons = element(
      "span",
      { class: "buttons", role: "group", "aria-label": "history" },
      this.#undo,
      this.#redo,
    );
    addEventListener("popstate", () => {
      const isOwn = entry() !== undefined;
      // a link was followed within the page
      if (!isOwn) this.#begin(location.href);
      this.#update();
      onTravel(location.hash, isOwn);
    });
    addEventListener("keydown", (event) => {
      const undone = keyOf(event);
      if (undone === undefined || isText(event.target)) return;
      event.preventDefault();
      const asked = undone === "undo" ? this.#undo : this.#redo;
      asked.click();
    });
    this.#update();
  }

  /** @param isAnother whether it is of another model than the entry that stands */
  write(link: string, isAnother: boolean): void {
    if (isAnother && link !== location.href) {
      history.pushState({ index: entry()!.index } satisfies Entry, "", link);
      this.#begin(link);
    } else history.replaceState(history.state, "", link);
    this.#update();
  }

  /** Makes the entry that stands the one after the last that was looked at: what came after that is gone. */
  #begin(link: string): void {
    const index = (entry()?.index ?? this.#current) + 1;
    history.replaceState({ index } satisfies Entry, "", link);
    this.#last = index;
  }

  #update(): void {
    this.#current = entry()!.index;
    this.#undo.disabled = this.#current === 0;
    this.#redo.disabled = this.#current >= this.#last;
  }
}

function entry(): Entry | undefined {
  const state: unknown = history.state;
  return typeof state === "object" && state !== null && "index" in state ? (state as Entry) : undefined;
}

function keyOf({ key, ctrlKey, metaKey, shiftKey, altKey }: KeyboardEvent): "undo" | "redo" | undefined {
  if (!(ctrlKey || metaKey) || altKey) return undefined;
  if (key.toLowerCase() === "z") return shiftKey ? "redo" : "undo";
  return key.toLowerCase() === "y" ? "redo" : undefined;
}

/** Where the keys undo what was typed. */
function isText(target: EventTarget | null): boolean {
  return target instanceof HTMLInputElement && target.type === "text";
}
