// A worker thread does not inherit its parent's loader: this registers it anew, then hands over to worker.ts.
import { register } from "tsx/esm/api";

register();
const { forbidExit } = await import("../claim/exit.ts");
// also in what declarations leave behind, a timer: a thread that ends must not end as if nothing had been
forbidExit();
const { answer } = await import("./worker.ts");
export default answer;
