import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleTurns } from "../../dashboard/board/stories/sample-center.ts";
import { CHAT_OF_NESTOR, sampleContacts } from "../../dashboard/board/stories/sample-contacts.ts";
import { rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

async function openContacts(query = "?lang=en", options = {}): Promise<Page> {
  stage.hub.changeAgents(...sampleContacts(Date.now()));
  return stage.open(query, options);
}

describe("An agent with several contacts", () => {
  it("has the channel in the status, the number of further contacts, the places and the next status in the row.", async () => {
    const page = await openContacts();
    const ximena = rowOf(page, "Ximena Duarte");
    expect(await ximena.locator(".vg-c-status").textContent()).toBe("On a chat+2, 2 more contactsChat 3 of 5 · next: Comida");
    expect(await rowOf(page, "Jimena Ortega").locator(".vg-c-status").textContent()).toBe("On a callListening: Laura Medina");
    const spanish = await openContacts("?lang=es");
    expect(await rowOf(spanish, "Ximena Duarte").locator(".vg-c-status").textContent()).toMatch(/^En chat.*siguiente: Comida$/);
  });

  it("has the same on a card of the phone.", async () => {
    const page = await openContacts("?lang=en", { viewport: { width: 390, height: 844 } });
    const card = page.getByRole("article").filter({ hasText: "Ximena Duarte" });
    await card.getByText("On a chat").waitFor();
    await card.getByText("next: Comida").waitFor();
  });

  it("has columns for contacts, places, next status and listeners, which the CSV file has too.", async () => {
    const page = await openContacts("?lang=en&q=Ximena&cols=status%20contacts%20places%20next%20listening");
    await page.getByRole("columnheader", { name: "Next status" }).waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const stream = await (await download).createReadStream();
    let file = "";
    for await (const part of stream) file += String(part);
    const [head, line] = file.split("\r\n");
    expect(head).toBe("\uFEFFAgent ID,Agent,Team,Status,Contacts,Places,Next status,Listening,Status since (UTC)");
    expect(line).toMatch(
      /^agent-16,Ximena Duarte,[^,]+,On a chat,"Chat: Chat web; Chat: Chat web; Chat: Chat web",Chat 3 of 5,Comida,,/,
    );
  });
});

describe("The panel of an agent with several contacts", () => {
  const tabs = (page: Page) => page.getByRole("tablist", { name: "Contacts now" }).getByRole("tab");

  it("has a transcript for each contact, chosen by mouse or arrow keys.", async () => {
    const [turn] = sampleTurns(Date.now());
    if (turn !== undefined) stage.hub.sendTurns(CHAT_OF_NESTOR, [{ ...turn, text: "Hola, escribo por mi pedido." }]);
    const page = await openContacts();
    await page.getByRole("button", { name: "Néstor Quiroga" }).click();
    await expect.poll(() => tabs(page).count()).toBe(3);
    expect(await tabs(page).first().getAttribute("aria-selected")).toBe("true");
    await tabs(page).nth(1).click();
    await page.getByRole("tabpanel").getByText("Hola, escribo por mi pedido.").waitFor();
    await page.keyboard.press("ArrowRight");
    expect(await tabs(page).nth(2).getAttribute("aria-selected")).toBe("true");
    await page.getByText("No words have arrived yet.").waitFor();
    await page.keyboard.press("Home");
    expect(
      await tabs(page)
        .first()
        .evaluate((tab) => tab === document.activeElement),
    ).toBe(true);
    await page.keyboard.press("Escape");
    await tabs(page).first().waitFor({ state: "detached" });
  });

  it("stays on its contact while another one decides the status, and keeps a chosen one after its end.", async () => {
    const page = await openContacts();
    await page.getByRole("button", { name: "Ximena Duarte" }).click();
    const before = sampleContacts(Date.now()).find(({ agentId }) => agentId === "agent-16");
    const [first, second, third] = before?.contacts ?? [];
    if (first === undefined || second === undefined || third === undefined) throw new Error("The sample has three chats.");
    const selected = () => page.getByRole("tab", { selected: true }).getAttribute("id");
    const shown = await selected();
    stage.hub.changeAgents({ agentId: "agent-16", contactId: third.contactId, contacts: [third, second, first] });
    await expect.poll(() => tabs(page).first().getAttribute("id")).not.toBe(shown);
    expect(await selected()).toBe(shown);
    await tabs(page).nth(1).click();
    const chosen = await selected();
    stage.hub.changeAgents({ agentId: "agent-16", contacts: [third, first], contactCount: 2 });
    await tabs(page).getByText("ended").waitFor();
    expect(await selected()).toBe(chosen);
    expect(await tabs(page).count()).toBe(3);
  });

  it("says that a task has no transcript.", async () => {
    const page = await openContacts();
    const [nestor] = sampleContacts(Date.now());
    const [first, ...others] = nestor?.contacts ?? [];
    if (first === undefined) throw new Error("The sample has a call.");
    stage.hub.changeAgents({ agentId: "agent-9", contacts: [{ ...first, channel: "task" }, ...others] });
    await page.getByRole("button", { name: "Néstor Quiroga" }).click();
    await page.getByText("A task has no transcript.").waitFor();
    expect(await page.getByRole("log").count()).toBe(0);
  });
});
