import { z } from "zod";

/** What is committed and `verify` does not write again, in the folder of reports. */
export const KEPT_REPORTS = ["strength.json", "search.json", "pilot.json", "teeth.json", "performance.json"] as const;

export type KeptReport = (typeof KEPT_REPORTS)[number];

/** How a kept report stands to the code that there is now. */
export const standingSchema = z.object({
  file: z.enum(KEPT_REPORTS),
  standing: z.enum(["current", "stale", "edited", "unknown"]),
  changed: z.array(z.enum(["core", "declarations"])).describe("what is another one than it was made with"),
});

export type Standing = z.infer<typeof standingSchema>;

/** What is to be said of it; undefined where it is as the code is. */
export function standingSentence({ standing, changed }: Standing): string | undefined {
  switch (standing) {
    case "current":
      return undefined;
    case "stale":
      return `Stale: made with ${changed.map((part) => (part === "core" ? "another core" : "other declarations")).join(" and ")} than there are now.`;
    case "edited":
      return "Edited: not what the command wrote.";
    case "unknown":
      return "It is not known what code it was made with.";
  }
}
