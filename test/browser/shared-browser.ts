import { type Browser, chromium } from "playwright-core";
import { inject } from "vitest";
import type {} from "./setup.ts";

/** The browser that all these tests share, as one file sees it: its profiles and pages are its own. */
export async function sharedBrowser(): Promise<Browser> {
  return chromium.connect(inject("browserEndpoint"));
}
