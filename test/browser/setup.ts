import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { launchOptions } from "./browser.ts";
import { buildPage } from "./page.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** The WebSocket address of the browser that all these tests share. */
    browserEndpoint: string;
  }
}

/** Builds the page once and starts one browser, before all browser tests. Each file of tests connects to it. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildPage();
  const server = await chromium.launchServer({ ...launchOptions(), host: "127.0.0.1" });
  project.provide("browserEndpoint", server.wsEndpoint());
  return () => server.close();
}
