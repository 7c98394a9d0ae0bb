import { z } from "zod";

/** An id is part of addresses, within the page and on a command line. */
export const id = z.string().regex(/^[a-z0-9][a-z0-9-]{0,199}$/, "must be lower-case words joined by hyphens");
