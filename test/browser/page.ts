import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** Builds the page into dist/dashboard, as the hub serves it. */
export function buildPage(): void {
  // With the test runner's NODE_ENV, Vite would build the development version of React.
  const env = { ...process.env, NODE_ENV: "production" };
  execFileSync(process.execPath, ["node_modules/vite/bin/vite.js", "build", "--logLevel", "error"], {
    cwd: ROOT,
    env,
    stdio: "inherit",
  });
}

const complaints: string[] = [];
/** Chromium writes these errors when a connection fails or the hub refuses a token. */
export const NETWORK = /^(Failed to load resource: |WebSocket connection to )/;

/** Returns and forgets the errors and content policy violations of all pages of this file. Leaves out `expected` ones. */
export function takeComplaints(expected?: RegExp): string[] {
  return complaints.splice(0).filter((complaint) => expected?.test(complaint) !== true);
}

/** Opens a page in its own browser profile. {@link takeComplaints} returns its errors too. */
export async function openPage(
  browser: Browser,
  url: string,
  options: BrowserContextOptions = {},
): Promise<{ page: Page; errors: string[] }> {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: "en-US", ...options });
  await context.addInitScript(() => {
    document.addEventListener("securitypolicyviolation", ({ violatedDirective, blockedURI }) =>
      console.error(`Content policy: ${violatedDirective} blocks ${blockedURI}`),
    );
  });
  const page = await context.newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => {
    errors.push(error.message);
    complaints.push(error.message);
  });
  page.on("console", (message) => {
    if (message.type() === "error") complaints.push(message.text());
  });
  await page.goto(url);
  return { page, errors };
}

export function rowOf(page: Page, name: string) {
  return page.getByRole("row").filter({ hasText: name });
}

/** Returns the agents' names from top to bottom. */
export async function namesShown(page: Page): Promise<string[]> {
  return page.getByRole("rowheader").locator(".vg-name").allTextContents();
}
