import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import type { Update } from "../../protocol/updates.ts";
import { aQueueContact } from "../core/queues/queue-center.ts";
import { signedPost } from "../support/signed-post.ts";
import { aContact, anAgentState, aSentiment, aTurn } from "../support/updates.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { NETWORK, namesShown, openPage, rowOf, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

let browser: Browser;
let provider: IdentityProvider;
let folder: string;
let vars: Record<string, string>;
let hub: RunningHub;

beforeAll(async () => {
  browser = await sharedBrowser();
  provider = await startIdentityProvider();
  folder = mkdtempSync(join(tmpdir(), "vigia-board-"));
  vars = {
    ...provider.settings,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
  };
  hub = await startHub({ port: 0, folder, vars });
});
let expected: RegExp | undefined;
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  const complaints = takeComplaints(expected);
  expected = undefined;
  expect(complaints).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await provider?.close();
  rmSync(folder, { recursive: true, force: true });
});

async function post(...updates: Update[]): Promise<void> {
  const answer = await signedPost(`${hub.url}/v1/instances/${INSTANCE}/updates`, updates, { secret: SECRET });
  expect(answer.status).toBe(200);
}

/** The state of an agent at this moment. */
function state(agentId: string, name: string, group: string, change: Partial<Parameters<typeof anAgentState>[0]> = {}): Update {
  const now = Date.now();
  return anAgentState({
    agentId,
    name,
    groups: [group],
    occurredAt: now,
    status: { name: "Available", kind: "routable", since: now },
    ...change,
  });
}

async function open(groups?: readonly string[], query = ""): Promise<Page> {
  const token = await provider.token("supervisor", INSTANCE, groups);
  const { page } = await openPage(browser, `${hub.url}/?lang=en${query}#id_token=${token}`);
  await page.locator(".vg-pill[data-state=live]").waitFor();
  return page;
}

describe("The page on the real hub", () => {
  it("shows a call, its score and its words after they are posted.", async () => {
    await post(state("ana", "Ana Ruiz", "Ventas"));
    const page = await open();
    await rowOf(page, "Ana Ruiz").getByText("Available", { exact: true }).waitFor();
    const now = Date.now();
    const contact = aContact({ contactId: "call-of-ana", since: now, connectedAt: now, queue: "Ventas" });
    await post(state("ana", "Ana Ruiz", "Ventas", { contacts: [contact] }));
    await rowOf(page, "Ana Ruiz").getByText("On a call", { exact: true }).waitFor();
    await post(aSentiment(-2.5, { contactId: "call-of-ana", occurredAt: Date.now() }));
    await rowOf(page, "Ana Ruiz").getByText("−2.5", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Ana Ruiz" }).click();
    await post(aTurn({ contactId: "call-of-ana", text: "Es la tercera", final: false, sentiment: null, occurredAt: Date.now() }));
    await page.getByRole("log").getByText("Es la tercera", { exact: true }).waitFor();
    await post(aTurn({ contactId: "call-of-ana", text: "Es la tercera vez que llamo.", occurredAt: Date.now() }));
    await page.getByRole("log").getByText("Es la tercera vez que llamo.").waitFor();
    expect(await page.getByRole("log").getByRole("listitem").count()).toBe(1);
  });

  it("shows the day of an agent and its ended contact to those who may see it, and to nobody else.", async () => {
    const start = Date.now() - 4 * 60_000;
    const at = (minutes: number, ...contacts: ReturnType<typeof aContact>[]) =>
      state("dora", "Dora Paz", "Ventas", {
        occurredAt: start + minutes * 60_000,
        status: { name: "Available", kind: "routable", since: start },
        contacts,
      });
    const call = { contactId: "call-of-dora", connectedAt: start + 60_000, queue: "Ventas" };
    await post(at(0), at(1, aContact({ ...call, state: "connected", since: start + 60_000 })));
    await post(aTurn({ contactId: "call-of-dora", text: "Gracias por llamar.", occurredAt: start + 90_000 }));
    await post(at(3), {
      type: "contact.ended",
      contactId: "call-of-dora",
      initialContactId: null,
      occurredAt: start + 180_000,
    });
    const page = await open(["Ventas"], "&agent=dora&contact=call-of-dora");
    await page.getByText("This contact has ended · Voice: Ventas · Lasted 2:00").waitFor();
    await page.getByRole("log").getByText("Gracias por llamar.").waitFor();
    await page
      .locator(".vg-day-figures > div")
      .filter({ hasText: /^handled1/ })
      .waitFor();
    const other = await open(["Soporte"], "&agent=dora&contact=call-of-dora");
    await other.getByText("This agent is not among those you may see.").waitFor();
    await other.getByText("You may not read this call. Ask your administrator.").waitFor();
    expected = NETWORK;
  });

  it("reconnects without a reload after a crash of the hub.", async () => {
    await post(state("beto", "Beto Salas", "Ventas"));
    const page = await open();
    await rowOf(page, "Beto Salas").waitFor();
    await page.evaluate(() => Object.assign(window, { notReloaded: true }));
    const { port } = new URL(hub.url);
    expected = NETWORK;
    await hub.kill();
    await page.locator(".vg-pill[data-state=reconnecting]").waitFor();
    expect(await namesShown(page)).toContain("Beto Salas");
    hub = await startHub({ port: Number(port), folder, vars });
    await post(state("beto", "Beto Salas", "Ventas", { status: { name: "Lunch", kind: "custom", since: Date.now() } }));
    await rowOf(page, "Beto Salas").getByText("Lunch").waitFor();
    await page.locator(".vg-pill[data-state=live]").waitFor();
    expect(await page.evaluate(() => Reflect.get(window, "notReloaded"))).toBe(true);
  });

  it("shows a supervisor with one group only the agents of that group, also when agents change groups.", async () => {
    await post(state("carla", "Carla Vega", "Ventas"), state("dario", "Darío Cruz", "Soporte"));
    const all = await open();
    const limited = await open(["Soporte"]);
    await rowOf(limited, "Darío Cruz").waitFor();
    await rowOf(all, "Carla Vega").waitFor();
    expect(await namesShown(limited)).toEqual(["Darío Cruz"]);
    await post(state("carla", "Carla Vega", "Soporte"));
    await rowOf(limited, "Carla Vega").waitFor();
    await post(state("carla", "Carla Vega", "Ventas"));
    await rowOf(limited, "Carla Vega").waitFor({ state: "detached" });
    await rowOf(all, "Carla Vega").waitFor();
  });

  it("shows a call that begins to wait, at whom it rings, and its end.", async () => {
    await post(state("eva", "Eva Luna", "Cobranza"));
    const figures = { queueId: "q-1", name: "Cobranza", channels: [], serviceLevelSeconds: 20, staffed: 1, available: 1 };
    await post({ type: "queue.snapshot", takenAt: Date.now(), complete: true, queues: [figures] });
    const page = await open();
    const tile = page.getByRole("region", { name: "Queues", exact: true }).getByRole("article").filter({ hasText: "Cobranza" });
    await tile.getByText("nobody waits").waitFor();
    const leg = aQueueContact({ contactId: "waiting-1", queueId: "q-1", enqueuedAt: Date.now(), occurredAt: Date.now() });
    await post(leg);
    await tile.getByText("longest wait").waitFor();
    expect(await tile.locator(".vg-queue-waiting").textContent()).toBe("1");
    await tile.getByRole("button", { name: "Cobranza" }).click();
    const panel = page.getByRole("dialog", { name: "Cobranza" });
    await panel.getByRole("listitem").filter({ hasText: "Voice" }).waitFor();
    const offer = aContact({ contactId: "waiting-1", state: "ringing", connectedAt: null, queue: "Cobranza", since: Date.now() });
    await post(state("eva", "Eva Luna", "Cobranza", { contacts: [offer] }));
    await panel.getByText("rings at Eva Luna").waitFor();
    await post(aQueueContact({ ...leg, endedAt: Date.now() + 1, occurredAt: Date.now() + 1 }));
    await tile.getByText("nobody waits").waitFor();
    await panel.getByText("nobody waits").first().waitFor();
  });

  it("refuses a token for another instance.", async () => {
    expected = NETWORK;
    const token = await provider.token("stranger", "another-instance");
    const { page } = await openPage(browser, `${hub.url}/?lang=en#id_token=${token}`);
    await page
      .getByRole("dialog", { name: "Sign in" })
      .getByText(/refused this token/)
      .waitFor();
    expect(await page.locator(".vg-name").count()).toBe(0);
  });
});
