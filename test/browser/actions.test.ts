import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { ACTIONS } from "../../protocol/actions.ts";
import { COLOURS, violations } from "./axe-violations.ts";
import { rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const CALL = {
  contactId: "c-1",
  channel: "voice",
  status: "on a call",
  since: 1_767_625_200_000,
  startedAt: 1_767_625_200_000,
  queue: "Ventas",
  direction: "inbound",
  sentimentScore: null,
} as const;
const AGENT = "Bruno Salgado";

/** Opens the board as a supervisor who may do everything, or only some things. Bruno has one call. */
async function openBoard(actions: readonly string[] = ACTIONS, query = "?lang=en"): Promise<Page> {
  const { hub } = stage;
  hub.changeAgents({ agentId: agentIdOf(AGENT), contacts: [CALL], contactId: CALL.contactId, statusName: "Available" });
  hub.changeAgents({ agentId: agentIdOf("Elena Pineda"), statusName: "Lunch" });
  hub.answers.set("GET me", () => ({ status: 200, body: { name: "Eva", roles: ["supervisor"], actions, timeZone: "UTC" } }));
  const page = await stage.open(query);
  if (actions.length > 0) await page.locator(".vg-row-menu, .vg-card .vg-row-menu").first().waitFor({ state: "attached" });
  return page;
}

const agentIdOf = (name: string) => stage.hub.agentNamed(name);
const nameOf = (page: Page) => page.getByRole("button", { name: AGENT, exact: true });
const panelOf = (page: Page) => page.getByRole("dialog", { name: AGENT });

/** Answers each action with this, and keeps what was sent. */
function answerActions(answer: (body: Record<string, unknown>, times: number) => { status: number; body: object } | null) {
  const sent: Record<string, unknown>[] = [];
  stage.hub.answers.set("POST actions", (body) => {
    const asked = Object.fromEntries(Object.entries(body ?? {}));
    sent.push(asked);
    return answer(asked, sent.length);
  });
  return sent;
}
const done = ({ id }: Record<string, unknown>) => ({ status: 200, body: { id, ok: true, code: "done", message: "Done." } });

describe("The actions of a supervisor", () => {
  it("are done from the keyboard alone: by the menu of a row and in the panel.", async () => {
    const sent = answerActions(done);
    const page = await openBoard();
    await nameOf(page).focus();
    await page.keyboard.press("Shift+F10");
    const menu = page.getByRole("menu", { name: `Menu of ${AGENT}` });
    await menu.getByRole("menuitem", { name: "Listen", exact: true }).waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Listen");
    await page.keyboard.press("ArrowDown");
    expect(await menu.getByRole("menuitem", { name: /Free the agent/ }).getAttribute("aria-disabled")).toBe("true");
    await page.keyboard.press("l");
    await page.keyboard.press("Enter");
    await page.getByRole("status").getByText("Amazon Connect has taken the status. It follows the running contact.").waitFor();
    expect(await nameOf(page).evaluate((button) => button === document.activeElement)).toBe(true);
    await page.keyboard.press("ContextMenu");
    await menu.waitFor();
    await page.keyboard.press("Escape");
    await menu.waitFor({ state: "detached" });
    await page.keyboard.press("Enter");
    await panelOf(page).getByRole("button", { name: "Listen" }).focus();
    await page.keyboard.press("Enter");
    await panelOf(page).getByRole("status").getByText("Your control panel rings.").waitFor();
    expect(sent).toEqual([
      { id: expect.any(String), action: "status", agentId: agentIdOf(AGENT), statusName: "Lunch" },
      { id: expect.any(String), action: "listen", agentId: agentIdOf(AGENT), contactId: "c-1" },
    ]);
  });

  it("are only those that the hub permits, and none for a reader without the role or on an older hub.", async () => {
    const page = await openBoard(["listen"]);
    await nameOf(page).click();
    await panelOf(page).getByRole("button", { name: "Listen" }).waitFor();
    for (const name of ["Change status", "Barge in", "End the contact"]) {
      expect(await panelOf(page).getByRole("button", { name }).count()).toBe(0);
    }
    const viewer = await openBoard([]);
    await nameOf(viewer).click();
    await panelOf(viewer).getByRole("heading", { name: AGENT }).waitFor();
    expect(await viewer.locator(".vg-row-menu, .vg-agent-actions").count()).toBe(0);
    stage.hub.answers.delete("GET me");
    const old = await stage.open();
    await nameOf(old).click();
    await panelOf(old).getByRole("heading", { name: AGENT }).waitFor();
    expect(await old.locator(".vg-row-menu, .vg-agent-actions").count()).toBe(0);
  });

  it("that cannot be undone are asked first, and a no sends nothing.", async () => {
    const sent = answerActions(done);
    const page = await openBoard();
    await nameOf(page).click();
    const stop = panelOf(page).getByRole("button", { name: "End the contact" });
    await stop.focus();
    await page.keyboard.press("Enter");
    const question = page.getByRole("alertdialog", { name: `End the contact of ${AGENT}?` });
    await question.getByText("Voice: Ventas ends at once").waitFor();
    expect(await page.evaluate("document.activeElement.textContent")).toBe("Cancel");
    await page.keyboard.press("Escape");
    await question.waitFor({ state: "detached" });
    expect(await stop.evaluate((button) => button === document.activeElement)).toBe(true);
    expect(sent).toEqual([]);
    await page.keyboard.press("Enter");
    await question.getByRole("button", { name: "End the contact" }).click();
    await panelOf(page).getByText("Amazon Connect ends the contact.").waitFor();
    await panelOf(page).getByRole("button", { name: "Change status" }).click();
    await page.getByRole("menuitemradio", { name: "Offline" }).click();
    await page
      .getByRole("alertdialog", { name: `Set ${AGENT} to Offline?` })
      .getByRole("button", { name: /Offline/ })
      .click();
    await panelOf(page).getByText("Amazon Connect has taken the status").waitFor();
    expect(sent.map(({ action }) => action)).toEqual(["stop", "status"]);
    // The row says what the agent's own news say, and nothing before that.
    await rowOf(page, AGENT).getByText("On a call", { exact: true }).waitFor();
  });

  it("show what is in the way.", async () => {
    const page = await openBoard(ACTIONS, "?lang=es");
    await page.getByRole("button", { name: "Ana Sofía Ruiz", exact: true }).click();
    const panel = page.getByRole("dialog", { name: "Ana Sofía Ruiz" });
    const listen = panel.getByRole("button", { name: "Escuchar" });
    expect(await listen.getAttribute("aria-disabled")).toBe("true");
    await listen.focus();
    await page.keyboard.press("Enter");
    await panel.getByRole("status").getByText("No está en un contacto").waitFor();
  });

  it("are sent again with the same id after a broken connection, and pending meanwhile.", async () => {
    const restarting = { status: 503, body: { error: "unavailable" } };
    const sent = answerActions((body, times) => (times === 1 ? null : times === 2 ? restarting : done(body)));
    const page = await openBoard();
    await nameOf(page).click();
    await panelOf(page).getByRole("button", { name: "Listen" }).click();
    await panelOf(page).getByText("Waiting for Amazon Connect…").waitFor();
    expect(await panelOf(page).getByRole("button", { name: "Listen" }).getAttribute("aria-busy")).toBe("true");
    await panelOf(page).getByText("Your control panel rings.").waitFor();
    expect(sent).toHaveLength(3);
    expect(sent[1]).toEqual(sent[0]);
    expect(sent[2]).toEqual(sent[0]);
  });

  it.each([
    [504, "unknown", "Nobody knows whether it happened. Look in Amazon Connect before you try again."],
    [409, "contact_moved_on", "The contact has moved on"],
    [200, "listen_refused", "Open your control panel and try again"],
    [429, "too_many_requests", "Wait some seconds and try again."],
  ])("that the hub answers with %i %s are not called done.", async (status, code, words) => {
    answerActions(() => ({
      status,
      body: { error: code, id: "x", ok: false, message: "From the hub.", ...(status !== 429 && { code }) },
    }));
    const page = await openBoard();
    await nameOf(page).click();
    await panelOf(page).getByRole("button", { name: "Listen" }).click();
    const note = panelOf(page).locator(".vg-action-note");
    await note.getByText(words).waitFor();
    expect(await note.getAttribute("data-end")).toBe(code === "unknown" ? "unknown" : "refused");
    expect(await violations(page)).toEqual([]);
    await note.getByRole("button", { name: "Close this message" }).click();
    await note.waitFor({ state: "detached" });
  });

  it("go from the board when the hub has taken the role away meanwhile.", async () => {
    answerActions(() => ({
      status: 403,
      body: { error: "not_allowed", id: "x", ok: false, code: "not_allowed", message: "No." },
    }));
    const page = await openBoard();
    await nameOf(page).click();
    const listen = panelOf(page).getByRole("button", { name: "Listen" });
    await listen.waitFor();
    stage.hub.answers.set("GET me", () => ({ status: 200, body: { name: "Eva", roles: [], actions: [], timeZone: "UTC" } }));
    await listen.click();
    await listen.waitFor({ state: "detached" });
    await page.locator(".vg-row-menu").first().waitFor({ state: "detached" });
    expect(await panelOf(page).getByRole("heading", { name: AGENT }).count()).toBe(1);
  });

  it("stand beside who listens already, in words on the row and in the panel.", async () => {
    const page = await openBoard();
    stage.hub.changeAgents({ agentId: agentIdOf(AGENT), listening: [{ agentId: "s", name: "Lucía Ríos", since: Date.now() }] });
    await rowOf(page, AGENT).getByText("Listening: Lucía Ríos").first().waitFor();
    await nameOf(page).click();
    await panelOf(page).getByText("Listening: Lucía Ríos").waitFor();
  });
});

describe("Axe finds no violation in the actions", () => {
  for (const [lang, width] of [
    ["en", 1440],
    ["es", 390],
  ] as const) {
    it(`in ${lang} on a page ${width} pixels wide, light and dark.`, async () => {
      answerActions(done);
      const page = await openBoard(ACTIONS, `?lang=${lang}`);
      await page.setViewportSize({ width, height: 844 });
      const clean = async () => {
        expect(await violations(page)).toEqual([]);
        await page.emulateMedia({ colorScheme: "dark" });
        expect(await violations(page, COLOURS)).toEqual([]);
        await page.emulateMedia({ colorScheme: "light" });
      };
      await nameOf(page).focus();
      await page.keyboard.press("Shift+F10");
      await page.getByRole("menu").waitFor();
      await clean();
      await page.keyboard.press("Escape");
      await nameOf(page).click();
      await clean();
      await panelOf(page)
        .getByRole("button", { name: /^(Listen|Escuchar)/ })
        .click();
      await panelOf(page).locator(".vg-action-note[data-end=done]").waitFor();
      await panelOf(page)
        .getByRole("button", { name: /^(Barge in|Intervenir)/ })
        .click();
      await page.getByRole("alertdialog").waitFor();
      await clean();
    });
  }
});
