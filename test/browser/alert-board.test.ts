import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fakeAlert } from "../../dashboard/client/testing.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";
import { rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const { open } = stage;

/** Ana is in error from now on. */
function anaInError(change: Parameters<typeof fakeAlert>[0] | object = {}) {
  const alert = fakeAlert({
    alertId: "agent-error:ana",
    rule: "agent-error",
    severity: "critical",
    subject: { agentId: "agent-0" },
    groups: ["México", "Ventas"],
    since: Date.now(),
  });
  return { ...alert, ...change };
}

async function openAlerts(page: Page) {
  await page
    .getByRole("banner")
    .getByRole("button", { name: /^Alerts/ })
    .click();
  return page.getByRole("dialog", { name: "Alerts" });
}

/** Replaces what would disturb people: notifications and sounds. They are noted in `window.noticed`. */
async function visitWithEars(query = "?lang=en"): Promise<Page> {
  const { page } = await stage.visit("about:blank");
  await page.addInitScript(() => {
    const noticed: string[] = [];
    class FakeNotification {
      static permission = "granted";
      static requestPermission = async () => "granted";
      onclick: (() => void) | null = null;
      constructor(title: string, options: { tag?: string; renotify?: boolean }) {
        noticed.push(title);
        Object.assign(window, { options });
        Object.assign(window, { press: () => this.onclick?.() });
      }
      close() {}
    }
    class FakeAudioContext extends AudioContext {
      constructor() {
        super();
        noticed.push("sound");
      }
    }
    Object.assign(window, { noticed, Notification: FakeNotification, AudioContext: FakeAudioContext });
  });
  await page.goto(`${stage.hub.url}/${query}`);
  await page.locator(".vg-pill[data-state=live]").waitFor();
  const list = await openAlerts(page);
  await list.getByLabel("Sound").check();
  await list.getByLabel("Desktop notification").check();
  await effectsHaveRun(page);
  return page;
}

/** What a change of a setting does begins after the next frame. */
function effectsHaveRun(page: Page): Promise<void> {
  return page.evaluate(() => new Promise((done) => requestAnimationFrame(() => setTimeout(done))));
}

const noticed = (page: Page) => page.evaluate(() => Reflect.get(window, "noticed"));

describe("The settings of alerts", () => {
  it("stay as they were changed while the browser asked whether it may notify.", async () => {
    const { page } = await stage.visit("about:blank");
    await page.addInitScript(() => {
      class FakeNotification {
        static permission = "default";
        static requestPermission = () => new Promise((answer) => Object.assign(window, { allow: () => answer("granted") }));
      }
      Object.assign(window, { Notification: FakeNotification });
    });
    await page.goto(`${stage.hub.url}/?lang=en`);
    await page.locator(".vg-pill[data-state=live]").waitFor();
    const list = await openAlerts(page);
    await list.getByLabel("Desktop notification").click();
    await list.getByLabel("Sound").check();
    await page.evaluate(() => Reflect.get(window, "allow")());
    const isChecked = (label: string) => list.getByLabel(label).isChecked();
    await expect.poll(() => isChecked("Desktop notification")).toBe(true);
    expect(await isChecked("Sound")).toBe(true);
    await page.reload();
    await openAlerts(page);
    // The settings are this person's, whom the page first has to know.
    await expect.poll(async () => [await isChecked("Desktop notification"), await isChecked("Sound")]).toEqual([true, true]);
  });
});

describe("A new alert", () => {
  it("plays its sound and notification once, and a press on the notification opens the call.", async () => {
    const page = await visitWithEars();
    stage.hub.changeAlerts(anaInError());
    await rowOf(page, "Ana Sofía Ruiz").getByText("Agent in error").waitFor();
    await expect.poll(() => noticed(page)).toEqual(["sound", "Ana Sofía Ruiz: Agent in error"]);
    stage.hub.changeAlerts(anaInError({ groups: ["México"] }));
    stage.hub.changeAlerts(anaInError({ state: "resolved", resolvedAt: Date.now() }));
    await rowOf(page, "Ana Sofía Ruiz").getByText("Agent in error").waitFor({ state: "detached" });
    expect(await noticed(page)).toHaveLength(2);
    await page.evaluate(() => Reflect.get(window, "press")());
    await page.getByRole("dialog", { name: "Ana Sofía Ruiz" }).waitFor();
  });

  it("notifies again although the notification before is unread, because it takes that one's place.", async () => {
    const page = await visitWithEars();
    stage.hub.changeAlerts(anaInError());
    await expect.poll(() => noticed(page)).toEqual(["sound", "Ana Sofía Ruiz: Agent in error"]);
    expect(await page.evaluate(() => Reflect.get(window, "options"))).toMatchObject({ tag: "vigia", renotify: true });
  });

  it("is said to a screen reader although the browser refuses sound and notifications.", async () => {
    const page = await visitWithEars();
    await page.evaluate(() => {
      const refuse = class {
        static permission = "granted";
        constructor() {
          throw new TypeError("Illegal constructor");
        }
      };
      Object.assign(window, { Notification: refuse, AudioContext: refuse });
    });
    stage.hub.changeAlerts(anaInError());
    await page.getByText("New critical alert. Ana Sofía Ruiz: Agent in error").waitFor({ state: "attached" });
  });

  it("leaves no sound behind that waits for the first press on the page.", async () => {
    const page = await visitWithEars();
    await page.addInitScript(() => {
      const sounds: AudioContext[] = [];
      // Its notes never end: as on a page on which nobody has pressed anything yet.
      class WaitingAudioContext extends AudioContext {
        constructor() {
          super();
          sounds.push(this);
          void this.suspend();
        }
      }
      Object.assign(window, { sounds, AudioContext: WaitingAudioContext });
    });
    await page.clock.install();
    await page.reload();
    await page.locator(".vg-pill[data-state=live]").waitFor();
    stage.hub.changeAlerts(anaInError());
    await rowOf(page, "Ana Sofía Ruiz").getByText("Agent in error").waitFor();
    await effectsHaveRun(page);
    await page.clock.fastForward(3_000);
    const states = () => page.evaluate(() => Reflect.get(window, "sounds").map(({ state }: AudioContext) => state));
    await expect.poll(states).toEqual(["closed"]);
  });

  it("of another team or a muted rule calls nobody, but everybody can see a muted one.", async () => {
    const page = await visitWithEars(`?lang=en&team=${encodeURIComponent("México/Ventas")}`);
    stage.hub.changeAlerts(anaInError({ alertId: "y", subject: { agentId: "agent-6" }, groups: ["México", "Cobranza"] }));
    const list = page.getByRole("dialog", { name: "Alerts" });
    await list.getByRole("button", { name: "Mute the rule: After contact work > 2 min" }).click();
    await list.getByText("0 open alerts").waitFor();
    await expect.poll(() => page.title()).toMatch(/^Vigía/);
    const muted = { rule: "acw-long", subject: { agentId: "agent-8" }, groups: ["México", "Ventas"], value: 120, limit: 120 };
    stage.hub.changeAlerts(fakeAlert({ alertId: "z", since: Date.now(), ...muted }));
    await rowOf(page, "Marisol Vega").locator(".vg-chip").waitFor();
    expect(await noticed(page)).toEqual([]);
    await page.reload();
    await rowOf(page, "Marisol Vega").locator(".vg-chip").waitFor();
    await expect.poll(() => page.title()).toMatch(/^Vigía/);
  });

  it("is said to a screen reader once if it is critical.", async () => {
    const page = await open();
    const region = page.locator(".vigia > [role=status]");
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const live = document.querySelector(".vigia > [role=status]");
      if (live !== null)
        new MutationObserver(() => said.push(live.textContent ?? "")).observe(live, {
          childList: true,
          characterData: true,
          subtree: true,
        });
    });
    stage.hub.changeAlerts(fakeAlert({ alertId: "w", rule: "acw-long", subject: { agentId: "agent-1" }, groups: ["Ventas"] }));
    stage.hub.changeAlerts(anaInError());
    await expect.poll(() => region.textContent()).toBe("New critical alert. Ana Sofía Ruiz: Agent in error");
    stage.hub.changeAlerts(anaInError({ acknowledgedBy: "Laura", acknowledgedAt: Date.now() }));
    await rowOf(page, "Ana Sofía Ruiz").locator(".vg-chip[data-done]").waitFor();
    const said = await page.evaluate<string[]>("window.said");
    expect(said.filter((words) => words.includes("critical"))).toHaveLength(1);
  });
});

describe("The list of alerts", () => {
  it("says why an acknowledgement was refused, and keeps the alert open.", async () => {
    stage.hub.acknowledgesAs = null;
    const list = await openAlerts(await open());
    await list.getByRole("button", { name: "Acknowledge Agent in error of Yolanda Cruz" }).click();
    await list.getByRole("alert").getByText("You may not acknowledge alerts.").waitFor();
    await list.getByRole("button", { name: "Acknowledge Agent in error of Yolanda Cruz" }).waitFor();
  });

  it("offers no acknowledgement to whom the hub names no supervisor.", async () => {
    stage.hub.rules = { ...DEFAULT_ALERT_RULES, version: 0, changedAt: null, changedBy: null, roles: [], targets: [] };
    const list = await openAlerts(await open());
    await list.getByText("Acknowledged: Laura Ríos").first().waitFor();
    await expect.poll(() => list.getByRole("button", { name: /^Acknowledge/ }).count()).toBe(0);
  });

  it("acknowledges all at once.", async () => {
    const page = await open();
    const list = await openAlerts(page);
    await list.getByRole("button", { name: "Acknowledge all" }).click();
    await list.getByText("0 open alerts").waitFor();
  });

  it("shows critical alerts before warnings and the last days after them, filters, and opens the agent.", async () => {
    const page = await open();
    const list = await openAlerts(page);
    const levels = () =>
      list
        .getByRole("list", { name: "Firing now" })
        .getByRole("listitem")
        .evaluateAll((items) => items.map((item) => item.getAttribute("data-level")));
    await expect.poll(async () => (await levels()).join(" ")).toMatch(/^critical critical critical critical( warn)+$/);
    const history = list.getByRole("list", { name: "Last days" });
    expect(await history.getByRole("listitem").count()).toBe(2);
    await history.getByText("No data from Amazon Connect for 10 min").waitFor();
    await list.getByText("Filters", { exact: true }).click();
    await list.getByRole("combobox", { name: "Acknowledged" }).selectOption("yes");
    await expect.poll(levels).toEqual(["critical"]);
    await list.getByRole("combobox", { name: "Rule" }).selectOption("feed-silent");
    await list.getByText("No alerts.").waitFor();
    expect(await history.getByRole("listitem").count()).toBe(1);
    await list.getByRole("button", { name: "Clear filters" }).click();
    await list.getByRole("combobox", { name: "Group" }).selectOption("Ventas");
    await list.getByRole("button", { name: "Sara Núñez", exact: true }).click();
    await page.getByRole("dialog", { name: "Sara Núñez" }).waitFor();
  });

  it("is worked by the keyboard alone.", async () => {
    const page = await open();
    await page
      .getByRole("banner")
      .getByRole("button", { name: /^Alerts/ })
      .press("Enter");
    const list = page.getByRole("dialog", { name: "Alerts" });
    const button = list.getByRole("button", { name: "Acknowledge Agent in error of Yolanda Cruz" });
    for (let presses = 0; presses < 40; presses++) {
      if (await button.evaluate((element) => element === document.activeElement)) break;
      await page.keyboard.press("Tab");
    }
    await page.keyboard.press("Enter");
    await list.locator(".vg-alert", { hasText: "Yolanda Cruz" }).getByText("Acknowledged: Laura Ríos").waitFor();
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Yolanda Cruz");
    await page.keyboard.press("Escape");
    await list.waitFor({ state: "detached" });
  });
});

describe("A critical row out of sight", () => {
  it("is counted in a pill above a held order, and a press brings it into sight.", async () => {
    const page = await open("?lang=en&sort=attention", { viewport: { width: 1440, height: 560 } });
    await rowOf(page, "Yolanda Cruz").waitFor();
    await rowOf(page, "Yolanda Cruz").hover();
    stage.hub.changeAlerts(anaInError({ subject: { agentId: "agent-15" } }));
    const pill = page.getByRole("button", { name: "1 critical above" });
    await pill.waitFor();
    await page.mouse.move(700, 20);
    await pill.waitFor({ state: "detached" });
    await rowOf(page, "Yolanda Cruz").hover();
    stage.hub.changeAlerts(anaInError({ alertId: "v", subject: { agentId: "agent-16" }, since: Date.now() - 300_000 }));
    // The order is held for five seconds only, and a real click first waits until the pill rests.
    await pill.dispatchEvent("click");
    const row = rowOf(page, "Ximena Duarte");
    await expect.poll(() => row.evaluate((element) => element.getBoundingClientRect().bottom)).toBeLessThan(560);
    await expect.poll(() => page.evaluate(() => document.activeElement?.textContent)).toBe("Ximena Duarte");
  });
});
