import { describe, expect, it } from "vitest";
import { namesShown, rowOf } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("each test");
const { open } = stage;

describe("The board", () => {
  it("shows a new status and a new score without a reload.", async () => {
    const page = await open();
    const row = rowOf(page, "Ana Sofía Ruiz");
    await row.getByText("Available", { exact: true }).waitFor();
    stage.hub.changeAgents({
      agentId: "agent-0",
      status: "on a call",
      since: Date.now(),
      contactId: "contact-of-ana",
      duration: 0,
      queue: "Ventas",
      channel: "voice",
    });
    await row.getByText("On a call", { exact: true }).waitFor();
    stage.hub.changeAgents({ agentId: "agent-0", sentimentScore: -2.5 });
    await row.getByText("−2.5", { exact: true }).waitFor();
  });

  it("counts the time in a status.", async () => {
    const since = Date.now() - 58_000;
    stage.hub.changeAgents({ agentId: "agent-0", status: "available", since });
    const page = await open();
    const shown = async () => {
      const words = (await rowOf(page, "Ana Sofía Ruiz").locator("time").textContent()) ?? "";
      const [minutes = 0, seconds = 0] = words.split(":").map(Number);
      return minutes * 60 + seconds;
    };
    const first = await shown();
    expect(first).toBeGreaterThanOrEqual(58);
    await expect.poll(shown).toBeGreaterThan(first);
    expect(await shown()).toBeLessThanOrEqual((Date.now() - since) / 1000);
  });

  it("adds and removes agents.", async () => {
    const page = await open();
    stage.hub.changeAgents({ agentId: "new", name: "Nueva Persona" });
    await rowOf(page, "Nueva Persona").waitFor();
    stage.hub.removeAgent("new");
    await rowOf(page, "Nueva Persona").waitFor({ state: "detached" });
  });

  it("filters by a pressed tile, and shows all agents after a second press.", async () => {
    const page = await open();
    const tile = page.getByRole("button", { name: /^On hold/ });
    await tile.click();
    await expect.poll(() => namesShown(page)).toEqual(["Camila Torres"]);
    expect(await tile.getAttribute("aria-pressed")).toBe("true");
    await tile.click();
    await rowOf(page, "Ana Sofía Ruiz").waitFor();
  });

  it("has the language of the browser, of the last choice, or of the address.", async () => {
    const page = await open("", { locale: "es-ES" });
    await page.getByRole("columnheader", { name: "Sentimiento del cliente" }).waitFor();
    expect(await page.locator("html").getAttribute("lang")).toBe("es-MX");
    await page.getByRole("button", { name: "Menú", exact: true }).click();
    await page.getByRole("radio", { name: "English" }).click();
    await page.getByRole("columnheader", { name: "Customer sentiment" }).waitFor();
    await page.reload();
    await page.getByRole("columnheader", { name: "Customer sentiment" }).waitFor();
    await page.goto(`${stage.hub.url}/?lang=es`);
    await page.getByRole("columnheader", { name: "Sentimiento del cliente" }).waitFor();
  });

  it("shows cards instead of a table on a phone, without sideways scrolling.", async () => {
    const page = await open("?lang=en", { viewport: { width: 320, height: 740 } });
    expect(await page.getByRole("table").count()).toBe(0);
    expect(await page.getByRole("article").count()).toBe(19);
    expect(await page.evaluate(() => document.documentElement.scrollWidth)).toBeLessThanOrEqual(320);
    for (const name of ["Filters", "Group by", "Views"]) {
      await page.getByRole("button", { name, exact: true }).click();
      const panel = await page.locator(".vg-panel").boundingBox();
      expect(panel === null ? [] : [panel.x >= 0, panel.x + panel.width <= 320], name).toEqual([true, true]);
      await page.keyboard.press("Escape");
    }
    // Counts and tools scroll sideways in lines of their own.
    const outside = await page
      .getByRole("button")
      .evaluateAll((buttons) =>
        buttons
          .filter((button) => !button.closest(".vg-tiles, .vg-tools") && button.getBoundingClientRect().right > 320)
          .map((button) => button.textContent),
      );
    expect(outside).toEqual([]);
  });

  it("writes the view into the address, and reads it from there.", async () => {
    const page = await open("?lang=en&status=on hold");
    expect(await namesShown(page)).toEqual(["Camila Torres"]);
    await page.getByRole("button", { name: "Clear filters" }).click();
    await page.getByRole("searchbox").fill("nunez");
    await expect.poll(() => namesShown(page)).toEqual(["Sara Núñez"]);
    await expect.poll(() => new URL(page.url()).searchParams.get("q")).toBe("nunez");
    expect(new URL(page.url()).searchParams.get("lang")).toBe("en");
  });
});

describe("The board and its connection", () => {
  it("says that the hub is away, keeps its agents, and resumes without a reload.", async () => {
    const page = await open();
    await page.getByText("Live", { exact: true }).waitFor();
    await stage.hub.stop();
    await page.getByText("Reconnecting…", { exact: true }).waitFor();
    await page.getByText(/The connection is lost/).waitFor();
    expect((await namesShown(page)).length).toBe(19);
    const tryNow = page.getByRole("button", { name: "Try now" });
    await tryNow.waitFor();
    await stage.hub.start();
    stage.hub.changeAgents({ agentId: "agent-0", status: "away", statusName: "Lunch", since: Date.now() });
    const back = rowOf(page, "Ana Sofía Ruiz").getByText("Lunch").waitFor();
    // On a busy machine the board may reconnect before the button is pressed.
    await Promise.any([tryNow.click(), back]);
    await back;
    await page.getByText(/The connection is lost/).waitFor({ state: "detached" });
    expect(stage.hub.greetings).toEqual(["initialAgentList", "resumed"]);
  });

  it("asks for a token, explains that a wrong one was refused, and accepts a right one.", async () => {
    stage.hub.token = "right";
    const { page } = await stage.visit(`${stage.hub.url}/?lang=en`);
    const dialog = page.getByRole("dialog");
    await dialog.getByLabel("Identity token").fill("wrong");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await dialog.getByText(/refused this token/).waitFor();
    await dialog.getByLabel("Identity token").fill("right");
    await dialog.getByRole("button", { name: "Sign in" }).click();
    await rowOf(page, "Jimena Ortega").waitFor();
  });

  it("reads the token that a sign-in page puts into the address, and removes it from there.", async () => {
    stage.hub.token = "right";
    const { page } = await stage.visit(`${stage.hub.url}/?lang=en#id_token=right`);
    await rowOf(page, "Jimena Ortega").waitFor();
    expect(new URL(page.url()).hash).toBe("");
  });

  it("explains why the hub closed the connection for good.", async () => {
    const page = await open();
    stage.hub.closeViewers(4503, "revoked");
    await page.getByText("Your access was revoked. Ask your administrator.").waitFor();
  });

  it("lets a viewer try again after the hub had too many viewers.", async () => {
    const page = await open();
    stage.hub.closeViewers(4504, "too_many_viewers");
    await page.getByText("Too many people are watching").waitFor();
    await page.getByRole("button", { name: "Try now" }).click();
    await page.locator(".vg-pill[data-state=live]").waitFor();
  });

  it("shows no change while it is paused, and shows it after that.", async () => {
    const page = await open();
    await page.getByRole("button", { name: "Pause", exact: true }).click();
    stage.hub.changeAgents({ agentId: "agent-0", status: "away", statusName: "Lunch", since: Date.now() });
    await page.getByText(/The board is paused/).waitFor();
    expect(await rowOf(page, "Ana Sofía Ruiz").getByText("Lunch").count()).toBe(0);
    await page.getByRole("button", { name: "Resume", exact: true }).first().click();
    await rowOf(page, "Ana Sofía Ruiz").getByText("Lunch").waitFor();
  });
});
