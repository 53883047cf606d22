import { accessSync, constants } from "node:fs";
import { type Browser, chromium } from "playwright-core";

/** Where Debian, Ubuntu, macOS and Windows put a Chromium; CHROMIUM_PATH comes first. */
const PLACES = [
  "/usr/bin/chromium",
  "/usr/bin/chromium-browser",
  "/usr/bin/google-chrome",
  "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
  "C:\\Program Files\\Google\\Chrome\\Application\\chrome.exe",
];

/** @throws Error that says how to get a browser when there is none. */
export function findBrowser(): string {
  const wanted = process.env["CHROMIUM_PATH"];
  const found = [...(wanted === undefined ? [] : [wanted]), ...PLACES].find(isExecutable);
  if (found === undefined) throw new Error("No Chromium found. Install one (apt-get install chromium) or set CHROMIUM_PATH.");
  return found;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** A headless Chromium that asks nothing of the network but what the page asks. */
export async function launchBrowser(): Promise<Browser> {
  return chromium.launch({
    executablePath: findBrowser(),
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
