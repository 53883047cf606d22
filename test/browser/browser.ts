import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { ensureChromium } from "../../scripts/chromium.ts";

/** A headless Chromium that asks nothing of the network but what the page asks. */
export function launchOptions(): LaunchOptions {
  return {
    executablePath: ensureChromium(),
    args: [
      "--no-sandbox",
      "--disable-gpu",
      "--disable-quic",
      "--no-first-run",
      "--disable-background-networking",
      "--disable-component-update",
      "--disable-sync",
    ],
  };
}

export async function launchBrowser(): Promise<Browser> {
  return chromium.launch(launchOptions());
}
