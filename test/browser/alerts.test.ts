import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContextOptions, Locator, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";
import type { Update } from "../../protocol/updates.ts";
import { signedPost } from "../support/signed-post.ts";
import { aContact, anAgentState, aSentiment, aTurn } from "../support/updates.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { NETWORK, openPage, rowOf, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const MINUTE_MS = 60_000;

let browser: Browser;
let provider: IdentityProvider;
let folder: string;
let hub: RunningHub;
/** Chromium complains about each refusal of the hub. */
let expected: RegExp | undefined;

beforeAll(async () => {
  browser = await sharedBrowser();
  provider = await startIdentityProvider();
  folder = mkdtempSync(join(tmpdir(), "vigia-alerts-"));
  const targets = { "shift-leads": { kind: "slack", url: "https://hooks.slack.com/services/x" } };
  const vars = {
    ...provider.settings,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
    ALERT_TARGETS: JSON.stringify(targets),
  };
  hub = await startHub({ port: 0, folder, vars });
});
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

/** An agent in a break for so many minutes; 0 = available. */
function inBreak(agentId: string, name: string, minutes: number, group = "Ventas"): Update {
  const now = Date.now();
  const since = now - minutes * MINUTE_MS;
  const status = minutes === 0 ? { name: "Available", kind: "routable" as const } : { name: "Baño", kind: "custom" as const };
  return anAgentState({ agentId, name, groups: [group], occurredAt: now, status: { ...status, since } });
}

/** A call whose customer has said so many times, with the score of the whole call and of the last minute. */
function call(agentId: string, name: string, turns: number, score: number, recent: number): Update[] {
  const now = Date.now();
  const contactId = `call-of-${agentId}`;
  const contact = aContact({ contactId, since: now - 1_000, connectedAt: now - 1_000, queue: "Ventas" });
  const said = Array.from({ length: turns }, (_, index) =>
    aTurn({
      contactId,
      turnId: `${contactId}-${index}`,
      beginMs: index * 2_000,
      endMs: index * 2_000 + 900,
      occurredAt: now - 500,
    }),
  );
  const sentiment = aSentiment(score, { contactId, occurredAt: now, turns });
  return [
    anAgentState({ agentId, name, groups: ["Ventas"], occurredAt: now, contacts: [contact] }),
    ...said,
    { ...sentiment, customer: { ...sentiment.customer, recent } },
  ];
}

interface Visitor extends BrowserContextOptions {
  name?: string;
  roles?: readonly string[];
  query?: string;
  groups?: readonly string[];
}

async function token({ name = "Laura Ríos", roles = ["supervisor"], groups }: Visitor): Promise<string> {
  return provider.token(name, INSTANCE, groups, { name, roles });
}

async function open(visitor: Visitor = {}): Promise<Page> {
  const { name: _name, roles: _roles, groups: _groups, query = "", ...options } = visitor;
  const { page } = await openPage(browser, `${hub.url}/?lang=en${query}#id_token=${await token(visitor)}`, options);
  await page.locator(".vg-pill[data-state=live]").waitFor();
  return page;
}

async function openAlerts(page: Page) {
  await page
    .getByRole("banner")
    .getByRole("button", { name: /^Alerts/ })
    .click();
  return page.getByRole("dialog", { name: "Alerts" });
}

describe("The center's alerts", () => {
  it("are the same in two browsers and on a wallboard, and one acknowledgement is seen by all with name and time.", async () => {
    await post(inBreak("ana", "Ana Ruiz", 16));
    const [laura, viewer, wallboard] = [
      await open(),
      await open({ name: "Vero", roles: [] }),
      await open({ name: "Pantalla", roles: [], query: "&tv=1" }),
    ];
    for (const page of [laura, viewer]) await rowOf(page, "Ana Ruiz").getByText("Baño > 15 min").waitFor();
    await wallboard.getByRole("list", { name: "Needs a hand" }).getByText("Ana Ruiz").waitFor();
    await expect.poll(() => laura.title()).toMatch(/^\(1\) Vigía/);
    const others = await openAlerts(viewer);
    await others.getByText("Baño > 15 min").waitFor();
    expect(await others.getByRole("button", { name: /^Acknowledge/ }).count()).toBe(0);
    const own = await openAlerts(laura);
    await own.getByRole("button", { name: "Acknowledge Baño > 15 min of Ana Ruiz" }).click();
    for (const list of [own, others]) await list.getByText(/^Acknowledged: Laura Ríos, \w+ \d+, \d\d:\d\d$/).waitFor();
    await wallboard.getByRole("list", { name: "Needs a hand" }).waitFor({ state: "detached" });
    await expect.poll(() => laura.title()).toMatch(/^Vigía/);
    await viewer.reload();
    await (await openAlerts(viewer)).getByText(/^Acknowledged: Laura Ríos/).waitFor();
    await post(inBreak("ana", "Ana Ruiz", 0));
    await viewer.getByRole("list", { name: "Last days" }).getByText("Away > 15 min").waitFor();
  });

  it("are about a customer who is angry now, and not about one who has recovered or said one sentence.", async () => {
    await post(
      ...call("now", "Nora Angry", 6, 1.9, -5),
      ...call("was", "Rita Recovered", 6, -3, 2),
      ...call("one", "Otto Once", 1, -5, -5),
    );
    const page = await open();
    await rowOf(page, "Nora Angry").getByText("angry now, fell 6.9").waitFor();
    expect(await rowOf(page, "Nora Angry").locator(".vg-chip[data-level=critical]").count()).toBe(1);
    for (const name of ["Rita Recovered", "Otto Once"]) expect(await rowOf(page, name).locator(".vg-chip").count()).toBe(0);
    await post(inBreak("now", "Nora Angry", 0), inBreak("was", "Rita Recovered", 0), inBreak("one", "Otto Once", 0));
    await rowOf(page, "Nora Angry").locator(".vg-chip").waitFor({ state: "detached" });
  });

  it("are those of the chosen teams, in the bell, the title, the tiles and the rows.", async () => {
    await post(inBreak("vera", "Vera Ventas", 16, "Ventas"), inBreak("saul", "Saúl Soporte", 16, "Soporte"));
    const page = await open({ query: "&group=Soporte" });
    await rowOf(page, "Saúl Soporte").getByText("Baño > 15 min").waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(1\)/);
    expect(await page.getByRole("button", { name: /^Away/ }).textContent()).toBe("Away 1 1 ↑(1 over the limit)");
    const list = await openAlerts(page);
    await expect.poll(() => list.getByRole("list", { name: "Firing now" }).getByRole("listitem").count()).toBe(1);
    await post(inBreak("vera", "Vera Ventas", 0, "Ventas"), inBreak("saul", "Saúl Soporte", 0, "Soporte"));
    await expect.poll(() => page.title()).toMatch(/^Vigía/);
  });
});

describe("The center's rules", () => {
  const settings = async (page: Page) => {
    await page.getByRole("button", { name: "Settings" }).click();
    return page.getByRole("dialog", { name: "Settings" });
  };
  const rulesOf = async (page: Page) => {
    const dialog = await settings(page);
    await dialog.getByText("These rules count for everybody in this contact center.").waitFor();
    return dialog;
  };
  const ruleNamed = async (dialog: Locator, name: string) => {
    const rule = dialog.locator(".vg-rule").filter({ has: dialog.page().locator("summary", { hasText: name }) });
    await rule.locator("summary").click();
    return rule;
  };

  it("are edited by an admin: a mistake is said at its field, a preview counts, and what is saved fires at once.", async () => {
    await post(inBreak("zoe", "Zoe Rules", 3));
    const page = await open({ name: "Ada Admin", roles: ["admin"] });
    const dialog = await settings(page);
    const rule = await ruleNamed(dialog, "Bathroom");
    await rule.getByLabel("Warning at (seconds)").fill("1000");
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await rule.getByText("The critical limit must be above the warning.").waitFor();
    const critical = rule.getByLabel("Critical at (seconds)");
    expect(await critical.getAttribute("aria-invalid")).toBe("true");
    expect(await critical.evaluate((field) => field === document.activeElement)).toBe(true);
    await rule.getByLabel("Warning at (seconds)").fill("120");
    await dialog.getByRole("button", { name: "What would fire now?" }).click();

    await rule.getByText("Would fire now for 1: Zoe Rules").waitFor();
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    await rowOf(page, "Zoe Rules").getByText("Baño > 2 min").waitFor();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByText(/^Last changed by Ada Admin, /).waitFor();
    await post(inBreak("zoe", "Zoe Rules", 0));
  });

  it("that somebody else saved meanwhile are said, and no change is lost.", async () => {
    const page = await open({ name: "Ada Admin", roles: ["admin"] });
    const dialog = await rulesOf(page);
    await (await ruleNamed(dialog, "ACW")).getByLabel("Warning at (seconds)").fill("45");
    const bearer = { authorization: `Bearer ${await token({ name: "Beto Boss", roles: ["admin"] })}` };
    const rules = DEFAULT_ALERT_RULES.rules.map((rule) => (rule.id === "hold-long" ? { ...rule, warning: 77 } : rule));
    const saved = await fetch(`${hub.url}/v1/instances/${INSTANCE}/rules`, {
      method: "PUT",
      headers: { ...bearer, "content-type": "application/json" },
      body: JSON.stringify({ rules }),
    });
    expect(saved.status).toBe(200);
    expected = NETWORK;
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog
      .getByRole("alert")
      .getByText(/^Beto Boss has saved other rules/)
      .waitFor();
    await dialog.getByRole("button", { name: "Save", exact: true }).click();
    await dialog.waitFor({ state: "detached" });
    const answer = await fetch(`${hub.url}/v1/instances/${INSTANCE}/rules`, { headers: bearer });
    const { rules: now }: { rules: { id: string; warning?: number }[] } = await answer.json();
    expect(now.flatMap(({ id, warning }) => (["acw-long", "hold-long"].includes(id) ? [[id, warning]] : []))).toEqual([
      ["acw-long", 45],
      ["hold-long", 77],
    ]);
  });

  it("are read by a supervisor who may not change them.", async () => {
    const dialog = await settings(await open());
    await dialog.getByText("An administrator can change them.").waitFor();
    const rule = await ruleNamed(dialog, "On hold");
    expect(await rule.getByLabel("Warning at (seconds)").isDisabled()).toBe(true);
    expect(await dialog.getByRole("button", { name: /Add rule|What would fire|Delete|test message/ }).count()).toBe(0);
  });

  it("have targets that an admin can try, and the receiver's answer is shown.", async () => {
    const dialog = await settings(await open({ name: "Ada Admin", roles: ["admin"] }));
    await dialog.getByRole("button", { name: "Send a test message to shift-leads" }).click();
    await dialog.getByText(/^Not delivered\. The receiver/).waitFor();
  });
});
