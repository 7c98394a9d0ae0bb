import { Explorer } from "./explorer.ts";

new Explorer().mount(document.querySelector("#explorer")!);
