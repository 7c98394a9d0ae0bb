import "./no-eval.ts";
import { Explorer } from "./explorer.ts";

new Explorer().mount(document.querySelector("#explorer")!);
