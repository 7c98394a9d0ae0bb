import { type Browser, chromium } from "playwright-core";
import { inject } from "vitest";

/** Chromium or Chrome, without a sandbox (containers have none) and without anything that it does on the network. */
export function launchChromium(): Promise<Browser> {
  return chromium.launch({
    executablePath: inject("chromium"),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  });
}
