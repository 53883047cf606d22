import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { signedPost } from "../support/signed-post.ts";
import { anAgentState } from "../support/updates.ts";
import { violations } from "./axe-violations.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { NETWORK, openPage, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "5f0c8d1e-3b0f-4d5e-9a53-0d1f6a1b2c3d";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const ADMIN = { roles: ["admin"] };

let browser: Browser;
let provider: IdentityProvider;
let folder: string;
let hub: RunningHub;

beforeAll(async () => {
  browser = await sharedBrowser();
  provider = await startIdentityProvider();
  folder = mkdtempSync(join(tmpdir(), "vigia-views-"));
  const vars = {
    ...provider.settings,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
    CENTER_NAME: "Ventas México",
  };
  hub = await startHub({ port: 0, folder, vars });
  const occurredAt = Date.now();
  const status = { name: "Available", kind: "routable" as const, since: occurredAt };
  const updates = [anAgentState({ agentId: "ana", name: "Ana Ruiz", groups: ["Ventas"], occurredAt, status })];
  expect((await signedPost(`${hub.url}/v1/instances/${INSTANCE}/updates`, updates, { secret: SECRET })).status).toBe(200);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  // The refusals of changes.
  expect(takeComplaints(NETWORK)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await provider?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function open(subject: string, query: string, claims: { roles?: string[] } = {}): Promise<Page> {
  const token = await provider.token(subject, INSTANCE, ["*"], claims);
  const { page } = await openPage(browser, `${hub.url}/?instance=${INSTANCE}&${query}#id_token=${token}`);
  await page.getByRole("rowheader", { name: "Ana Ruiz" }).waitFor();
  return page;
}

/** Replaces the shared views without the page. */
async function replaceViews(views: { name: string; query: string }[]): Promise<void> {
  const token = await provider.token("otto", INSTANCE, ["*"], ADMIN);
  const headers = { authorization: `Bearer ${token}`, "content-type": "application/json" };
  const address = `${hub.url}/v1/instances/${INSTANCE}/views`;
  expect((await fetch(address, { method: "PUT", headers, body: JSON.stringify({ views }) })).status).toBe(200);
}

it("An admin shares a view, and everybody finds it among those of the center.", async () => {
  await replaceViews([]);
  const admin = await open("eva", "lang=en&by=team", ADMIN);
  await admin.getByRole("button", { name: /^Views/ }).click();
  await admin.getByLabel("Name of this view").fill("By team");
  await admin.getByRole("button", { name: "Save view" }).click();
  await admin.getByRole("button", { name: "Share By team with the center" }).click();
  await admin.getByText("The center has the view By team now.").waitFor();
  expect(await violations(admin)).toEqual([]);

  const viewer = await open("ana", "lang=es");
  await viewer.getByRole("button", { name: /^Vistas/ }).click();
  const center = viewer.getByRole("region", { name: "Del centro de contacto" });
  await center.getByRole("button", { name: "By team" }).click();
  await expect.poll(() => new URL(viewer.url()).searchParams.get("by")).toBe("team");
  expect(await viewer.getByRole("button", { name: /compartir/i }).count()).toBe(0);

  await admin.getByRole("button", { name: "Stop sharing By team with the center" }).click();
  await admin.getByText("The center no longer has the view By team.").waitFor();
  expect(await admin.getByRole("region", { name: "Of the center" }).count()).toBe(0);
});

it("A refused change says so in the reader's language and shows the views as they are.", async () => {
  await replaceViews([{ name: "Calma", query: "by=team" }]);
  const admin = await open("eva", "lang=es", ADMIN);
  await admin.getByRole("button", { name: /^Vistas/ }).click();
  const stop = admin.getByRole("button", { name: "Dejar de compartir Calma con el centro" });
  await stop.waitFor();
  await replaceViews([
    { name: "Calma", query: "by=team" },
    { name: "Otra", query: "" },
  ]);
  await stop.click();
  await admin.getByText("Alguien cambió las vistas compartidas mientras tanto. Revísalas e intenta de nuevo.").waitFor();
  await admin.getByRole("button", { name: "Otra", exact: true }).waitFor();
});

it("CEN-1 The board and the title of the tab have the name of the center, and the address may say another.", async () => {
  const page = await open("ana", "lang=en");
  await page.getByText("Ventas México").waitFor();
  await expect.poll(() => page.title()).toBe("Vigía · Ventas México");
  const titled = await open("ana", "lang=en&title=Turno+1");
  await expect.poll(() => titled.title()).toBe("Vigía · Turno 1");
});
