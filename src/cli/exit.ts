/** Bad usage or bad input. */
export const USAGE = 2;

/** A fault of the program, of the machine, or of what runs its trials: whoever has not answered has this exit code. */
export const FAULT = 70;

/** What ends a command from outside, and the exit code that this gives: 128 and the signal's number. */
export const SIGNALS = { SIGHUP: 129, SIGINT: 130, SIGTERM: 143 } as const;

/** Ends the command with this exit code, after it has said all there is to say. */
export class ExitWith extends Error {
  override readonly name = "ExitWith";
  readonly code: number;

  constructor(code: number) {
    super(`exit code ${code}`);
    this.code = code;
  }
}
