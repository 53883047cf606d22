import { type Browser, chromium } from "playwright-core";
import { inject } from "vitest";
import type {} from "./setup.ts";

/** Connects to the browser that all these tests share. Each connection has its own profiles and pages. */
export async function sharedBrowser(): Promise<Browser> {
  return chromium.connect(inject("browserEndpoint"));
}
