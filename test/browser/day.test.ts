import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { JIMENA_CONTACT, sampleTurns } from "../../dashboard/board/stories/sample-center.ts";
import type { AgentDay } from "../../protocol/agent-day.ts";
import { aCall, aDayContact, aSpell, MIDNIGHT } from "../dashboard/board/day/a-day.ts";
import { violations } from "./axe-violations.ts";
import { rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const HOUR = 60 * 60_000;
const JIMENA = "agent-6";
const MINUTE = 60_000;

/** Jimena's day: it began three hours ago, with one call that is over and the one that goes on. */
function dayOfJimena(fields: Partial<AgentDay> = {}): AgentDay {
  const now = Date.now();
  const shift = now - 3 * HOUR - MIDNIGHT;
  const moved = (at: number) => at + shift;
  const over = aDayContact("over-1", 1, 1.5, {
    sentiment: { score: 3.2, quarters: [1, 2, 4, 5] },
    categories: ["Reembolso"],
    queue: "Cobranza",
  });
  const spells = [aSpell(0, null), aCall("over-1", 1, 1.5), aCall(JIMENA_CONTACT, 2.5, null)];
  return {
    agentId: JIMENA,
    date: "2026-01-05",
    timeZone: "Pacific/Kiritimati",
    keptFrom: "2025-12-29",
    from: now - 6 * HOUR,
    to: now + 18 * HOUR,
    serverTime: now,
    spells: spells.map((spell) => ({
      ...spell,
      since: moved(spell.since),
      until: spell.until === null ? null : moved(spell.until),
    })),
    contacts: [{ ...over, begin: moved(over.begin), answeredAt: moved(over.begin), end: moved(over.end ?? 0) }],
    totals: {
      handled: 17,
      missed: 2,
      averageHandleMs: 278_000,
      occupancy: 0.7149,
      signedInMs: 3 * HOUR + 10 * MINUTE,
      talkMs: HOUR,
      holdMs: 0,
      afterCallMs: MINUTE,
      unknownMs: 0,
      byStatus: [{ status: "Available", ms: 3 * HOUR }],
    },
    median: { handled: 15, missed: 0, averageHandleMs: 240_000, occupancy: 0.5, signedInMs: 2 * HOUR },
    ...fields,
  };
}

async function openJimena(day: AgentDay | null, query = "?lang=en&agent=agent-6"): Promise<Page> {
  stage.hub.days = day === null ? null : { [JIMENA]: day };
  return stage.open(query);
}

describe("The day in the panel of an agent", () => {
  it("shows the figures of the hub beside the team's, the strip, the zone, and the same as a table.", async () => {
    const page = await openJimena(dayOfJimena());
    const day = page.getByRole("region", { name: "Day", exact: true });
    const figures = day.locator(".vg-day-figures > div");
    await figures.first().waitFor();
    expect(await figures.allTextContents()).toEqual([
      "handled17team 15",
      "not answered2team 0",
      "AHT4:38team 4:00",
      "occupancy71%team 50%",
      "signed in3:10\u00a0hteam 2:00\u00a0h",
    ]);
    await day.getByText("Times in Pacific/Kiritimati").waitFor();
    const strip = day.getByRole("img", { name: /^Timeline from .* Handled 17, Not answered 2, AHT 4:38/ });
    expect(await strip.locator("rect[data-kind='on a call']").count()).toBe(2);
    expect(await strip.locator("rect[data-tone=positive]").count()).toBe(1);
    await day.getByText("Timeline as a table").click();
    expect(await day.getByRole("row").count()).toBe(4);
    expect(await violations(page)).toEqual([]);
  });

  it("leads to a contact that is over and has its sentiment, its words and a link for colleagues.", async () => {
    stage.hub.sendTurns("over-1", sampleTurns(Date.now()), true);
    const page = await openJimena(dayOfJimena());
    const contacts = page.getByRole("region", { name: "Contacts of the day" });
    await contacts.getByText("Reembolso").waitFor();
    await contacts.getByRole("img", { name: "Sentiment by quarter: +1.0, +2.0, +4.0, and +5.0" }).waitFor();
    await contacts.getByRole("button", { name: /^Show the contact of/ }).click();
    await page.getByText("This contact has ended · Voice: Cobranza · Lasted 30:00").waitFor();
    await page.getByRole("log").getByText("Bueno, pero necesito que").waitFor();
    await page.waitForURL(/[?&]contact=over-1/);
    const colleague = await stage.open(`?lang=es&agent=agent-6&contact=over-1`);
    await colleague.getByText("Este contacto terminó · Voz: Cobranza · Duró 30:00").waitFor();
    await colleague.getByRole("log").getByText("Bueno, pero necesito que").waitFor();
    await colleague.getByRole("button", { name: "Siguiente: Voz: Cobranza" }).click();
    await colleague.waitForURL(/[?&]contact=(?!over)/);
    await page.getByRole("button", { name: "Close" }).click();
    await page.waitForURL((url) => !url.searchParams.has("contact"));
  });

  it("says that the words of a contact are no longer kept, and asks the hub for none.", async () => {
    const day = dayOfJimena();
    const page = await openJimena({ ...day, contacts: day.contacts.map((contact) => ({ ...contact, transcript: false })) });
    await page.getByRole("button", { name: /^Show the contact of/ }).click();
    await page.getByText("The server has no words of this contact, or no longer keeps them.").waitFor();
    expect(await page.getByRole("log").count()).toBe(0);
  });

  it("goes to another of the kept days, and the address has the date.", async () => {
    const page = await openJimena(dayOfJimena());
    await page.getByRole("button", { name: "Day before" }).click();
    await page.waitForURL(/date=2026-01-04/);
    await expect.poll(() => stage.hub.askedDays).toContain("agent-6?date=2026-01-04");
  });

  it("is read again when a contact ends.", async () => {
    const page = await openJimena(dayOfJimena());
    await page.getByText("handled").first().waitFor();
    const { handled, missed, averageHandleMs, occupancy, signedInMs } = dayOfJimena().totals;
    const today = { handled: handled + 1, missed, averageHandleMs, occupancy, signedInMs };
    stage.hub.days = { [JIMENA]: dayOfJimena({ totals: { ...dayOfJimena().totals, handled: 18 } }) };
    stage.hub.changeAgents({ agentId: JIMENA, today });
    await page.locator(".vg-day-figures dd").filter({ hasText: /^18$/ }).waitFor();
  });

  it("says in plain words that the hub is older, or keeps no days.", async () => {
    const page = await openJimena(null);
    await page.getByText("This server is too old to know the day of an agent.").waitFor();
    const spanish = await openJimena(dayOfJimena({ keptFrom: null, spells: [], contacts: [] }), "?lang=es&agent=agent-6");
    await spanish.getByText("Este centro de contacto no guarda los días de sus agentes.").waitFor();
    expect(await spanish.getByRole("region", { name: "Contactos del día" }).count()).toBe(0);
  });
});

describe("The days of a team", () => {
  it("have one strip for each agent in sight, with figures, and open the agent.", async () => {
    stage.hub.days = { [JIMENA]: dayOfJimena() };
    const page = await stage.open("?lang=en");
    await page.getByRole("button", { name: "Day", exact: true }).click();
    const jimena = rowOf(page, "Jimena Ortega");
    await jimena.getByRole("img", { name: /^Timeline from/ }).waitFor();
    expect((await jimena.getByRole("cell").allTextContents()).slice(1)).toEqual(["17", "2", "4:38", "71%", "3:10\u00a0h"]);
    await page.waitForURL(/page=day/);
    expect(await violations(page)).toEqual([]);
    await jimena.getByRole("button", { name: "Jimena Ortega" }).click();
    await page.getByRole("dialog", { name: "Jimena Ortega" }).getByText("Contacts of the day").waitFor();
    await page.getByRole("button", { name: "Day", exact: true }).click();
    await page.getByRole("columnheader", { name: "Status" }).waitFor();
  });

  it("are asked for only where they are in sight.", async () => {
    stage.hub.days = {};
    stage.hub.changeAgents(...Array.from({ length: 300 }, (_, index) => ({ agentId: `many-${index}`, name: `Zoe ${index}` })));
    const page = await stage.open("?lang=en&page=day");
    await page.getByText("This server is too old").first().waitFor();
    await page.waitForTimeout(1000);
    expect(stage.hub.askedDays.length).toBeLessThan(30);
  });

  it("can be downloaded as CSV with the totals of each agent.", async () => {
    stage.hub.days = { [JIMENA]: dayOfJimena() };
    const page = await stage.open("?lang=en&page=day&q=Jimena");
    await rowOf(page, "Jimena Ortega").getByRole("img").first().waitFor();
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV of all days" }).click();
    const stream = await (await download).createReadStream();
    let file = "";
    for await (const part of stream) file += String(part);
    expect(file.split("\r\n")[1]).toBe("agent-6,Jimena Ortega,México · Cobranza,2026-01-05,17,2,278,0.7149,11400,3600,0,60,0");
  });
});

describe("The figures in the list", () => {
  it("stand in the columns, in the CSV file and in the heading of the team.", async () => {
    const today = { handled: 17, missed: 2, averageHandleMs: 278_000, occupancy: 0.7149, signedInMs: 3 * HOUR };
    stage.hub.changeAgents({ agentId: JIMENA, today });
    const page = await stage.open("?lang=en&by=team&q=Jimena&cols=handled%20aht%20missed%20occupancy");
    const row = rowOf(page, "Jimena Ortega");
    await row.waitFor();
    expect(await row.getByRole("cell").allTextContents()).toEqual(["17", "4:38", "2", "71%"]);
    await page.getByRole("row").filter({ hasText: "17 handled · 2 not answered · AHT 4:38 · occupancy 71%" }).waitFor();
    const start = await stage.open("?lang=en&q=Jimena");
    await start.getByRole("columnheader", { name: "Handled" }).waitFor();
    await start.setViewportSize({ width: 800, height: 900 });
    await start.getByRole("columnheader", { name: "Handled" }).waitFor({ state: "detached" });
    expect(await start.getByRole("columnheader").allTextContents()).toEqual([
      "Agent",
      "Status",
      "Time",
      "Customer sentiment",
      "Why",
    ]);
    await start.setViewportSize({ width: 390, height: 844 });
    await start.getByRole("article").filter({ hasText: "17 handled · 2 not answered · AHT 4:38" }).waitFor();
  });
});

it("On a phone and a tablet, the times above the days of a team stand apart, and its names and headings are whole.", async () => {
  stage.hub.days = { [JIMENA]: dayOfJimena() };
  const page = await stage.open("?lang=es&page=day", { viewport: { width: 390, height: 844 } });
  await page.locator(".vg-day-rows .vg-day-axis span:visible").first().waitFor();
  const times = await page
    .locator(".vg-day-rows .vg-day-axis span:visible")
    .evaluateAll((spans) => spans.map((span) => span.getBoundingClientRect()).map(({ left, right }) => ({ left, right })));
  for (const [index, { left }] of times.entries()) expect(left).toBeGreaterThan(times[index - 1]?.right ?? 0);
  for (const width of [390, 768]) {
    await page.setViewportSize({ width, height: 844 });
    const cut = await page
      .locator(".vg-day-rows :is(.vg-name, thead .vg-day-figure)")
      .evaluateAll((elements) =>
        elements.filter(({ scrollWidth, clientWidth }) => scrollWidth > clientWidth).map(({ textContent }) => textContent),
      );
    expect(cut).toEqual([]);
  }
});
