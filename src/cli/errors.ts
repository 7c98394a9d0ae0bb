import { InvalidInput } from "../invalid-input.ts";

/** What was typed on the command line breaks a requirement. The message names the option, the rule and the value. */
export class UsageError extends InvalidInput {}
