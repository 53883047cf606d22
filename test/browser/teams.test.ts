import type { Page } from "playwright-core";
import { describe, expect, it } from "vitest";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { fakeAlert } from "../../dashboard/client/testing.ts";
import { namesShown, rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");

/** Two teams of one name in two countries. */
async function openTwoCountries(query = "?lang=en", options = {}): Promise<Page> {
  stage.hub.changeQueues(...sampleQueues(Date.now()));
  stage.hub.changeAgents(
    { agentId: "co-1", name: "Catalina Rojas", groups: ["Colombia", "Ventas"], status: "available", routingProfile: "Chat" },
    { agentId: "co-2", name: "Camilo Prada", groups: ["Colombia", "Ventas"], status: "error", routingProfile: "Chat" },
  );
  stage.hub.changeAlerts(
    fakeAlert({
      alertId: "co",
      rule: "agent-error",
      severity: "critical",
      subject: { agentId: "co-2" },
      groups: ["Colombia", "Ventas"],
      since: Date.now(),
    }),
  );
  return stage.open(query, options);
}

const picker = (page: Page) =>
  page
    .getByRole("banner")
    .getByRole("button", { name: /^(All teams|My teams)/ })
    .first();
const queueNames = (page: Page) => page.locator(".vg-queues li .vg-queue-name").allTextContents();
const all = (page: Page) => page.getByRole("button", { name: /^All \d/ }).locator(".vg-tile-count");

describe("My teams", () => {
  it("are chosen by their full path, for rows, counts, queues, bell and title.", async () => {
    const page = await openTwoCountries();
    await rowOf(page, "Catalina Rojas").waitFor();
    await picker(page).click();
    await page.getByRole("checkbox", { name: "Colombia · Ventas" }).check();
    await expect.poll(() => namesShown(page)).toEqual(["Camilo Prada", "Catalina Rojas"]);
    expect(await all(page).textContent()).toBe("2");
    await page.getByText("2 agents", { exact: false }).first().waitFor();
    await expect.poll(() => queueNames(page)).toEqual(["Chat web"]);
    await expect.poll(() => page.title()).toMatch(/^\(1\) /);
    await page.waitForURL(/team=Colombia%2FVentas/);
    expect(await picker(page).textContent()).toBe("My teams: Colombia · Ventas");
  });

  it("stay after the address is opened without them, and a link with others shows those.", async () => {
    const page = await openTwoCountries();
    await picker(page).click();
    await page.getByRole("checkbox", { name: "Colombia · Ventas" }).check();
    await page.waitForURL(/team=/);
    await page.goto(`${stage.hub.url}/?lang=en`);
    await expect.poll(() => namesShown(page)).toEqual(["Camilo Prada", "Catalina Rojas"]);
    await page.waitForURL(/team=Colombia%2FVentas/);
    await page.goto(`${stage.hub.url}/?lang=en&team=${encodeURIComponent("México/Cobranza")}`);
    await expect.poll(async () => (await namesShown(page))[0]).toBe("Jimena Ortega");
    expect(await namesShown(page)).not.toContain("Catalina Rojas");
    await page.goto(`${stage.hub.url}/?lang=en&group=Ventas`);
    await expect.poll(() => namesShown(page)).toContain("Ana Sofía Ruiz");
    expect(await namesShown(page)).toContain("Catalina Rojas");
  });

  it("decide what the wallboard and the CSV file are about.", async () => {
    const page = await openTwoCountries(`?lang=en&team=${encodeURIComponent("Colombia/Ventas")}`);
    await expect.poll(async () => (await namesShown(page)).length).toBe(2);
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name: "CSV" }).click();
    const stream = await (await download).createReadStream();
    let csv = "";
    for await (const part of stream) csv += part;
    expect(csv.trim().split("\r\n")).toHaveLength(3);
    const wallboard = await openTwoCountries(`?lang=en&tv=1&team=${encodeURIComponent("Colombia/Ventas")}`);
    await wallboard.getByText("Camilo Prada").waitFor();
    expect(await wallboard.getByText("Jimena Ortega").count()).toBe(0);
  });

  it("take a whole country with all its teams.", async () => {
    const page = await openTwoCountries();
    await picker(page).click();
    await page.getByRole("checkbox", { name: "México", exact: true }).check();
    await expect.poll(() => all(page).textContent()).toBe("19");
    expect(await page.getByRole("checkbox", { name: "México · Ventas" }).isChecked()).toBe(true);
    await page.getByRole("button", { name: "All teams" }).click();
    await expect.poll(() => all(page).textContent()).toBe("21");
  });

  it("that nobody is in any more are said, and can be left.", async () => {
    const page = await openTwoCountries(`?lang=en&team=${encodeURIComponent("Perú/Ventas")}`);
    await page.getByText("Nobody is in the chosen teams.").waitFor();
    await page.getByRole("button", { name: "Show all teams" }).click();
    await rowOf(page, "Catalina Rojas").waitFor();
  });
});

describe("The filters", () => {
  it("have one by channel, in the address too.", async () => {
    const page = await openTwoCountries();
    stage.hub.changeAgents({
      agentId: "co-1",
      status: "on a contact",
      channel: "chat",
      contactId: "chat-1",
      queue: "Chat web",
      duration: 10,
    });
    await page.getByRole("button", { name: "Channel" }).click();
    await page.getByRole("checkbox", { name: "Chat" }).check();
    await expect.poll(() => namesShown(page)).toEqual(["Catalina Rojas"]);
    await page.waitForURL(/channel=chat/);
  });
});

describe("The filter by queue", () => {
  it("offers the queues of the chosen teams, and a chosen one.", async () => {
    const page = await openTwoCountries(`?lang=en&team=${encodeURIComponent("Colombia/Ventas")}&queue=Cobranza`);
    await page.getByRole("button", { name: "Queue: Cobranza" }).click();
    const names = page.getByRole("group", { name: "Queue" }).getByRole("checkbox");
    expect(await names.evaluateAll((boxes) => boxes.map((box) => box.parentElement?.textContent))).toEqual([
      "Chat web",
      "Cobranza",
    ]);
  });
});

describe("The search", () => {
  it("finds what the screen says in the reader's language.", async () => {
    const page = await openTwoCountries("?lang=es");
    const search = page.getByRole("searchbox");
    const found = async (words: string, ...names: string[]) => {
      await search.fill(words);
      await expect.poll(() => namesShown(page), { message: words }).toEqual(names);
    };
    await found("timbrando", "Raúl Íñiguez");
    await found("no contestadas seguidas", "Luis Ángel Mora");
    await found("fuera de linea", "Zacarías León");
    await found("ENOJADO", "Jimena Ortega");
    await found("colombia ventas", "Camilo Prada", "Catalina Rojas");
    await found("transcripcion apagada", "Raúl Íñiguez");
    await found("con acuse", "Camila Torres");
    await found("critica colombia", "Camilo Prada");
    stage.hub.changeAgents(
      { agentId: "co-1", name: "Maeve O\u2019Brien", capacity: [{ channel: "chat", used: 2, max: 3 }] },
      { agentId: "co-2", listening: [{ agentId: "laura", name: "Laura Ríos", since: Date.now() }] },
    );
    await found("o'brien", "Maeve O\u2019Brien");
    await found("chat 2 de 3", "Maeve O\u2019Brien");
    await found("escucha: laura", "Camilo Prada");
  });

  it("is answered to a screen reader each time, also with the same number.", async () => {
    const page = await openTwoCountries("?lang=es");
    const region = page.locator(".vigia > [role=status]");
    await page.evaluate(() => {
      const said: string[] = [];
      Object.assign(window, { said });
      const live = document.querySelector(".vigia > [role=status]");
      const note = () => live?.textContent && said.push(live.textContent);
      if (live !== null) new MutationObserver(note).observe(live, { childList: true, characterData: true, subtree: true });
    });
    await page.getByRole("searchbox").fill("catalina");
    await expect.poll(() => region.textContent()).toBe("1 agente a la vista");
    await page.getByRole("searchbox").fill("camilo");
    await expect.poll(() => page.evaluate(() => Reflect.get(window, "said"))).toHaveLength(2);
    expect((await region.textContent())?.trim()).toBe("1 agente a la vista");
  });
});

describe("A press on Copy link to this view", () => {
  const press = async (page: Page) => {
    await page.getByRole("button", { name: "Views", exact: true }).click();
    await page.getByRole("button", { name: "Copy link to this view" }).click();
  };

  it("puts an address with the filters into the clipboard, and says so.", async () => {
    const page = await stage.open("?lang=en&q=jimena&theme=dark", { permissions: ["clipboard-read", "clipboard-write"] });
    await press(page);
    await page.getByText("Copied. Who opens the link signs in and sees only the own teams.").waitFor();
    const link = new URL(await page.evaluate(() => navigator.clipboard.readText()));
    expect(link.origin).toBe(stage.hub.url);
    expect(link.searchParams.get("q")).toBe("jimena");
    expect(["lang", "theme"].filter((key) => link.searchParams.has(key))).toEqual([]);
  });

  it("shows a field with the address where the browser refuses the clipboard.", async () => {
    const page = await stage.open("?lang=en&q=jimena");
    await page.evaluate(() => {
      navigator.clipboard.writeText = async () => {
        throw new DOMException("Write permission denied.", "NotAllowedError");
      };
    });
    await press(page);
    const field = page.getByLabel("Link to this view");
    await field.focus();
    expect(new URL(await field.inputValue()).searchParams.get("q")).toBe("jimena");
    expect(await page.evaluate(() => String(getSelection()))).toBe(await field.inputValue());
  });
});
