import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { fakeAlert } from "../../dashboard/client/testing.ts";
import { namesShown, rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const { open } = stage;

/** The headings and the names of the list, from top to bottom. */
const rows = (page: Page) => page.locator(".vg-table tbody :is(.vg-group td, .vg-name)").allTextContents();
const statusTime = (agentId: string, change: Partial<Parameters<typeof fakeAlert>[0]> = {}) =>
  fakeAlert({ alertId: `hold-long:${agentId}`, rule: "hold-long", subject: { agentId }, since: Date.now(), ...change });

describe("The list that nobody has sorted", () => {
  it("begins with who needs a hand and says why, the longest first, and has the others by name.", async () => {
    const page = await open();
    await rowOf(page, "Ana Sofía Ruiz").waitFor();
    const shown = await rows(page);
    expect(shown.slice(0, 6)).toEqual([
      "Need a hand · 4",
      "Jimena Ortega",
      "Yolanda Cruz",
      "Sara Núñez",
      "Luis Ángel Mora",
      "The others · 15",
    ]);
    const others = shown.slice(6);
    expect(others.at(-1)).toBe("Zacarías León");
    expect(others).toEqual([...others].sort(new Intl.Collator("en").compare));
    await page.getByRole("columnheader", { name: "Why", exact: true }).waitFor();
    const why = (name: string) => rowOf(page, name).locator(".vg-chip").allInnerTexts();
    expect((await why("Jimena Ortega"))[0]).toContain("angry now, fell 6.7");
    expect((await why("Luis Ángel Mora"))[0]).toContain("2 missed in a row");
    expect((await why("Sara Núñez"))[0]).toContain("after contact work > 2 min");
  });

  it("says so in Spanish, on a phone too.", async () => {
    const page = await open("?lang=es", { viewport: { width: 390, height: 800 } });
    await page.getByRole("heading", { name: "Necesitan ayuda · 4" }).waitFor();
    await page.getByRole("heading", { name: "Los demás · 15" }).waitFor();
    await page.getByText("enojado ahora, cayó 6.7").waitFor();
    await page.getByText("2 no contestadas seguidas").waitFor();
  });

  it("moves no row when scores and times change, and one row when an alert begins.", async () => {
    const page = await open();
    await rowOf(page, "Ana Sofía Ruiz").waitFor();
    const before = await rows(page);
    for (const round of [0, 1, 2]) {
      const scores = [1, 5, 9, 10, 13, 16].map((index) => ({
        agentId: `agent-${index}`,
        sentimentScore: (index + round) % 2 === 0 ? -4.5 : 4.5,
      }));
      stage.hub.changeAgents(...scores, { agentId: "agent-0", status: round === 1 ? "on hold" : "available" });
      await rowOf(page, "Bruno Salgado")
        .getByText(round % 2 === 1 ? "−4.5" : "+4.5")
        .waitFor();
      expect(await rows(page)).toEqual(before);
    }
    stage.hub.changeAlerts(statusTime("agent-0"));
    await page.getByText("Need a hand · 5").waitFor();
    expect((await rows(page)).slice(0, 6)).toEqual([
      "Need a hand · 5",
      "Jimena Ortega",
      "Yolanda Cruz",
      "Sara Núñez",
      "Luis Ángel Mora",
      "Ana Sofía Ruiz",
    ]);
  });

  it("comes back with a press on Why after the reader has sorted by name.", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Agent", exact: true }).click();
    await expect.poll(async () => (await rows(page))[0]).toBe("Ana Sofía Ruiz");
    await page.getByRole("button", { name: "Why", exact: true }).click();
    await expect.poll(async () => (await rows(page))[0]).toBe("Need a hand · 4");
  });

  it("keeps a row in its section while the mouse has just moved, and applies a filter all the same.", async () => {
    const page = await open("?lang=en&status=available&status=on hold");
    await expect.poll(() => namesShown(page)).toContain("Víctor Olvera");
    await page.clock.install();
    await rowOf(page, "Marisol Vega").hover();
    stage.hub.changeAlerts(statusTime("agent-8", { severity: "critical" }));
    await rowOf(page, "Marisol Vega").locator(".vg-chip").waitFor();
    await page.getByText("The order stays the same while you are on a row.").waitFor();
    expect((await rows(page))[0]).toBe("Need a hand · 0");
    stage.hub.changeAgents({ agentId: "agent-0", status: "away", since: Date.now() });
    await page.clock.runFor(1_000);
    await expect.poll(() => namesShown(page)).not.toContain("Ana Sofía Ruiz");
    expect((await rows(page))[0]).toBe("Need a hand · 0");
    await page.clock.runFor(5_000);
    await expect.poll(async () => (await rows(page)).slice(0, 2)).toEqual(["Need a hand · 1", "Marisol Vega"]);
  });
});

describe("The counts", () => {
  const counts = async (page: Page) =>
    Object.fromEntries(
      await page
        .locator(".vg-tile")
        .evaluateAll((tiles) =>
          tiles.map((tile) => [
            tile.querySelector(".vg-tile-name")?.textContent ?? "",
            Number(tile.querySelector(".vg-tile-count")?.textContent),
          ]),
        ),
    );

  it("have one for each status, and their sum is the number of all agents.", async () => {
    const page = await open();
    await rowOf(page, "Ana Sofía Ruiz").waitFor();
    const { All: all, ...parts } = await counts(page);
    expect(parts).toEqual({
      Available: 3,
      Ringing: 1,
      "On a contact": 7,
      "On hold": 1,
      ACW: 2,
      Away: 2,
      Missed: 1,
      Error: 1,
      Offline: 1,
    });
    expect(all).toBe(19);
    await page.getByText("19 agents", { exact: false }).first().waitFor();
  });

  it("say how many are over their limit, after-contact work too, and filter the missed.", async () => {
    const page = await open();
    const acw = page.getByRole("button", { name: /^ACW/ });
    await expect.poll(() => acw.textContent()).toMatch(/1 over the limit/);
    await acw.getByText("1 ↑").waitFor();
    await page.getByRole("button", { name: /^Missed/ }).click();
    await expect.poll(() => namesShown(page)).toEqual(["Luis Ángel Mora"]);
    await page.getByRole("button", { name: /^All \d/ }).click();
    await expect.poll(async () => (await namesShown(page)).length).toBe(19);
  });

  it("are on one line in both languages, on a wide and a small desktop.", async () => {
    for (const lang of ["en", "es"]) {
      const page = await open(`?lang=${lang}`);
      for (const width of [1440, 1280]) {
        await page.setViewportSize({ width, height: 800 });
        const tops = await page.locator(".vg-tile").evaluateAll((tiles) => tiles.map((tile) => tile.getBoundingClientRect().top));
        expect(new Set(tops).size, `${lang} ${width}`).toBe(1);
      }
    }
  });
});
