import { type Browser, chromium, type LaunchOptions } from "playwright-core";
import { ensureChromium } from "../../scripts/chromium.ts";

/** Options of a headless Chromium that makes no network requests of its own. */
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
