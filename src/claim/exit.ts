let forbidding = 0;
let allowed: typeof process.exit;

/**
 * Lets `process.exit` throw until the returned function is called: what a declaration calls it in would otherwise end the
 * process without a verdict, and with an exit code of its own. In a page, which has no process, nothing.
 */
export function forbidExit(): () => void {
  if (typeof process === "undefined") return () => {};
  if (forbidding++ === 0) {
    allowed = process.exit;
    process.exit = refuse;
  }
  return () => {
    if (--forbidding === 0) process.exit = allowed;
  };
}

function refuse(code?: string | number | null): never {
  const error = new Error(`process.exit(${code ?? ""}) was called`);
  Error.captureStackTrace?.(error, refuse);
  // Node itself, in a thread: it has handed over an error that nobody caught, and goes
  const [, caller = ""] = error.stack?.split("\n") ?? [];
  if (/\(node:internal\/main\//.test(caller)) allowed.call(process, code);
  throw error;
}
