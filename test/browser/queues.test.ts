import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleQuarters, sampleQueues, sampleWaiting } from "../../dashboard/board/stories/sample-queues.ts";
import { fakeQueue } from "../../dashboard/client/testing.ts";
import { namesShown } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

async function openQueues(query = "?lang=en", options = {}): Promise<Page> {
  const now = Date.now();
  stage.hub.changeQueues(...sampleQueues(now));
  stage.hub.sendQueueContacts("q-cobranza", sampleWaiting(now), sampleQuarters(now));
  return stage.open(query, options);
}

const tileOf = (page: Page, name: string) => page.locator("article.vg-queue").filter({ hasText: name });
const namesOfTiles = (page: Page) => page.locator(".vg-queues li .vg-queue-name").allTextContents();
const openPanel = async (page: Page, name: string) => {
  await page.getByRole("button", { name, exact: true }).click();
  return page.getByRole("dialog", { name });
};

describe("The strip of queues", () => {
  it("is absent in a center without queues.", async () => {
    const page = await stage.open();
    expect(await page.locator(".vg-queues").count()).toBe(0);
  });

  it("shows the most urgent queues first, in words and not by colour alone, and their sums.", async () => {
    const page = await openQueues();
    expect(await namesOfTiles(page)).toEqual(["Cobranza", "Soporte N1", "Chat web", "Ventas"]);
    const words = async (name: string) => (await tileOf(page, name).textContent()) ?? "";
    expect(await words("Cobranza")).toMatch(
      /Critical: .*0 of 5 available.*6 waiting, longest wait 3:\d\d.*1 ringing · 1 scheduled/,
    );
    expect(await words("Cobranza")).toMatch(/SL 61% · goal 80% · 9 abandoned/);
    expect(await words("Soporte N1")).toMatch(/Warning: .*1 of 6 available.*longest wait 0:\d\d/);
    expect(await words("Ventas")).toMatch(/3 of 9 available.*nobody waits.*1 silent.*SL 93%/);
    expect(await words("All queues")).toMatch(
      /4 queues.*9 waiting, longest wait 3:\d\d.*today 412 received.*386 answered · 14 abandoned/,
    );
  });

  it("is in Spanish on a Spanish page.", async () => {
    const page = await openQueues("?lang=es");
    await tileOf(page, "Ventas").getByText("nadie en cola").waitFor();
    expect(await tileOf(page, "Cobranza").textContent()).toMatch(
      /Crítica: .*0 de 5 disponibles.*mayor espera 3:\d\d.*9 abandonos/,
    );
  });

  it("counts the wait, and shows a new contact without a reload.", async () => {
    const page = await openQueues();
    await tileOf(page, "Ventas").getByText("nobody waits").waitFor();
    const [ventas] = sampleQueues(Date.now());
    if (ventas !== undefined) stage.hub.changeQueues({ ...ventas, waiting: 1, oldestSince: Date.now() - 58_000 });
    await tileOf(page, "Ventas").getByText("longest wait").waitFor();
    const time = tileOf(page, "Ventas").locator("time");
    const first = await time.textContent();
    await expect.poll(() => time.textContent()).not.toBe(first);
  });

  it("keeps the tiles in their places under a mouse, and moves them after it has left.", async () => {
    const page = await openQueues();
    await tileOf(page, "Ventas").hover();
    const urgent = { available: 0, staffed: 2, waiting: 1, oldestSince: Date.now() - 900_000 };
    stage.hub.changeQueues(fakeQueue({ queueId: "q-0", name: "Atención", ...urgent }));
    await tileOf(page, "Atención").waitFor();
    expect((await namesOfTiles(page)).at(-1)).toBe("Atención");
    await page.mouse.move(5, 5);
    await expect.poll(() => namesOfTiles(page).then(([first]) => first)).toBe("Atención");
  });

  it("has one row of many queues, and shows all of them when the reader asks.", async () => {
    stage.hub.changeQueues(
      ...Array.from({ length: 46 }, (_, index) => fakeQueue({ queueId: `q${index}`, name: `Cola ${index}` })),
    );
    const page = await openQueues();
    const height = async () => (await page.locator(".vg-queues").boundingBox())?.height ?? 0;
    const row = await height();
    await page.getByRole("button", { name: "Show all 50" }).click();
    await page.getByRole("button", { name: "Show one row" }).waitFor();
    expect(await height()).toBeGreaterThan(row * 3);
    await tileOf(page, "Cola 45").scrollIntoViewIfNeeded();
    expect(await page.getByRole("rowheader").first().isVisible()).toBe(true);
  });

  it("leaves agents in sight on a page at 200 %, and never makes the page wider than a phone.", async () => {
    const zoomed = await openQueues("?lang=en", { viewport: { width: 720, height: 450 } });
    const row = zoomed.getByRole("rowheader").first();
    await row.evaluate((element) => element.scrollIntoView({ block: "end" }));
    const box = await row.locator(".vg-name").boundingBox();
    expect(box === null ? 0 : box.y + box.height).toBeLessThanOrEqual(450);
    const phone = await openQueues("?lang=es", { viewport: { width: 320, height: 740 } });
    expect(await phone.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    expect(await tileOf(phone, "Todas las colas").isVisible()).toBe(true);
  });

  it("is one stop of the Tab key, and arrow keys go from tile to tile.", async () => {
    const page = await openQueues();
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    await page.getByRole("button", { name: "Cobranza", exact: true }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await focused()).toBe("Soporte N1");
    await page.keyboard.press("End");
    expect(await focused()).toBe("Ventas");
    await page.keyboard.press("Enter");
    await page.getByRole("dialog", { name: "Ventas" }).waitFor();
    await page.keyboard.press("Escape");
    await expect.poll(focused).toBe("Ventas");
    await page.keyboard.press("Tab");
    expect(await page.locator(".vg-queues li :focus").count()).toBe(0);
    await page.keyboard.press("Shift+Tab");
    expect(await focused()).toBe("Ventas");
  });

  it("has only the queues of the teams that the reader has chosen.", async () => {
    const page = await openQueues("?lang=en&group=Ventas");
    stage.hub.changeAgents({ agentId: "agent-16", routingProfile: "Chat" });
    await expect.poll(() => namesOfTiles(page)).toEqual(["Cobranza", "Soporte N1", "Ventas"]);
  });
});

describe("The panel of a queue", () => {
  it("shows who waits, at whom it rings, the agents and the last hours, and closes with Escape.", async () => {
    const page = await openQueues();
    const panel = await openPanel(page, "Cobranza");
    await panel.getByText("rings at Raúl Íñiguez").waitFor();
    expect(await panel.locator(".vg-waiting li").count()).toBe(6);
    expect(await panel.getByText("callback", { exact: true }).count()).toBe(1);
    expect(await panel.getByRole("table").getByRole("row").count()).toBe(17);
    await panel.getByText("Available", { exact: true }).click();
    await panel.getByRole("button", { name: "Marisol Vega" }).waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Cobranza");
  });

  it("opens an agent of the queue.", async () => {
    const page = await openQueues();
    const panel = await openPanel(page, "Cobranza");
    await panel.getByText("Available", { exact: true }).click();
    await panel.getByRole("button", { name: "Marisol Vega" }).click();
    await page.getByRole("dialog", { name: "Marisol Vega" }).waitFor();
  });

  it("filters the agents, in the address too, and opens them again after a reload.", async () => {
    const page = await openQueues();
    stage.hub.changeAgents({ agentId: "agent-8", routingProfile: "Chat" });
    const panel = await openPanel(page, "Chat web");
    await panel.getByRole("button", { name: "Only agents of this queue" }).click();
    await expect.poll(() => namesShown(page)).toEqual(["Marisol Vega"]);
    await page.waitForURL(/queue=Chat\+web/);
    await page.reload();
    await expect.poll(() => namesShown(page)).toEqual(["Marisol Vega"]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await expect.poll(() => namesShown(page).then((names) => names.length)).toBeGreaterThan(1);
  });

  it("says why the hub does not tell who waits, and shows the rest.", async () => {
    stage.hub.queueRefusal = "not_allowed";
    const page = await openQueues();
    const panel = await openPanel(page, "Cobranza");
    await panel.getByText("You may not see who waits in this queue.").waitFor();
    await panel.getByText("SL 61% in 20 s").waitFor();
  });
});
