import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser } from "playwright-core";
import { startHub } from "../../../local/start/hub.ts";
import { launchBrowser } from "./browser.ts";
import { BusyCenter } from "./busy-center.ts";

/** The instance that the page opens when the address names none. */
const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
export const AGENTS = 2000;

export interface BusyBoard {
  browser: Browser;
  /** The address of the hub, which serves the page. */
  url: string;
  /** All its agents are signed in. `start()` begins the changes. */
  center: BusyCenter;
}

/** Runs a hub, a busy center and a Chromium while `use` works with them. @throws Error when the hub refused a post. */
export async function onBusyBoard<Result>(use: (board: BusyBoard) => Promise<Result>): Promise<Result> {
  const folder = mkdtempSync(join(tmpdir(), "vigia-bench-board-"));
  const removeFolder = () => rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
  // An interrupted run does not reach the end of this function.
  process.on("exit", removeFolder);
  const vars = {
    AUTH_MODE: "local",
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
  };
  const hub = await startHub({ port: 0, folder, vars });
  const browser = await launchBrowser();
  const center = new BusyCenter(`${hub.url}/v1/instances/${INSTANCE}/updates`, SECRET, AGENTS);
  try {
    await center.signInAgents();
    const result = await use({ browser, url: hub.url, center });
    await center.stop();
    return result;
  } finally {
    // A complete run has checked above that every post was accepted.
    await center.stop().catch(() => {});
    await browser.close();
    await hub.stop();
    removeFolder();
  }
}
