import type { Route } from "playwright-core";
import { expect, it } from "vitest";
import { takeComplaints } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");

it("SGN-10 While the issuer is away, the page can be used although a dialog was open, and the dialog comes back.", async () => {
  const { page } = await stage.visit("about:blank");
  const asked: Route[] = [];
  await page.route(/\/v1\/config/, (route) => void asked.push(route));
  await page.goto(`${stage.hub.url}/?lang=en`);
  await page.getByRole("button", { name: "Menu", exact: true }).waitFor();
  await page.keyboard.press("?");
  const sheet = page.getByRole("dialog", { name: "Keyboard" });
  await sheet.waitFor();
  await expect.poll(() => asked.length).toBe(1);
  await asked[0]?.fulfill({ status: 503, json: { error: "identity_provider_unreachable" } });
  const heading = page.getByRole("heading", { name: "The sign-in service does not answer" });
  await heading.waitFor();
  await expect.poll(() => heading.evaluate((element) => element === document.activeElement)).toBe(true);
  await page.getByRole("button", { name: "Español" }).click();
  await page.getByRole("button", { name: "English" }).click();
  await heading.waitFor();
  await expect.poll(() => asked.length).toBe(2);
  await asked[1]?.continue();
  await sheet.waitFor();
  await page.keyboard.press("Escape");
  await sheet.waitFor({ state: "detached" });
  expect(takeComplaints(/^(vigia: ticket_failed |Failed to load resource: )/)).toEqual([]);
});
