import { button, element } from "./element.ts";

/** What went wrong, or what was done, until somebody closes it. */
export class Notices {
  readonly root = element("div", { class: "notices" });

  /** Says what is wrong, in place of what was said before. */
  problem(heading: string, text: string): void {
    this.#show("problem", heading, text);
  }

  remark(heading: string, text: string): void {
    this.#show("remark", heading, text);
  }

  clear(): void {
    this.root.replaceChildren();
  }

  #show(kind: "problem" | "remark", heading: string, text: string): void {
    const notice = element(
      "div",
      { class: `notice ${kind}`, role: kind === "problem" ? "alert" : "status" },
      element("strong", {}, heading),
      element("p", {}, text),
    );
    notice.append(button("Close", () => this.clear(), { class: "quiet" }));
    this.root.replaceChildren(notice);
  }
}
