import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import type { AgentState } from "../../protocol/updates.ts";
import { signedPost } from "../support/signed-post.ts";
import { aContact, anAgentState } from "../support/updates.ts";
import { violations } from "./axe-violations.ts";
import { NETWORK, openPage, rowOf, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "5b8a1c2d-3b0f-4d5e-9a53-0d1f6a1b2c3d";
const CENTER_ZONE = "America/Mexico_City";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;

let browser: Browser;
let folder: string;
/** The real hub, and one that keeps no history. */
let hub: RunningHub;
let forgetful: RunningHub;
/** Ana was at lunch, then available, then in a status "Coaching". Each is a moment in the middle of it, epoch ms. */
const at = { lunch: 0, available: 0, coaching: 0 };

beforeAll(async () => {
  browser = await sharedBrowser();
  folder = mkdtempSync(join(tmpdir(), "vigia-replay-"));
  const vars = {
    AUTH_MODE: "local",
    TIME_ZONE: CENTER_ZONE,
    // Nothing listens there: the board of the past has no action to send.
    ACTIONS: "status listen",
    ACTIONS_URL: "http://127.0.0.1:9/",
    ACTIONS_SECRET: SECRET,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
  };
  hub = await startHub({ port: 0, folder: join(folder, "kept"), vars });
  forgetful = await startHub({ port: 0, folder: join(folder, "forgetful"), vars: { ...vars, HISTORY_DAYS: "0" } });
  at.lunch = await postAna(hub, { name: "Almuerzo", kind: "custom" });
  at.available = await postAna(hub, { name: "Available", kind: "routable" });
  at.coaching = await postAna(hub, { name: "Coaching", kind: "custom" });
  // The newest moment that a page asks for is a second old.
  await sleep(1_000);
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(takeComplaints(NETWORK)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await forgetful?.stop();
  rmSync(folder, { recursive: true, force: true });
});

async function post({ url }: RunningHub, state: Partial<AgentState>): Promise<void> {
  const answer = await signedPost(`${url}/v1/instances/${INSTANCE}/updates`, [anAgentState(state)], { secret: SECRET });
  expect(answer.status).toBe(200);
}

/**
 * Posts that Ana has another status. Returns a moment in which she has it, for 61 seconds by then. It is a whole second, because the
 * page knows no parts of it, and two seconds later, because a busy hub stores a post late.
 */
async function postAna(to: RunningHub, status: Pick<AgentState["status"], "name" | "kind">): Promise<number> {
  const now = Math.ceil(Date.now() / 1_000) * 1_000;
  await sleep(now - Date.now());
  await post(to, { agentId: "ana", name: "Ana Ruiz", occurredAt: now, status: { ...status, since: now - 59_000 } });
  const moment = now + 2_000;
  await sleep(moment + 100 - Date.now());
  return moment;
}

async function open(to: RunningHub, query: string, options = {}): Promise<Page> {
  const { page } = await openPage(browser, `${to.url}/?lang=en&instance=${INSTANCE}${query}`, options);
  return page;
}

/** The time of day on the clocks of a zone: `10:40:12`. */
const clockIn = (timeZone: string, moment: number) => new Date(moment).toLocaleTimeString("en-GB", { timeZone });
const barOf = (page: Page) => page.getByRole("region", { name: "History: this is not live" });
const momentOf = (page: Page) =>
  barOf(page)
    .locator(".vg-replay-moment time")
    .getAttribute("datetime")
    .then((text) => Date.parse(text ?? ""));
const showsStatus = (page: Page, status: string) => rowOf(page, "Ana Ruiz").getByText(status, { exact: true }).waitFor();

describe("The board of the past", () => {
  it("is that of the moment in the address, counts against its clock, lets nobody act, and says everywhere that it is not live.", async () => {
    const page = await open(hub, `&at=${at.available}&agent=ana`);
    await showsStatus(page, "Available");
    expect(await momentOf(page)).toBe(at.available);
    expect(await page.locator(".vigia").getAttribute("data-replay")).toBe("true");
    expect(await page.locator(".vg-pill").textContent()).toBe("Not live");
    const time = rowOf(page, "Ana Ruiz").locator("time").first();
    const first = await time.textContent();
    expect(first).toBe("1:01");
    await sleep(1_500);
    expect(await time.textContent()).toBe(first);
    expect(await page.getByRole("button", { name: "Pause", exact: true }).count()).toBe(0);
    const panel = page.getByRole("dialog", { name: "Ana Ruiz" });
    await panel.getByText(/^As it was at .*, not live\.$/).waitFor();
    expect(await page.locator(".vg-agent-actions, .vg-row-menu").count()).toBe(0);
    await page.getByText("You can only look. To act, to acknowledge or to change rules, go back to live.").waitFor();
    expect(await violations(page)).toEqual([]);
  });

  it("opens by the button, goes to any second, keeps it in the address, and is live again by the key L.", async () => {
    const page = await open(hub, "");
    await showsStatus(page, "Coaching");
    await page.getByRole("button", { name: "History" }).click();
    await barOf(page).getByText("Not live").waitFor();
    await page.getByLabel("Go to").fill(clockIn(CENTER_ZONE, at.lunch));
    await showsStatus(page, "Almuerzo");
    await page.waitForURL((url) => url.searchParams.get("at") === String(Math.floor(at.lunch / 1000) * 1000));
    await barOf(page).getByRole("slider").focus();
    await page.keyboard.press("l");
    await barOf(page).waitFor({ state: "detached" });
    await showsStatus(page, "Coaching");
    await page.waitForURL((url) => !url.searchParams.has("at"));
    expect(await page.locator(".vg-pill").textContent()).toMatch(/^Live/);
  });

  it("plays by the space bar up to the present, steps by keys and buttons, and leaves the keys of a field alone.", async () => {
    const page = await open(hub, `&at=${at.lunch}`);
    await showsStatus(page, "Almuerzo");
    await page.getByRole("slider").focus();
    await page.keyboard.press("Space");
    await showsStatus(page, "Available");
    await page.keyboard.press("Space");
    await page.getByRole("button", { name: "Play" }).waitFor();
    const stopped = await momentOf(page);
    expect(stopped).toBeGreaterThan(at.lunch);
    await page.getByRole("button", { name: "60×" }).click();
    await page.getByRole("slider").focus();
    await page.keyboard.press("Space");
    await page.getByText("You have reached the present.").waitFor();
    await showsStatus(page, "Coaching");
    const present = await momentOf(page);
    await page.getByRole("slider").focus();
    await page.keyboard.press("ArrowLeft");
    await expect.poll(() => momentOf(page)).toBe(present - 10_000);
    await page.keyboard.press("PageDown");
    await expect.poll(() => momentOf(page)).toBe(present - 70_000);
    await page.getByRole("button", { name: "+1 min" }).click();
    await page.getByRole("button", { name: "+10 s" }).click();
    await expect.poll(() => momentOf(page)).toBe(present);
    await showsStatus(page, "Coaching");
    const search = page.getByRole("searchbox");
    await search.pressSequentially("al l");
    expect(await search.inputValue()).toBe("al l");
    await barOf(page).getByText("Not live").waitFor();
  });

  it("tells of new alerts of the live board, and leads there.", async () => {
    const page = await open(hub, "");
    await showsStatus(page, "Coaching");
    await page.getByRole("button", { name: "History" }).click();
    await barOf(page).getByText("Not live").waitFor();
    const now = Date.now();
    const failed = aContact({ contactId: "call-9", state: "error", since: now, connectedAt: null });
    // It counts as missed, too.
    await post(hub, {
      agentId: "beto",
      name: "Beto Sol",
      occurredAt: now,
      status: { name: "Available", kind: "routable", since: now },
      contacts: [failed],
    });
    const news = page.getByRole("button", { name: "Live: 2 new alerts" });
    await news.waitFor();
    await expect.poll(() => page.title()).toMatch(/^\(2\) /);
    expect(await rowOf(page, "Beto Sol").count()).toBe(0);
    await news.click();
    await page.getByRole("dialog", { name: "Alerts" }).getByText("Beto Sol").first().waitFor();
    expect(await barOf(page).count()).toBe(0);
  });
});

describe("A reader far from the center", () => {
  it("sees the past on the center's clocks, and which clocks these are.", async () => {
    const page = await open(hub, `&at=${at.available}&agent=ana`, { timezoneId: "Asia/Kolkata" });
    await showsStatus(page, "Available");
    const time = clockIn(CENTER_ZONE, at.available);
    expect(await barOf(page).locator(".vg-replay-moment b").textContent()).toBe(time);
    await barOf(page).getByText("Times in America/Mexico_City").waitFor();
    expect(await page.getByLabel("Go to").inputValue()).toBe(time);
    expect(await barOf(page).getByRole("slider").getAttribute("aria-valuetext")).toBe(time);
    await page.getByText(`As it was at ${time}, not live.`).waitFor();
    await page.getByLabel("Go to").fill(clockIn(CENTER_ZONE, at.lunch));
    await expect.poll(() => momentOf(page)).toBe(Math.floor(at.lunch / 1_000) * 1_000);
  });

  it("reads no zone where the own clocks show the same time.", async () => {
    const page = await open(hub, `&at=${at.available}`, { timezoneId: CENTER_ZONE });
    await showsStatus(page, "Available");
    expect(await page.getByText(/Times in/).count()).toBe(0);
  });
});

describe("The menu of an agent and the past", () => {
  it("never meet: a live board has the menu, the past has none, and axe finds no violation in either.", async () => {
    const page = await open(hub, "&agent=ana");
    await showsStatus(page, "Coaching");
    await page.getByRole("dialog", { name: "Ana Ruiz" }).getByRole("button", { name: "Change status" }).click();
    await page.getByRole("menuitemradio", { name: "Offline" }).waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await rowOf(page, "Ana Ruiz").locator(".vg-row-menu").click();
    await page.getByRole("menu").waitFor();
    expect(await violations(page)).toEqual([]);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "History" }).click();
    await barOf(page).getByText("Not live").waitFor();
    await expect.poll(() => page.locator(".vg-agent-actions, .vg-row-menu, [role=menu]").count()).toBe(0);
    expect(await violations(page)).toEqual([]);
  });
});

describe("The key L", () => {
  it("is on the sheet of keys with the space bar, and a reader who wants no single keys can switch it off.", async () => {
    const page = await open(hub, `&at=${at.available}`);
    await showsStatus(page, "Available");
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Keyboard" });
    await sheet.getByText("Back to live, from the history").waitFor();
    await sheet.getByText("Play or pause the history").waitFor();
    await sheet.getByRole("checkbox", { name: "Single keys (/, A, L, and ?) work. They never do while you type." }).uncheck();
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    await page.keyboard.press("l");
    await barOf(page).getByText("Not live").waitFor();
    expect(await page.locator(".vg-replay-key").count()).toBe(0);
  });
});

describe("A moment without a board", () => {
  it("is explained when it is older than what is kept, and the oldest one is a press away.", async () => {
    const page = await open(hub, "&at=2024-04-29T10:00:00Z");
    await page.getByText(/That is older than what is kept\. The oldest moment is/).waitFor();
    expect(await page.getByRole("rowheader").count()).toBe(0);
    await page.getByRole("button", { name: "Go to the oldest moment" }).click();
    await expect.poll(() => momentOf(page)).toBeGreaterThan(at.lunch - 60_000);
    await expect.poll(() => page.getByText("That is older than what is kept").count()).toBe(0);
  });

  it("is explained by a hub that keeps no history, and the board is live again by a press.", async () => {
    await postAna(forgetful, { name: "Almuerzo", kind: "custom" });
    const page = await open(forgetful, "");
    await showsStatus(page, "Almuerzo");
    await page.getByRole("button", { name: "History" }).click();
    await page.getByText("This server keeps no history.").waitFor();
    await page.getByRole("button", { name: "Back to live" }).click();
    await showsStatus(page, "Almuerzo");
  });
});

describe("The bar of the past", () => {
  it("is in Spanish, fits a phone and a page at 200 %, and its colours can be read in the dark.", async () => {
    const phone = { width: 320, height: 740 };
    const { page } = await openPage(browser, `${hub.url}/?lang=es&theme=dark&instance=${INSTANCE}&at=${at.available}`, {
      viewport: phone,
    });
    await page.getByRole("button", { name: "Volver a en vivo" }).waitFor();
    await page.getByText("Ana Ruiz").first().waitFor();
    for (const viewport of [phone, { width: 720, height: 450 }]) {
      await page.setViewportSize(viewport);
      await expect.poll(() => page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(viewport.width);
      await page.locator(".vigia").evaluate((board) => board.scrollTo(0, 600));
      const pill = await page.locator(".vg-pill[data-state=past]").boundingBox();
      expect(pill?.y ?? -1).toBeGreaterThanOrEqual(0);
    }
    await page.locator(".vigia").evaluate((board) => board.scrollTo(0, 0));
    expect(await violations(page)).toEqual([]);
  });
});
