import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

async function open(query = "?lang=en"): Promise<Page> {
  stage.hub.changeQueues(...sampleQueues(Date.now()));
  const page = await stage.open(query);
  await page.getByRole("rowheader").first().waitFor();
  return page;
}

/** The words of the element with the focus: its label, or its text. */
function focused(page: Page): Promise<string> {
  return page.evaluate(() => {
    const element = document.activeElement;
    return (
      element?.getAttribute("aria-label") ?? (element instanceof HTMLInputElement ? element.type : element?.textContent) ?? ""
    );
  });
}

describe("The keyboard", () => {
  it("reaches the table after at most eight stops, and the agents with the first one.", async () => {
    const page = await open();
    const stops: string[] = [];
    for (let stop = 0; stop < 12; stop++) {
      await page.keyboard.press("Tab");
      if (await page.evaluate(() => document.activeElement?.closest(".vg-list") !== null)) break;
      stops.push(await focused(page));
    }
    expect(stops.length, stops.join(" | ")).toBeLessThanOrEqual(8);
    expect(stops[0]).toBe("Go to the agents");
    await page.reload();
    await page.getByRole("button", { name: "Jimena Ortega", exact: true }).waitFor();
    await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    expect(await page.evaluate(() => document.activeElement?.className)).toBe("vg-name");
    expect(new URL(page.url()).hash).toBe("");
  });

  it("moves within the list with arrows, opens an agent, and comes back to its row with Escape.", async () => {
    const page = await open("?lang=en&sort=agent");
    const names = await page.getByRole("rowheader").locator(".vg-name").allTextContents();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe(names[0]);
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowUp");
    expect(await focused(page)).toBe(names[1]);
    await page.keyboard.press("End");
    expect(await focused(page)).toBe(names.at(-1));
    await page.keyboard.press("ArrowDown");
    expect(await focused(page)).toBe(names.at(-1));
    await page.keyboard.press("Home");
    await page.keyboard.press("Enter");
    const panel = page.getByRole("dialog", { name: names[0] ?? "" });
    await panel.waitFor();
    await page.keyboard.press("Escape");
    await panel.waitFor({ state: "detached" });
    expect(await focused(page)).toBe(names[0]);
  });

  it("goes on with a row when the agent of the panel has left the board meanwhile.", async () => {
    const page = await open("?lang=en&sort=agent");
    await page.getByRole("button", { name: "Paola Jiménez", exact: true }).press("Enter");
    await page.locator("dialog[open]").waitFor();
    stage.hub.removeAgent("agent-10");
    await page.getByRole("button", { name: "Paola Jiménez", exact: true }).waitFor({ state: "detached" });
    await page.keyboard.press("Escape");
    await page.locator("dialog[open]").waitFor({ state: "detached" });
    await expect.poll(() => page.evaluate(() => document.activeElement?.className)).toBe("vg-name");
  });

  it("reaches every row of a long list of which few are in the page.", async () => {
    const now = Date.now();
    const many = Array.from({ length: 600 }, (_, index) => ({
      agentId: `many-${index}`,
      name: `Agente ${String(index).padStart(4, "0")}`,
      status: "available" as const,
      since: now - 1000,
    }));
    stage.hub.changeAgents(...many);
    const page = await open("?lang=en&sort=agent&q=Agente");
    await page.locator("#vg-agents").getByText("600 agents shown").waitFor();
    await page.keyboard.press("/");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("End");
    await expect.poll(() => focused(page)).toBe("Agente 0599");
    await page.keyboard.press("PageUp");
    await expect.poll(() => focused(page)).toBe("Agente 0589");
    const isInSight = await page.evaluate(() => {
      const [row, list] = [document.activeElement, document.querySelector(".vg-scroller")].map((it) =>
        it?.getBoundingClientRect(),
      );
      const head = document.querySelector(".vg-table thead th")?.getBoundingClientRect();
      return row !== undefined && list !== undefined && head !== undefined && row.top >= head.bottom && row.bottom <= list.bottom;
    });
    expect(isInSight).toBe(true);
    await page.keyboard.press("Home");
    await expect.poll(() => focused(page)).toBe("Agente 0000");
  });

  it("moves within the buttons, the counts, the queues and the headings with arrows.", async () => {
    const page = await open();
    await page.getByRole("button", { name: /^All \d/ }).focus();
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toMatch(/^Available/);
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowLeft");
    expect(await focused(page)).toMatch(/^Offline/);
    await page.getByRole("button", { name: "Status", exact: true }).first().focus();
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toBe("Queue");
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    expect(await focused(page)).toBe("checkbox");
    await page.keyboard.press("Escape");
    expect(await focused(page)).toBe("Queue");
    await page.getByRole("columnheader").first().getByRole("button").focus();
    await page.keyboard.press("ArrowRight");
    expect(await focused(page)).toBe("Status");
  });
});

describe("The sheet of keys", () => {
  it("opens with a question mark, lists the keys, and gives the focus back.", async () => {
    const page = await open("?lang=es");
    await page.getByRole("button", { name: "Jimena Ortega", exact: true }).focus();
    await page.keyboard.press("?");
    const sheet = page.getByRole("dialog", { name: "Teclado" });
    await sheet.getByText("Agente anterior o siguiente").waitFor();
    await page.keyboard.press("a");
    expect(await page.getByRole("dialog", { name: "Alertas" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    await sheet.waitFor({ state: "detached" });
    expect(await focused(page)).toBe("Jimena Ortega");
  });

  it("lets a reader switch the single keys off and on again.", async () => {
    const page = await open();
    await page.keyboard.press("a");
    const alerts = page.getByRole("dialog", { name: "Alerts" });
    await alerts.waitFor();
    await page.keyboard.press("a");
    await alerts.waitFor({ state: "detached" });
    await page.keyboard.press("?");
    await page.getByRole("checkbox", { name: /^Single keys/ }).uncheck();
    await page.keyboard.press("Escape");
    await page.reload();
    await page.getByRole("button", { name: "Jimena Ortega", exact: true }).waitFor();
    await page.keyboard.press("a");
    await page.keyboard.press("/");
    await page.keyboard.press("?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    expect(await page.evaluate(() => document.activeElement?.tagName)).toBe("BODY");
    await page.getByRole("button", { name: "Menu", exact: true }).click();
    await page.getByRole("button", { name: "Keyboard…" }).click();
    await page.getByRole("checkbox", { name: /^Single keys/ }).check();
    await page.keyboard.press("Escape");
    await page.keyboard.press("/");
    expect(await focused(page)).toBe("search");
  });
});

describe("A single key", () => {
  it("is text while the reader types, and belongs to the browser with Ctrl.", async () => {
    const page = await open();
    await page.keyboard.press("/");
    await page.keyboard.type("a/?");
    expect(await page.getByRole("searchbox", { name: /^Search agents/ }).inputValue()).toBe("a/?");
    expect(await page.getByRole("dialog").count()).toBe(0);
    await page.keyboard.press("Escape");
    await page.getByRole("button", { name: "Pause" }).focus();
    await page.keyboard.press("Control+a");
    expect(await page.getByRole("dialog").count()).toBe(0);
  });
});
