import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Locator, Page } from "playwright-core";
import * as v from "valibot";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { signedPost } from "../support/signed-post.ts";
import { anAgentState } from "../support/updates.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { NETWORK, openPage, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "5f0c8d1e-3b0f-4d5e-9a53-0d1f6a1b2c3d";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

let browser: Browser;
let provider: IdentityProvider;
let folder: string;
let hub: RunningHub;

beforeAll(async () => {
  browser = await sharedBrowser();
  provider = await startIdentityProvider();
  folder = mkdtempSync(join(tmpdir(), "vigia-display-"));
  const vars = {
    ...provider.settings,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
  };
  hub = await startHub({ port: 0, folder, vars });
  const now = Date.now();
  const state = (agentId: string, name: string, group: string) =>
    anAgentState({
      agentId,
      name,
      groups: [group],
      occurredAt: now,
      status: { name: "Available", kind: "routable", since: now },
    });
  const updates = [state("ana", "Ana Ruiz", "Ventas"), state("luis", "Luis Soto", "Soporte")];
  const posted = await signedPost(`${hub.url}/v1/instances/${INSTANCE}/updates`, updates, { secret: SECRET });
  expect(posted.status).toBe(200);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  // The refusals of removed links.
  expect(takeComplaints(NETWORK)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await provider?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Asks the hub as an admin of everything. */
async function ask(method: string, path: string, body?: unknown): Promise<unknown> {
  const token = await provider.token("eva", INSTANCE, ["*"], { roles: ["admin"] });
  const answer = await fetch(`${hub.url}/v1/instances/${INSTANCE}/displays${path}`, {
    method,
    headers: { authorization: `Bearer ${token}` },
    ...(body !== undefined && { body: JSON.stringify(body) }),
  });
  expect(answer.status).toBe(200);
  return answer.json();
}

async function makeLink(name: string): Promise<string> {
  return v.parse(v.object({ url: v.string() }), await ask("POST", "", { name, groups: ["Ventas"] })).url;
}

/** Waits until the page shows the wallboard of the team Ventas. */
async function showsWallboard(page: Page): Promise<void> {
  await page.locator(".vg-pill[data-state=live]").waitFor();
  await page.locator(".vigia[data-wallboard]").getByText("Ana Ruiz").waitFor();
  expect(await page.getByText("Luis Soto").count()).toBe(0);
}

describe("A display link", () => {
  it("DIS-11 opens the wallboard without a person, leaves the address, and works again in the same browser.", async () => {
    const link = await makeLink("wall");
    const secret = new URLSearchParams(new URL(link).hash.slice(1)).get("display") ?? "";
    expect(new URL(link).origin).toBe(hub.url);
    const { page } = await openPage(browser, link.replace("/#", "/?lang=en#"));
    const asked: string[] = [];
    page.on("request", (request) => asked.push(request.url()));
    await showsWallboard(page);
    expect(Object.fromEntries(new URL(page.url()).searchParams)).toEqual({ lang: "en", instance: INSTANCE, tv: "1" });
    expect(page.url()).not.toContain(secret);
    await page.reload();
    await showsWallboard(page);
    expect(asked.filter((url) => url.includes(secret))).toEqual([]);
    const again = await page.context().newPage();
    await again.goto(`${hub.url}/?instance=${INSTANCE}&tv=1&lang=en`);
    await showsWallboard(again);
  });

  it("DIS-11 leaves a page that is not the wallboard to the person who signs in.", async () => {
    const { page } = await openPage(browser, (await makeLink("wall")).replace("/#", "/?lang=en#"));
    await showsWallboard(page);
    // A screen has no way out: nobody is meant to press anything there.
    await page.keyboard.press("Escape");
    expect(await page.getByRole("button", { name: "Leave the wallboard" }).count()).toBe(0);
    await page.goto(`${hub.url}/?instance=${INSTANCE}&lang=en`);
    await expect.poll(() => page.locator(".vigia[data-wallboard]").count()).toBe(0);
    expect(await page.getByText("Ana Ruiz").count()).toBe(0);
  });

  it("DIS-11 says plainly that it was removed, shows nobody any more, and a new link in the same tab signs in.", async () => {
    const { page } = await openPage(browser, (await makeLink("wall")).replace("/#", "/?lang=en#"));
    await showsWallboard(page);
    await ask("DELETE", "/wall");
    await page.getByRole("heading", { name: "This wallboard is signed out" }).waitFor();
    await page.getByText("Ask an administrator for a new link").waitFor();
    expect(await page.getByText("Ana Ruiz").count()).toBe(0);
    await page.reload();
    await page.getByRole("heading", { name: "This wallboard is signed out" }).waitFor();
    const fragment = new URL(await makeLink("wall")).hash;
    await page.evaluate((hash) => location.assign(hash), fragment);
    await showsWallboard(page);
  });
});

describe("The display links in the settings", () => {
  const settingsOf = async (groups: readonly string[]): Promise<Locator> => {
    const token = await provider.token("eva", INSTANCE, groups, { roles: ["admin"], name: "Eva Admin" });
    const { page } = await openPage(browser, `${hub.url}/?instance=${INSTANCE}&lang=en#id_token=${token}`);
    await page.locator(".vg-pill[data-state=live]").waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    return page.getByRole("region", { name: "Wallboard links" });
  };

  it("DIS-1 An admin makes a link there with the keyboard, opens it on a screen, and signs the screen out.", async () => {
    const links = await settingsOf(["*"]);
    await links.getByLabel("Name of the screen").fill("North/room");
    const make = links.getByRole("button", { name: "Make a link" });
    expect(await make.isDisabled()).toBe(true);
    await links.getByLabel("Ventas").check();
    await links.getByLabel("Name of the screen").press("Enter");
    const url = await links.getByRole("textbox", { name: "Link of North/room" }).inputValue();
    await links.getByText(/Made by Eva Admin, .* · Never used/).waitFor();
    const { page: screen } = await openPage(browser, url.replace("/#", "/?lang=en#"));
    await showsWallboard(screen);
    await links.getByRole("button", { name: "Remove the link of North/room" }).click();
    await links.getByRole("button", { name: "Sign the screen North/room out" }).click();
    await links.getByText("The screen North/room is signed out.").waitFor();
    await screen.getByRole("heading", { name: "This wallboard is signed out" }).waitFor();
    expect(await links.getByText("North/room", { exact: true }).count()).toBe(0);
  });

  it("DIS-3 An admin of one team is told that its link may not show all teams.", async () => {
    const links = await settingsOf(["Ventas"]);
    await links.getByLabel("Name of the screen").fill("Everything");
    await links.getByLabel("All teams").check();
    await links.getByRole("button", { name: "Make a link" }).click();
    await links.getByText("The link would show groups that you may not see yourself.").waitFor();
    expect(await links.getByRole("textbox", { name: /^Link of/ }).count()).toBe(0);
  });
});
