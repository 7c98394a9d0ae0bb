// A worker thread does not inherit its parent's loader: this registers it anew, then hands over to worker.ts.
import { register } from "tsx/esm/api";

register();
const { answer } = await import("./worker.ts");
export default answer;
