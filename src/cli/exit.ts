/** Bad usage or bad input. */
export const USAGE = 2;

/** Ended by Ctrl-C. */
export const INTERRUPTED = 130;

/** Ends the command with this exit code, after it has said all there is to say. */
export class ExitWith extends Error {
  override readonly name = "ExitWith";
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
