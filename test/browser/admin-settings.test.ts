import { text } from "node:stream/consumers";
import type { Page } from "playwright-core";
import { beforeEach, describe, expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { fakeAlert } from "../../dashboard/client/testing.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";
import { COLOURS, violations } from "./axe-violations.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const AT = Date.UTC(2026, 0, 5, 15);
const LINK = { name: "Sala 1", groups: ["*"], madeAt: AT, madeBy: "Eva", usedAt: null, expiresAt: AT + 86_400_000 };

beforeEach(() => {
  const { hub } = stage;
  hub.rules = {
    ...DEFAULT_ALERT_RULES,
    version: 1,
    changedAt: AT,
    changedBy: "Eva",
    roles: ["admin", "supervisor"],
    targets: ["shift-leads"],
  };
  hub.answers.set("GET me", () => ({
    status: 200,
    body: { name: "Eva", roles: ["admin"], actions: [], timeZone: "America/Mexico_City" },
  }));
  hub.answers.set("GET displays", () => ({ status: 200, body: { data: [LINK] } }));
});

async function openSettings(lang = "en", width = 1440): Promise<Page> {
  const page = await stage.open(`?lang=${lang}`, { viewport: { width, height: 844 } });
  const settings = page.getByRole("button", { name: /^(Settings|Ajustes)$/ });
  // On a phone the button is in the menu.
  if ((await settings.count()) === 0) await page.getByRole("button", { name: /^Men[uú]$/ }).click();
  await settings.click();
  await page.getByText("Sala 1").waitFor();
  return page;
}

/** The name of the control that has the focus. */
const focused = (page: Page) =>
  page.evaluate(() => document.activeElement?.getAttribute("aria-label") ?? document.activeElement?.textContent ?? "");

async function expectClean(page: Page): Promise<void> {
  expect(await violations(page)).toEqual([]);
  await page.emulateMedia({ colorScheme: "dark" });
  expect(await violations(page, COLOURS)).toEqual([]);
  await page.emulateMedia({ colorScheme: "light" });
}

function answerAudit(entries: readonly object[]) {
  const asked: string[] = [];
  stage.hub.answers.set("GET audit", (_, query) => {
    asked.push(`${query}`);
    const before = Number(query.get("to") ?? Number.MAX_SAFE_INTEGER);
    const data = entries.filter((entry) => Number(Reflect.get(entry, "at")) < before).slice(0, Number(query.get("limit")));
    return { status: 200, body: { data } };
  });
  return asked;
}
const anEntry = (at: number, change: object = {}) => ({
  at,
  who: "eva",
  name: "Eva",
  what: "rules.save",
  subject: "",
  result: "ok",
  detail: null,
  ...change,
});

describe("The settings of an admin", () => {
  for (const [lang, width] of [
    ["en", 1440],
    ["es", 390],
  ] as const) {
    it(`have rules, quiet hours, targets and links without a violation of axe, in ${lang} on ${width} pixels.`, async () => {
      const page = await openSettings(lang, width);
      await page.locator(".vg-dialog details").evaluateAll((all) => {
        for (const details of all) details.setAttribute("open", "");
      });
      await expectClean(page);
    });
  }
});

describe("What an admin tries in the settings", () => {
  it("shows that a test message was delivered.", async () => {
    const asked: unknown[] = [];
    stage.hub.answers.set("POST alerts/test", (body) => {
      asked.push(body);
      const said = { target: "shift-leads", delivered: true, status: 200, said: "ok", message: "The receiver answered 200." };
      return { status: 200, body: said };
    });
    const page = await openSettings();
    await page.getByRole("button", { name: "Send a test message to shift-leads" }).click();
    await page.getByText("Delivered. The receiver answered 200.").waitFor();
    expect(asked).toEqual([{ target: "shift-leads" }]);
  });

  it("saves quiet hours of a rule, and names a wrong time at its field before that.", async () => {
    const saved: unknown[] = [];
    stage.hub.answers.set("PUT rules", (body) => {
      saved.push(body);
      return { status: 200, body: { ...stage.hub.rules, version: 2 } };
    });
    const page = await openSettings();
    const rule = page.locator(".vg-dialog details").first();
    await rule.locator("summary").click();
    await rule.getByRole("button", { name: "Add quiet hours" }).click();
    await rule.getByLabel("Quiet from").fill("");
    await page.getByRole("button", { name: "Save" }).click();
    await rule.getByRole("alert").getByText("Enter both times").waitFor();
    expect(saved).toEqual([]);
    await rule.getByLabel("Quiet from").fill("21:30");
    await page.getByRole("button", { name: "Save" }).click();
    await page.getByRole("dialog", { name: "Settings" }).waitFor({ state: "detached" });
    expect(JSON.stringify(saved)).toContain('"quietHours":[{"from":"21:30","to":"07:00"}]');
  });
});

describe("The audit of an admin", () => {
  it("shows times of the contact center, pages, and asks the hub for one person or one action.", async () => {
    const entries = Array.from({ length: 250 }, (_, index) => anEntry(AT - index * 1000));
    const asked = answerAudit(entries);
    const page = await openSettings();
    await page.getByRole("button", { name: "Audit log…" }).click();
    const audit = page.getByRole("dialog", { name: "Audit log" });
    await audit.getByText("Times of America/Mexico_City").waitFor();
    await audit.getByText("Jan 5, 2026, 09:00:00").waitFor();
    await audit.getByText("199 entries").waitFor();
    await expectClean(page);
    await audit.getByRole("button", { name: "Show older entries" }).click();
    await audit.getByText("250 entries").waitFor();
    expect(await audit.getByRole("button", { name: "Show older entries" }).count()).toBe(0);
    await audit.getByLabel("Person").selectOption({ label: "Eva" });
    await audit.getByLabel("Action").selectOption({ label: "Listened" });
    await expect.poll(() => asked.at(-1)).toBe("limit=200&who=eva&what=action.listen");
    await page.keyboard.press("Escape");
    await audit.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Settings");
  });

  it("gives the focus back to the button of the settings, as the settings themselves do.", async () => {
    answerAudit([anEntry(AT)]);
    const page = await openSettings();
    await page.keyboard.press("Escape");
    await page.getByText("Sala 1").waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Settings");
    await page.keyboard.press("Enter");
    await page.getByRole("button", { name: "Audit log…" }).click();
    const audit = page.getByRole("dialog", { name: "Audit log" });
    await audit.getByRole("button", { name: "Close" }).click();
    await audit.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Settings");
  });

  it("is a Spanish file on a Spanish board.", async () => {
    answerAudit([anEntry(AT)]);
    const page = await openSettings("es");
    await page.getByRole("button", { name: "Bitácora…" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("dialog", { name: "Bitácora" }).getByRole("button", { name: "CSV" }).click(),
    ]);
    const [headings = ""] = (await text(await download.createReadStream())).split("\r\n");
    expect(headings.replace("\uFEFF", "")).toBe(
      "Hora,Persona,Acción,Sobre,Resultado,Hora (America/Mexico_City),Persona (ID),Acción (código),Sobre (ID),Resultado (código),Detalles (JSON)",
    );
  });

  it("is a file that no spreadsheet runs as a formula.", async () => {
    answerAudit([anEntry(AT, { who: "=evil()", name: "=evil()", what: "alerts.test", subject: "+1" })]);
    const page = await openSettings();
    await page.getByRole("button", { name: "Audit log…" }).click();
    const [download] = await Promise.all([
      page.waitForEvent("download"),
      page.getByRole("dialog", { name: "Audit log" }).getByRole("button", { name: "CSV" }).click(),
    ]);
    const csv = await text(await download.createReadStream());
    expect(csv).toContain(",'=evil(),Sent a test alert,'+1,Done,2026-01-05T09:00:00-06:00,'=evil(),alerts.test,'+1,ok,");
    expect(download.suggestedFilename()).toMatch(/^vigia-audit-.*\.csv$/);
  });

  it("is Spanish on a phone, and says when the hub does not answer.", async () => {
    let works = false;
    stage.hub.answers.set("GET audit", () =>
      works ? { status: 200, body: { data: [anEntry(AT)] } } : { status: 500, body: {} },
    );
    const page = await openSettings("es", 390);
    await page.getByRole("button", { name: "Bitácora…" }).click();
    const audit = page.getByRole("dialog", { name: "Bitácora" });
    await audit.getByText("El servidor no respondió.").waitFor();
    works = true;
    await audit.getByRole("button", { name: "Intentar de nuevo" }).click();
    await audit.getByRole("cell", { name: "Cambió las reglas de alerta" }).waitFor();
    await expectClean(page);
  });

  it("is absent for a reader who is no admin.", async () => {
    stage.hub.rules = { ...stage.hub.rules, roles: ["supervisor"] };
    const page = await stage.open();
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("dialog", { name: "Settings" }).getByRole("button", { name: "Save" }).waitFor();
    expect(await page.getByRole("button", { name: "Audit log…" }).count()).toBe(0);
  });
});

describe("An alert about a queue", () => {
  it("opens the queue when it is pressed in the list.", async () => {
    const now = Date.now();
    stage.hub.changeQueues(...sampleQueues(now));
    const alert = fakeAlert({
      alertId: "q:1",
      rule: "queue-wait",
      severity: "critical",
      subject: { queueId: "q-cobranza" },
      groups: [],
      since: now,
    });
    stage.hub.changeAlerts(alert);
    const page = await stage.open();
    await page
      .getByRole("banner")
      .getByRole("button", { name: /^Alerts/ })
      .click();
    await page.getByRole("dialog", { name: "Alerts" }).getByRole("button", { name: "Cobranza", exact: true }).click();
    await page.getByRole("dialog", { name: "Cobranza" }).waitFor();
  });
});
