import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../dashboard/client/testing.ts";
import type { AgentStatus } from "../../protocol/agent.ts";
import { CLOSE } from "../../protocol/close-codes.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

const HD = { viewport: { width: 1920, height: 1080 } };
const STATUSES: readonly AgentStatus[] = ["available", "on a call", "on hold", "after call work", "away", "ringing", "offline"];

const openWall = (query = "", options: Parameters<typeof stage.open>[1] = HD) => stage.open(`?lang=en&tv=1${query}`, options);
const pinnedOf = (page: Page) => page.getByRole("list", { name: "Needs a hand", exact: true });
const namesOf = (page: Page, list: string) => page.getByRole("list", { name: list, exact: true }).locator("b").allTextContents();

/** Agents of 16 teams in two countries. */
function manyAgents(count: number) {
  return Array.from({ length: count }, (_, index) => ({
    ...fakeAgent({ agentId: `many-${index}`, name: `María Fernanda ${1000 + index}`, since: Date.now() - index * 1000 }),
    groups: [index % 2 === 0 ? "México" : "Colombia", `Equipo ${index % 8}`],
    status: STATUSES[index % STATUSES.length] ?? "available",
  }));
}

function alertOf(index: number, severity: "critical" | "warning" = "warning") {
  const fields = { subject: { agentId: `many-${index}` }, groups: ["México"], value: 200, limit: 180, since: Date.now() - index };
  return fakeAlert({
    alertId: `alert-${index}`,
    rule: severity === "critical" ? "agent-error" : "hold-long",
    severity,
    ...fields,
  });
}

async function pageCount(page: Page): Promise<number> {
  return Number((await page.locator(".vg-pages").textContent())?.match(/of (\d+)/)?.[1]);
}

/** The head count of the line of counts, and what its other numbers add up to. */
async function countsOf(page: Page): Promise<{ total: number; sum: number }> {
  const counts = await page
    .getByRole("list", { name: "Agents by status" })
    .locator("li")
    .evaluateAll((items) => items.map((item) => Number(item.querySelector("b")?.textContent.replaceAll(",", ""))));
  const [total = Number.NaN, ...others] = counts;
  return { total, sum: others.reduce((sum, count) => sum + count, 0) };
}

/** The smallest letters of the picture in pixels, and the parts that stick out of it. */
async function wordSizesOf(page: Page): Promise<{ smallest: number; out: string[] }> {
  return page.locator(".vg-wb-picture").evaluate((picture) => {
    const view = picture.ownerDocument.defaultView;
    const texts = [...picture.querySelectorAll("*")].filter(
      (element) =>
        element.closest(".vg-hidden") === null &&
        element.getClientRects().length > 0 &&
        [...element.childNodes].some((node) => node.nodeType === 3 && node.textContent?.trim() !== ""),
    );
    const sizes = texts.map((element) => Number.parseFloat(view?.getComputedStyle(element).fontSize ?? "0"));
    const edge = picture.getBoundingClientRect();
    const out = texts.filter((element) => {
      const box = element.getBoundingClientRect();
      return box.bottom > edge.bottom + 1 || box.top < edge.top - 1 || box.left < edge.left - 1;
    });
    return { smallest: Math.min(...sizes), out: out.map((element) => element.textContent ?? "") };
  });
}

describe("The wallboard", () => {
  it("is a page of its own: the center, its teams, the time, queues, counts and the day, and no button in sight.", async () => {
    stage.hub.changeQueues(...sampleQueues(Date.now()));
    const page = await openWall("&title=Centro México&group=Ventas&group=Soporte");
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Centro México · Ventas and Soporte");
    await expect.poll(() => page.locator(".vg-wb-clock").textContent()).toMatch(/^\d\d:\d\d$/);
    expect(await page.locator("[data-queue] .vg-wb-queue-head b").allTextContents()).toEqual([
      "Cobranza",
      "Soporte N1",
      "Ventas",
    ]);
    expect(await page.locator("[data-queue=q-cobranza]").textContent()).toMatch(
      /Critical: Cobranza0 free.*6 waiting, longest wait 3:\d\d.*SL 61% · goal 80%/,
    );
    await page.getByText(/^Today: \d+ received · \d+ answered · \d+ abandoned · service level \d+%$/).waitFor();
    for (const name of ["searchbox", "table", "banner"] as const) expect(await page.getByRole(name).count()).toBeLessThan(2);
    expect(await page.locator(".vg-header, .vg-toolbar, .vg-tiles").count()).toBe(0);
    const controls = page.getByRole("complementary", { name: "Wallboard" });
    expect(await controls.evaluate((bar) => getComputedStyle(bar).clipPath)).not.toBe("none");
  });

  it("has the name and the clock of its contact center, and says the zone where the browser has another one.", async () => {
    stage.hub.center = { name: "Centro Katmandú", timeZone: "Asia/Kathmandu" };
    const page = await openWall("", { ...HD, timezoneId: "America/Mexico_City" });
    const inKathmandu = new Intl.DateTimeFormat("en", { timeStyle: "short", hourCycle: "h23", timeZone: "Asia/Kathmandu" });
    const clock = await page.locator(".vg-wb-clock").textContent();
    // A minute may end between the two looks.
    expect([Date.now() - 60_000, Date.now()].map((at) => inKathmandu.format(at))).toContain(clock);
    expect(await page.locator(".vg-wb-date").textContent()).toMatch(/^\w{3}, \w{3} \d+ · GMT\+5:45$/);
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toBe("Centro Katmandú");
  });

  it("counts the agents of its teams, and the counts add up to the head count.", async () => {
    stage.hub.changeAgents(...manyAgents(70));
    const page = await openWall();
    await expect.poll(() => countsOf(page)).toEqual({ total: 89, sum: 89 });
    const colombia = await openWall("&group=Colombia");
    await expect.poll(() => countsOf(colombia)).toEqual({ total: 35, sum: 35 });
    expect((await namesOf(colombia, "Agents")).filter((name) => !name.startsWith("María Fernanda"))).toEqual([]);
    expect(await pinnedOf(colombia).count()).toBe(0);
  });

  it("keeps in sight on every page who needs a hand, with the reason in words.", async () => {
    stage.hub.changeAgents(...manyAgents(120));
    const feed = { alertId: "q", rule: "feed-silent", severity: "critical", value: 600, limit: 600, since: Date.now() } as const;
    stage.hub.changeAlerts(fakeAlert(feed));
    const page = await openWall();
    await page.clock.install();
    const pinned = () => pinnedOf(page).locator(".vg-wb-need > b").allTextContents();
    await expect.poll(pinned).toContain("Jimena Ortega");
    expect(await pinned()).toContain("Contact center");
    expect(await pinnedOf(page).getByRole("listitem").filter({ hasText: "Jimena Ortega" }).textContent()).toMatch(
      /Critical: angry now, fell 6\.7.*On a call 20:\d\d · Cobranza/,
    );
    const first = await pinned();
    const before = await namesOf(page, "Agents");
    const seen = new Set(before);
    const pages = await pageCount(page);
    for (let turn = 1; turn < pages; turn += 1) {
      await page.clock.runFor(15_000);
      await page.getByText(`Page ${turn + 1} of ${pages}`).waitFor();
      expect(await pinned()).toEqual(first);
      for (const name of await namesOf(page, "Agents")) seen.add(name);
    }
    expect(before.filter((name) => first.includes(name))).toEqual([]);
    const online = manyAgents(120).filter(({ status }) => status !== "offline");
    expect([...seen].filter((name) => name.startsWith("María Fernanda"))).toHaveLength(online.length);
  });

  it("shows all of 40 alerts within two minutes, the critical ones always.", async () => {
    stage.hub.changeAgents(...manyAgents(200));
    stage.hub.changeAlerts(...Array.from({ length: 40 }, (_, index) => alertOf(index, index < 12 ? "critical" : "warning")));
    const page = await openWall("&group=México&group=Colombia&q=María");
    await page.clock.install();
    await pinnedOf(page).waitFor();
    const always = await pinnedOf(page).locator("[data-need=critical] > b").allTextContents();
    expect(always).toHaveLength(12);
    const seen = new Set(await pinnedOf(page).locator("b").allTextContents());
    const pages = await pageCount(page);
    for (let turn = 1; turn <= pages; turn += 1) {
      await page.getByText(`Page ${turn} of ${pages}`).waitFor();
      for (const name of await namesOf(page, "Also needs a hand")) seen.add(name);
      expect(await pinnedOf(page).locator("[data-need=critical] > b").allTextContents()).toEqual(always);
      await page.clock.runFor(15_000);
    }
    expect(pages).toBeLessThanOrEqual(8);
    expect(seen.size).toBe(40);
  });

  it("passes 2,000 agents in two minutes at most: the calm is counted by team.", async () => {
    stage.hub.changeAgents(...manyAgents(2000));
    const page = await openWall("&group=México&group=Colombia");
    const teams = page.getByRole("list", { name: "Teams" });
    await teams.waitFor();
    expect(await page.getByRole("list", { name: "Agents", exact: true }).count()).toBe(0);
    expect(await countsOf(page)).toEqual({ total: 2019, sum: 2019 });
    const shown = await teams.locator("b").allTextContents();
    expect(shown.length).toBeGreaterThanOrEqual(8);
    expect(shown).toContain("Colombia · Equipo 1");
  });

  it("shows the most urgent queues, and pins the alert of a queue whose tile is out of sight.", async () => {
    stage.hub.changeQueues(
      ...Array.from({ length: 9 }, (_, index) => fakeQueue({ queueId: `q${index}`, name: `Cola ${index}`, waiting: index })),
    );
    stage.hub.changeAlerts(
      ...Array.from({ length: 6 }, (_, index) =>
        fakeAlert({
          alertId: `queue-${index}`,
          rule: "queue-waiting",
          severity: "critical",
          subject: { queueId: `q${index + 3}` },
          value: 9,
          limit: 8,
          since: Date.now(),
        }),
      ),
    );
    const page = await openWall();
    await expect
      .poll(() => page.locator("[data-queue] .vg-wb-queue-head b").allTextContents())
      .toEqual(["Cola 3", "Cola 4", "Cola 5", "Cola 6"]);
    await page.getByText("+5 queues").waitFor();
    await expect.poll(() => pinnedOf(page).locator("b").allTextContents()).toEqual(expect.arrayContaining(["Cola 7", "Cola 8"]));
  });

  it("has letters of 22 pixels at least at 1080p, and twice as large ones at 4K, in both languages, upright too.", async () => {
    stage.hub.changeQueues(...sampleQueues(Date.now()));
    const page = await stage.open("?lang=es&tv=1&title=Centro México", HD);
    await page.getByRole("list", { name: "Necesitan ayuda", exact: true }).waitFor();
    for (const [width, height, unit] of [
      [1920, 1080, 1],
      [3840, 2160, 2],
      [1080, 1920, 1],
      [1280, 720, 2 / 3],
      [720, 450, 0.6],
    ] as const) {
      const screen = `${width}x${height}`;
      await page.setViewportSize({ width, height });
      const pixels = () => page.locator(".vg-wb").evaluate((board) => Number.parseFloat(board.style.getPropertyValue("--u")));
      await expect.poll(pixels, { message: screen }).toBeCloseTo(unit, 2);
      expect((await wordSizesOf(page)).smallest, screen).toBeGreaterThanOrEqual(22 * unit - 0.01);
      expect((await wordSizesOf(page)).out, screen).toEqual([]);
      const over = await page.locator(".vg-wb-body").evaluate((body) => body.scrollHeight - body.clientHeight);
      expect(over, screen).toBeLessThanOrEqual(0);
    }
  });

  it("moves its picture by some pixels every few minutes, so that no edge burns in.", async () => {
    const page = await openWall();
    await page.clock.install();
    await page.clock.runFor(1000);
    const place = () => page.locator(".vg-wb-picture").evaluate((picture) => picture.getBoundingClientRect().toJSON());
    const before = await place();
    await page.clock.runFor(3 * 60_000);
    await expect.poll(place).not.toEqual(before);
  });

  it("keeps agents under the names of their teams when the address asks for it.", async () => {
    const page = await openWall("&by=team", { viewport: { width: 1920, height: 1500 } });
    await expect
      .poll(() => page.locator(".vg-wb-group").allTextContents())
      .toEqual(["México · Cobranza 5", "México · Soporte 7", "México · Ventas 6"]);
  });

  it("shows offline agents when the address asks for them, and says so when nobody passes its filters.", async () => {
    const page = await openWall("&status=offline");
    await expect.poll(() => namesOf(page, "Agents")).toEqual(["Zacarías León"]);
    const nobody = await openWall("&q=nobody");
    await nobody.getByText("Nobody passes the filters of this wallboard.").waitFor();
  });
});

describe("Somebody at the wallboard", () => {
  it("holds a page, and leaves by a button that appears with the pointer.", async () => {
    stage.hub.changeAgents(...manyAgents(120));
    const page = await openWall();
    await page.getByText(/^Page 1 of \d$/).waitFor();
    await page.mouse.move(400, 400);
    await page.mouse.move(500, 500);
    await page.getByRole("button", { name: "Hold this page" }).click();
    await page.getByText(/^Page 1 of \d, held$/).waitFor();
    await page.getByRole("button", { name: "Leave the wallboard" }).click();
    await page.getByRole("table").waitFor();
    await expect.poll(() => new URL(page.url()).searchParams.has("tv")).toBe(false);
  });

  it("leaves with Escape, and comes back by the board's button.", async () => {
    const page = await openWall("&group=Ventas");
    await page.keyboard.press("Escape");
    await page.getByRole("table").waitFor();
    await page.getByRole("button", { name: "TV", exact: true }).click();
    await page.locator(".vigia[data-wallboard]").waitFor();
    expect(await page.getByRole("heading", { level: 1 }).textContent()).toContain("Ventas");
    await expect.poll(() => new URL(page.url()).searchParams.get("tv")).toBe("1");
  });
});

describe("A wallboard without its hub", () => {
  it("says so in large words.", async () => {
    const page = await openWall();
    await stage.hub.stop();
    await page.getByText(/The connection is lost/).waitFor();
    expect((await wordSizesOf(page)).smallest).toBeGreaterThanOrEqual(22);
  });

  it("tries again by itself after the hub has closed it for good.", async () => {
    const page = await openWall();
    await page.clock.install();
    stage.hub.closeViewers(CLOSE.tooManyViewers.code, CLOSE.tooManyViewers.reason);
    await page.locator(".vg-pill[data-state=closed]").waitFor();
    await page.clock.runFor(5 * 60_000);
    await page.locator(".vg-pill[data-state=live]").waitFor();
  });
});
