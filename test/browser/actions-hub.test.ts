import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { signedPost } from "../support/signed-post.ts";
import { aContact, anAgentState } from "../support/updates.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { NETWORK, openPage, rowOf, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "7d0c8d1e-3b0f-4d5e-9a53-0d1f6a1b2c3d";
const secretOf = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString("base64")}`;

let browser: Browser;
let provider: IdentityProvider;
let folder: string;
/** The hub whose readers have identities, and one for this machine alone, which may ask a function on it. */
let hub: RunningHub;
let localHub: RunningHub;
let lambda: Server;
/** What the function for actions was asked. */
const orders: unknown[] = [];

beforeAll(async () => {
  browser = await sharedBrowser();
  provider = await startIdentityProvider();
  folder = mkdtempSync(join(tmpdir(), "vigia-actions-"));
  lambda = createServer(async (request, response) => {
    orders.push(JSON.parse(await text(request)));
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ ok: true, code: "done", message: "Done." }));
  });
  await new Promise<void>((resolve) => lambda.listen(0, "127.0.0.1", resolve));
  const address = lambda.address();
  const port = address !== null && typeof address !== "string" ? address.port : 0;
  const vars = {
    ...provider.settings,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: secretOf(9) }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
    ACTIONS: "status listen",
    ACTIONS_URL: `http://127.0.0.1:${port}/`,
    ACTIONS_SECRET: secretOf(7),
  };
  hub = await startHub({ port: 0, folder: join(folder, "jwt"), vars });
  localHub = await startHub({ port: 0, folder: join(folder, "local"), vars: { ...vars, AUTH_MODE: "local" } });
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  orders.length = 0;
  expect(takeComplaints(NETWORK)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await localHub?.stop();
  await provider?.close();
  lambda?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** Ana is on a call from now on. */
async function postCall({ url }: RunningHub): Promise<void> {
  const now = Date.now();
  const status = { name: "Available", kind: "routable", since: now } as const;
  const contacts = [aContact({ contactId: "call-1", since: now, connectedAt: now, queue: "Ventas" })];
  const ana = anAgentState({ agentId: "ana", name: "Ana Ruiz", groups: ["Ventas"], occurredAt: now, status, contacts });
  expect((await signedPost(`${url}/v1/instances/${INSTANCE}/updates`, [ana], { secret: secretOf(9) })).status).toBe(200);
}

async function open(url: string): Promise<Page> {
  const { page } = await openPage(browser, url);
  await rowOf(page, "Ana Ruiz").waitFor();
  await page.getByRole("button", { name: "Ana Ruiz", exact: true }).click();
  return page;
}

async function openAs(subject: string, roles: readonly string[]): Promise<Page> {
  return open(
    `${hub.url}/?lang=en&instance=${INSTANCE}#id_token=${await provider.token(subject, INSTANCE, ["*"], { roles, name: subject })}`,
  );
}

const panelOf = (page: Page) => page.getByRole("dialog", { name: "Ana Ruiz" });

describe("Actions on the real hub", () => {
  it("are offered as the settings and the reader's roles say, and refused in plain words to a sign-in that Amazon Connect does not know.", async () => {
    await postCall(hub);
    const [eva, viewer] = await Promise.all([openAs("Eva", ["supervisor"]), openAs("Vera", [])]);
    await panelOf(eva).getByRole("button", { name: "Listen" }).click();
    await panelOf(eva).getByText("Your sign-in names no user of Amazon Connect.").waitFor();
    expect(
      await panelOf(eva)
        .getByRole("button", { name: /Barge in|End the contact/ })
        .count(),
    ).toBe(0);
    await panelOf(viewer).getByRole("heading", { name: "Ana Ruiz" }).waitFor();
    expect(await viewer.locator(".vg-agent-actions, .vg-row-menu").count()).toBe(0);
    expect(orders).toEqual([]);
  });

  it("of two pages at once are two orders, the rows wait for the agent's own news, and the audit has both.", async () => {
    await postCall(localHub);
    const pages = await Promise.all([1, 2].map(() => open(`${localHub.url}/?lang=en&instance=${INSTANCE}`)));
    for (const page of pages) {
      await panelOf(page).getByRole("button", { name: "Change status" }).click();
      await page.getByRole("menuitemradio", { name: "Offline" }).click();
    }
    await Promise.all(pages.map((page) => page.getByRole("alertdialog").getByRole("button", { name: "Status Offline" }).click()));
    await Promise.all(pages.map((page) => panelOf(page).getByText("It follows the running contact.").waitFor()));
    const order = { action: "status", instanceId: INSTANCE, agentId: "ana", statusName: "Offline" };
    expect(orders).toEqual([order, order]);
    const [page] = pages;
    if (page === undefined) throw new Error("No page was opened.");
    await rowOf(page, "Ana Ruiz").getByText("On a call", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Audit log…" }).click();
    const audit = page.getByRole("dialog", { name: "Audit log" });
    await audit.getByText("4 entries").waitFor();
    expect(
      await audit.getByRole("row").filter({ hasText: "Set a status" }).filter({ hasText: "Ana Ruiz · Offline" }).count(),
    ).toBe(4);
    await audit.getByLabel("Action").selectOption({ label: "Listened" });
    await audit.getByText("No entry passes the filters.").waitFor();
  });
});
