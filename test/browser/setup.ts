import { chromium } from "playwright-core";
import type { TestProject } from "vitest/node";
import { launchOptions } from "./browser.ts";
import { buildPage } from "./page.ts";

declare module "vitest" {
  interface ProvidedContext {
    /** Where the one browser of all these tests listens. */
    browserEndpoint: string;
  }
}

/** Before all browser tests: the page is built once, and one browser started that each file of tests connects to. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  buildPage();
  const server = await chromium.launchServer({ ...launchOptions(), host: "127.0.0.1" });
  project.provide("browserEndpoint", server.wsEndpoint());
  return () => server.close();
}
