import { expect, test } from "vitest";
import { faultOf } from "../../src/cli/fault.ts";

const thrown = (fields: object) => Object.assign(new Error("what Node says"), fields);

test.each([
  [
    { code: "ENOSPC", path: "/disk/a" },
    "no space is left to write: /disk/a (what Node says); free some, or write elsewhere",
  ],
  [
    { code: "EROFS", dest: "/disk/b", path: "/disk/a" },
    "the file system is read-only: /disk/b (what Node says); write elsewhere",
  ],
  [{ code: "EACCES" }, "there is no permission (what Node says); give it, or name another place"],
  [{ code: "EPERM", path: "/a\nb" }, "there is no permission: /a b (what Node says); give it, or name another place"],
  [
    { code: "EAGAIN" },
    "no further thread or process can be started (what Node says); raise the limit (ulimit -u), or lower --workers",
  ],
  [
    { name: "RangeError", message: "WebAssembly.Memory(): could not allocate memory" },
    "there is no memory for WebAssembly (WebAssembly.Memory(): could not allocate memory); raise the limit (ulimit -v), or NODE_OPTIONS=--disable-wasm-trap-handler",
  ],
  [
    { name: "CompileError", message: "WebAssembly.Module(): expected magic word" },
    "theorycheck's own files are missing or torn (WebAssembly.Module(): expected magic word); npm run build in a checkout, or install theorycheck again",
  ],
  [{ code: "constructor" }, "what Node says; DEBUG=theorycheck shows where, for a report of the fault"],
])("%j is named, with what helps", (fields, line) => {
  expect(faultOf(thrown(fields)).line).toBe(line);
  // what another thread threw has no class
  const { message, name, stack } = thrown(fields);
  expect(faultOf({ message, name, stack, ...fields }).line).toBe(line);
});

test("a fault of the machine is named where it is the cause, with the message that says what it is about", () => {
  const cause = thrown({ code: "ENOSPC", path: "/disk/a" });
  expect(faultOf(new Error("the trial of seed 7 failed", { cause })).line).toBe(
    "no space is left to write: /disk/a (the trial of seed 7 failed); free some, or write elsewhere",
  );
});

test.each([["text"], [undefined], [null], [7], [{}]])("%j can be thrown too: it is one line", (value) => {
  const { line } = faultOf(value);
  expect(line).toMatch(/; DEBUG=theorycheck shows where, for a report of the fault$/);
  expect(line).not.toContain("\n");
});
