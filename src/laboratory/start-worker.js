// A worker thread does not inherit its parent's loader: this registers it anew, then hands over to worker.ts.

// before tsx is loaded: its cache lies in a folder that others may write to
process.env.TSX_DISABLE_CACHE = "1";
const { register } = await import("tsx/esm/api");
register();
const { forbidExit } = await import("../claim/exit.ts");
// also in what declarations leave behind, a timer: a thread that ends must not end as if nothing had been
forbidExit();
// what declarations print is no answer: stdout is the command's own
process.stdout.write = process.stderr.write.bind(process.stderr);
const { answer } = await import("./worker.ts");
export default answer;
