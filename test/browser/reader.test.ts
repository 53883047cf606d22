import type { BrowserContextOptions, Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { JIMENA_CONTACT } from "../../dashboard/board/stories/sample-center.ts";
import type { Turn } from "../../protocol/messages.ts";
import { namesShown, rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

async function open(query?: string, options?: BrowserContextOptions): Promise<Page> {
  const page = await stage.open(query, options);
  await page.getByText("Jimena Ortega").first().waitFor();
  return page;
}

function customerTurn(turnId: string, text: string, final: boolean): Turn {
  return {
    turnId,
    role: "customer",
    beginMs: 1_300_000,
    endMs: 1_301_000,
    text,
    final,
    sentiment: null,
    occurredAt: Date.now(),
  };
}

async function chooseUpdates(page: Page, interval: string): Promise<void> {
  await page.getByRole("button", { name: "Menu", exact: true }).click();
  await page.getByRole("group", { name: "Updates" }).getByRole("radio", { name: interval, exact: true }).check();
  await page.keyboard.press("Escape");
}

describe("The refresh interval", () => {
  it("shows changes every five seconds, survives a reload, and does not look like a pause.", async () => {
    const page = await open();
    await chooseUpdates(page, "Every 5 seconds");
    await page.clock.install();
    await page.reload();
    await rowOf(page, "Ana Sofía Ruiz").getByText("Available", { exact: true }).waitFor();
    await page.locator(".vg-pill[data-state=live]").waitFor();
    stage.hub.changeAgents({ agentId: "agent-0", status: "away", statusName: "Lunch", since: Date.now() });
    await page.clock.runFor(6000);
    await rowOf(page, "Ana Sofía Ruiz").getByText("Lunch").waitFor();
    expect(await page.getByText(/The board is paused/).count()).toBe(0);
    await chooseUpdates(page, "Live");
    stage.hub.changeAgents({ agentId: "agent-0", status: "away", statusName: "Training", since: Date.now() });
    await rowOf(page, "Ana Sofía Ruiz").getByText("Training").waitFor();
  });

  it("holds rows and clocks between two updates, but the open transcript goes on.", async () => {
    const page = await open("?lang=en&agent=agent-6");
    await page.clock.install();
    await page.reload();
    // A panel that opens takes the focus, and that closes a menu.
    await page.getByRole("dialog").waitFor();
    await chooseUpdates(page, "Every 5 seconds");
    await page.clock.pauseAt(Date.now() + 60_000);
    const row = rowOf(page, "Ana Sofía Ruiz");
    await page.clock.runFor(5000);
    const before = await row.locator("time").textContent();
    stage.hub.changeAgents({ agentId: "agent-0", status: "away", statusName: "Lunch" });
    stage.hub.sendTurns(JIMENA_CONTACT, [customerTurn("after", "Después de eso.", true)]);
    await page.getByText("Después de eso.").waitFor();
    await page.clock.runFor(3000);
    expect(await row.getByText("Lunch").count()).toBe(0);
    expect(await row.locator("time").textContent()).toBe(before);
    await page.clock.runFor(5000);
    await row.getByText("Lunch").waitFor();
    expect(await row.locator("time").textContent()).not.toBe(before);
  });
});

describe("The live transcript", () => {
  it("announces final turns to a screen reader from the moment the reader asks for it.", async () => {
    const page = await open("?lang=en&agent=agent-6");
    const call = page.getByRole("dialog", { name: "Jimena Ortega" });
    await call.getByText("Bueno, pero necesito que").waitFor();
    // The board has one live region until the reader asks for turns.
    expect(await page.locator("[aria-live=polite]").count()).toBe(1);
    await call.getByLabel("Read new turns aloud").check();
    const ear = call.locator("[aria-live=polite]");
    stage.hub.sendTurns(JIMENA_CONTACT, [customerTurn("new", "Quiero", false)]);
    await call.getByText("Quiero", { exact: true }).waitFor();
    stage.hub.sendTurns(JIMENA_CONTACT, [customerTurn("new", "Quiero hablar con [NAME].", true)]);
    await expect.poll(() => ear.locator("p").allTextContents()).toEqual(["Customer: Quiero hablar con name."]);
    await call.getByLabel("Read new turns aloud").uncheck();
    await ear.waitFor({ state: "detached" });
  });
});

describe("The most urgent agent", () => {
  it("comes first on a phone, unless the reader sorts otherwise.", async () => {
    const phone = await open("?lang=en", { viewport: { width: 390, height: 844 } });
    const first = (page: Page) => page.getByRole("article").first().locator("b, .vg-name").textContent();
    await expect.poll(() => first(phone)).toBe("Jimena Ortega");
    await phone.getByRole("button", { name: "Sort by" }).click();
    await phone.getByRole("radio", { name: "Agent" }).click();
    await expect.poll(() => first(phone)).toBe("Ana Sofía Ruiz");
    await expect.poll(() => new URL(phone.url()).searchParams.get("sort")).toBe("agent");
  });
});

describe("Each heading", () => {
  it("is whole beside an open call while the rows are sorted by it.", async () => {
    for (const lang of ["es", "en"]) {
      const page = await open(`?lang=${lang}&agent=agent-6`);
      // Beside the panel the table leaves out some columns, and 6 stay.
      await page.getByRole("dialog").waitFor();
      await expect.poll(() => page.getByRole("columnheader").count()).toBe(6);
      for (const heading of await page.getByRole("columnheader").all()) {
        await heading.getByRole("button").click();
        await heading.locator("svg").waitFor();
        const [cell, button] = [await heading.boundingBox(), await heading.getByRole("button").boundingBox()];
        expect((button?.x ?? 0) + (button?.width ?? 0)).toBeLessThanOrEqual((cell?.x ?? 0) + (cell?.width ?? 0) + 6);
      }
      expect((await namesShown(page)).length).toBe(19);
    }
  });
});
