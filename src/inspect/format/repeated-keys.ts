import { InvalidInput } from "../../invalid-input.ts";
import { quoted } from "./quoted.ts";

/**
 * Refuses valid JSON in which an object has a key twice: `JSON.parse` keeps the last one, other readers the first, so
 * that they would see different tensors.
 *
 * @throws InvalidInput naming the key
 */
export function refuseRepeatedKeys(json: string, name: string): void {
  const open: Set<string>[] = [];
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === "{") open.push(new Set());
    else if (character === "}") open.pop();
    else if (character === '"') {
      const start = at;
      for (at++; json[at] !== '"'; at++) if (json[at] === "\\") at++;
      if (!/^\s*:/.test(json.slice(at + 1, at + 100))) continue;
      const key = JSON.parse(json.slice(start, at + 1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) throw new InvalidInput(`${name}: a key must stand once, got ${quoted(key)} twice`);
      keys?.add(key);
    }
  }
}
