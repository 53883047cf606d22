import { buffer } from "node:stream/consumers";
import { describe, expect, it } from "vitest";
import { JIMENA_CONTACT } from "../../dashboard/board/stories/sample-center.ts";
import type { Turn } from "../../protocol/messages.ts";
import { namesShown, rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const { open } = stage;

function turn(turnId: string, second: number, text: string, final = true): Turn {
  const beginMs = 1_210_000 + second * 1000;
  return { turnId, role: "agent", beginMs, endMs: beginMs + 900, text, final, sentiment: null, occurredAt: Date.now() };
}

describe("The call panel", () => {
  it("shows the transcript, replaces partial turns, and marks issues and redacted words.", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Jimena Ortega" }).click();
    const call = page.getByRole("dialog", { name: "Jimena Ortega" });
    await call.getByText("Bueno, pero necesito que", { exact: true }).waitFor();
    await call.getByText("speaking…").waitFor();
    await call.getByText("card number").waitFor();
    const issue = call.locator(".vg-turn", { hasText: "Issue" });
    expect(await issue.locator("mark").allTextContents()).toEqual(["Me cobraron dos veces el mismo mes"]);
    await call.getByText("Cancelación").waitFor();
    await call.getByRole("img", { name: /Customer by quarter: \+1\.7.*−5\.0/ }).waitFor();
    expect(await call.getByRole("log").locator("ol").getAttribute("lang")).toBe("es");
    stage.hub.sendTurns(JIMENA_CONTACT, [
      { ...turn("turn-last", 0, "Bueno, pero necesito que me manden el comprobante."), role: "customer", sentiment: "mixed" },
    ]);
    await call.getByText("me manden el comprobante").waitFor();
    expect(await call.getByText("speaking…").count()).toBe(0);
    stage.hub.sendTurns(JIMENA_CONTACT, [turn("turn-cough", 2, "Eh", false)]);
    await call.getByText("speaking…").waitFor();
    stage.hub.sendTurns(JIMENA_CONTACT, [turn("turn-cough", 2, "")]);
    await call.getByText("speaking…").waitFor({ state: "detached" });
    expect(await call.getByRole("log").getByRole("listitem").last().textContent()).toContain("comprobante");
  });

  it("follows the transcript, stops when the reader scrolls up, and jumps to the latest turn.", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Jimena Ortega" }).click();
    const log = page.getByRole("log");
    await log.getByText("Bueno, pero necesito que").waitFor();
    const fromEnd = () => log.evaluate((element) => element.scrollHeight - element.clientHeight - element.scrollTop);
    stage.hub.sendTurns(
      JIMENA_CONTACT,
      [1, 2, 3, 4, 5, 6].map((index) => turn(`more-${index}`, index, `Palabra ${index}`)),
    );
    await log.getByText("Palabra 6").waitFor();
    await expect.poll(fromEnd).toBeLessThan(40);
    await log.evaluate((element) => element.scrollTo({ top: 0 }));
    await page.getByRole("button", { name: "Jump to latest" }).waitFor();
    stage.hub.sendTurns(JIMENA_CONTACT, [turn("more-7", 7, "Palabra 7"), turn("more-8", 8, "Palabra 8")]);
    const jump = page.getByRole("button", { name: /Jump to latest · 2 new turns/ });
    await jump.waitFor();
    expect(await log.evaluate((element) => element.scrollTop)).toBe(0);
    await jump.click();
    await expect.poll(fromEnd).toBeLessThan(40);
    expect(await jump.count()).toBe(0);
  });

  it("keeps the transcript when the call ends, and offers the next call.", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Jimena Ortega" }).click();
    const call = page.getByRole("dialog", { name: "Jimena Ortega" });
    await call.getByText("Bueno, pero necesito que").waitFor();
    stage.hub.sendTurns(JIMENA_CONTACT, [], true);
    stage.hub.changeAgents({
      agentId: "agent-6",
      status: "available",
      since: Date.now(),
      contactId: null,
      duration: null,
      sentimentScore: null,
      sentiment: null,
    });
    await call.getByText("The call has ended.").waitFor();
    await call.getByText("Bueno, pero necesito que").waitFor();
    stage.hub.changeAgents({ agentId: "agent-6", status: "on a call", since: Date.now(), contactId: "next", duration: 0 });
    await call.getByText("This contact has ended").waitFor();
    await call.getByText("Bueno, pero necesito que").waitFor();
    await call.getByRole("button", { name: /^Next: / }).click();
    await call.getByText("Nobody has spoken yet.").waitFor();
  });

  it("says in words why the hub does not send the transcript.", async () => {
    const page = await open("?lang=es-MX&agent=agent-6");
    const call = page.getByRole("dialog", { name: "Jimena Ortega" });
    await call.getByText("Bueno, pero necesito que").waitFor();
    stage.hub.refuseWatch(JIMENA_CONTACT, "not_allowed");
    await call.getByText("No tienes permiso para leer esta llamada.").waitFor();
    expect(await call.getByText("Cargando").count()).toBe(0);
  });

  it("says that nobody listens to a call, and not that nobody has spoken.", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Fernando Lugo" }).click();
    const call = page.getByRole("dialog", { name: "Fernando Lugo" });
    const show = (transcription: "live" | "lost" | "failed" | "off" | null) =>
      stage.hub.changeAgents({ agentId: "agent-5", transcription });
    await call.getByText("Nobody has spoken yet.").waitFor();
    show("off");
    await call.getByText("This call is not transcribed.").waitFor();
    expect(await call.getByText("Nobody has spoken yet.").count()).toBe(0);
    show("failed");
    await call.getByText("The transcription of this call has failed.").waitFor();
    show("lost");
    await call.getByRole("status").getByText("The transcription is lost").waitFor();
    await page
      .getByRole("row", { name: /Fernando Lugo/ })
      .getByText("No transcription data")
      .waitFor({ state: "attached" });
    show(null);
    await call.getByText("No words have arrived yet.").waitFor();
  });

  it("opens from the address, and links to the contact after the alias is set.", async () => {
    const page = await open("?lang=en&agent=agent-6");
    const call = page.getByRole("dialog", { name: "Jimena Ortega" });
    await call.getByText("Contact b373d225").waitFor();
    expect(await call.getByRole("link").count()).toBe(0);
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByLabel(/Amazon Connect alias/).fill("mi-centro");
    await page.getByRole("button", { name: "Save", exact: true }).click();
    const link = call.getByRole("link", { name: "Open in Amazon Connect" });
    expect(await link.getAttribute("href")).toBe(
      `https://mi-centro.my.connect.aws/contact-trace-records/details/${JIMENA_CONTACT}`,
    );
    await call.getByRole("button", { name: "Close" }).click();
    await expect.poll(() => new URL(page.url()).searchParams.has("agent")).toBe(false);
  });
});

describe("The order of the rows", () => {
  /** Reverses the order by score in every round. */
  function shake(round: number): void {
    const scores = [1, 5, 6, 9, 10, 13, 16].map((index, place) => ({
      agentId: `agent-${index}`,
      sentimentScore: round % 2 === 0 ? place - 3 : 3 - place,
    }));
    stage.hub.changeAgents(...scores);
  }

  it("stays while the mouse is on a row, the board says so, and the order changes when the mouse leaves.", async () => {
    const page = await open("?lang=en&status=on a call&sort=sentiment");
    shake(0);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Bruno Salgado");
    await rowOf(page, "Bruno Salgado").hover();
    shake(1);
    await page.getByText("The order stays the same while you are on a row.").waitFor();
    expect((await namesShown(page))[0]).toBe("Bruno Salgado");
    await rowOf(page, "Bruno Salgado").getByText("+3.0").waitFor();
    await page.mouse.move(700, 20);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Ximena Duarte");
  });

  it("follows a mouse that has rested for some seconds, and is held again when the mouse moves.", async () => {
    const page = await open("?lang=en&status=on a call&sort=sentiment");
    await page.clock.install();
    shake(0);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Bruno Salgado");
    await rowOf(page, "Bruno Salgado").hover();
    shake(1);
    await page.getByText("The order stays the same while you are on a row.").waitFor();
    await page.clock.runFor(5_000);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Ximena Duarte");
    await page.mouse.move(300, 400);
    await page.mouse.move(302, 402);
    shake(0);
    await page.getByText("The order stays the same while you are on a row.").waitFor();
    expect((await namesShown(page))[0]).toBe("Ximena Duarte");
  });

  it("follows a focus that has rested for some seconds, and the focus stays on its row.", async () => {
    const page = await open("?lang=en&status=on a call&sort=sentiment");
    await page.clock.install();
    shake(0);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Bruno Salgado");
    await page.getByRole("button", { name: "Paola Jiménez" }).focus();
    shake(1);
    await page.getByText("The order stays the same while you are on a row.").waitFor();
    await page.clock.runFor(5_000);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Ximena Duarte");
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Paola Jiménez");
  });

  it("never takes the focus from a row.", async () => {
    const page = await open("?lang=en&status=on a call&sort=sentiment");
    shake(0);
    await page.getByRole("button", { name: "Paola Jiménez" }).focus();
    for (let round = 1; round < 12; round++) {
      shake(round);
      await rowOf(page, "Bruno Salgado")
        .getByText(round % 2 === 0 ? "−3.0" : "+3.0", { exact: true })
        .waitFor();
    }
    const focused = () => page.evaluate(() => document.activeElement?.textContent);
    expect(await focused()).toBe("Paola Jiménez");
    stage.hub.removeAgent("agent-10");
    await expect.poll(() => namesShown(page)).not.toContain("Paola Jiménez");
    await expect.poll(() => page.evaluate(() => document.activeElement?.classList.contains("vg-name"))).toBe(true);
  });
});

describe("The keyboard alone", () => {
  it("sorts, filters, opens a call, closes it and returns the focus to its row.", async () => {
    const page = await open();
    const press = async (...keys: string[]) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    const tabTo = async (name: string | RegExp) => {
      const target = page.getByRole("button", { name, exact: true }).first();
      for (let presses = 0; presses < 60; presses++) {
        if (await target.evaluate((element) => element === document.activeElement)) return;
        await press("Tab");
      }
      throw new Error(`Tab never reached ${name}`);
    };
    await tabTo(/^All \d/);
    await press("ArrowRight", "ArrowRight", "ArrowRight");
    await press("Space");
    await tabTo("Agent");
    await press("ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight", "ArrowRight");
    await press("Enter");
    const heading = page.getByRole("columnheader", { name: "Customer sentiment" });
    await expect.poll(() => heading.getAttribute("aria-sort")).toBe("ascending");
    await tabTo("Jimena Ortega");
    await press("Enter");
    const call = page.getByRole("dialog", { name: "Jimena Ortega" });
    await call.waitFor();
    await press("Escape");
    await call.waitFor({ state: "detached" });
    expect(await page.evaluate(() => document.activeElement?.textContent)).toBe("Jimena Ortega");
  });

  it("opens and closes a menu.", async () => {
    const page = await open();
    const menu = page.getByRole("button", { name: "Columns" });
    await menu.focus();
    await page.keyboard.press("Enter");
    await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await expect.poll(() => page.getByRole("columnheader", { name: "Status" }).count()).toBe(0);
    await page.keyboard.press("Escape");
    expect(await page.getByRole("group", { name: "Columns" }).count()).toBe(0);
    expect(await menu.evaluate((element) => element === document.activeElement)).toBe(true);
  });
});

describe("The supervisor", () => {
  it("saves a view and opens it after a reload.", async () => {
    const page = await open("?lang=en&status=away&by=team");
    await page.getByRole("button", { name: /^Views/ }).click();
    await page.getByLabel("Name of this view").fill("Breaks");
    await page.getByRole("button", { name: "Save view" }).click();
    await page.getByRole("button", { name: "Start view" }).click();
    await expect.poll(async () => (await namesShown(page)).length).toBe(19);
    await page.reload();
    await page.getByRole("button", { name: /^Views/ }).click();
    await page.getByRole("button", { name: "Breaks", exact: true }).click();
    await expect.poll(() => namesShown(page)).toEqual(["Elena Pineda", "Ursula Peña"]);
    await expect.poll(() => new URL(page.url()).searchParams.get("by")).toBe("team");
  });

  it("downloads the rows on the page as CSV.", async () => {
    const page = await open("?lang=en&q=jimena");
    const [download] = await Promise.all([page.waitForEvent("download"), page.getByRole("button", { name: "CSV" }).click()]);
    const text = (await buffer(await download.createReadStream())).toString("utf8");
    expect(text.split("\r\n")[0]).toBe(
      "\uFEFFAgent ID,Agent,Team,Status,Time (s),Call (s),Queue,Customer sentiment,Why,Handled,AHT (s),Status since (UTC)",
    );
    expect(text.split("\r\n")[1]).toMatch(/^agent-6,Jimena Ortega,México · Cobranza,On a call,\d+,\d+,Cobranza,-3.7,/);
    expect(text.trim().split("\r\n")).toHaveLength(2);
  });
});

describe("A list of many agents", () => {
  it("grows on a phone when the reader comes near its end.", async () => {
    stage.hub.changeAgents(
      ...Array.from({ length: 300 }, (_, index) => ({ agentId: `many-${index}`, name: `Zz ${1000 + index}`, since: Date.now() })),
    );
    const page = await open("?lang=en", { viewport: { width: 390, height: 844 } });
    const cards = page.getByRole("article");
    expect(await cards.count()).toBeLessThan(200);
    await expect
      .poll(async () => {
        await page.locator(".vigia").evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
        return cards.count();
      })
      .toBe(319);
  });

  it("keeps only the rows in sight in the page, announces their number, and renders only changed rows.", async () => {
    stage.hub.changeAgents(
      ...Array.from({ length: 2000 }, (_, index) => ({
        agentId: `many-${index}`,
        name: `Zz ${String(index).padStart(4, "0")}`,
        since: Date.now(),
      })),
    );
    const page = await open();
    const table = page.getByRole("table");
    expect(await table.getAttribute("aria-rowcount")).toBe("2022");
    expect(await page.locator(".vg-row").count()).toBeLessThan(60);
    await page.locator(".vg-scroller").evaluate((element) => element.scrollTo({ top: element.scrollHeight }));
    await rowOf(page, "Zz 1999").waitFor();
    expect(await rowOf(page, "Zz 1999").getAttribute("aria-rowindex")).toBe("2021");
    await page.locator(".vg-scroller").evaluate((element) => {
      Object.assign(window, { touched: new Set<string>() });
      new MutationObserver((records) => {
        for (const { target } of records) {
          const element = target instanceof Element ? target : target.parentElement;
          // Every row has a clock, which changes each second.
          if (element?.closest("time")) continue;
          const agent = element?.closest<HTMLElement>("[data-agent]")?.dataset["agent"];
          if (agent) Reflect.get(window, "touched").add(agent);
        }
      }).observe(element, { subtree: true, childList: true, characterData: true, attributes: true });
    });
    stage.hub.changeAgents({ agentId: "many-1998", status: "away", statusName: "Lunch", since: Date.now() });
    await rowOf(page, "Zz 1998").getByText("Lunch").waitFor();
    expect(await page.evaluate(() => [...Reflect.get(window, "touched")])).toEqual(["many-1998"]);
  });
});
