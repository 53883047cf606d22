import { globSync, readFileSync } from "node:fs";
import { expect, it } from "vitest";
import { takeComplaints } from "./page.ts";
import { setStage } from "./stage.ts";

const stage = setStage("the file");
/** Every part that `latePart` loads, because the order in which they come is nobody's promise. */
const LATE_PARTS = globSync("dashboard/board/**/*.tsx").flatMap((file) =>
  [...readFileSync(file, "utf8").matchAll(/latePart\("\w+", \(\) => import\(".*?(\w+)\.tsx"\)\)/g)].map(
    ([, name = ""]) => `/${name}-`,
  ),
);
const PANELS = /\/assets\/(CallPanel|AlertPanel|SettingsDialog)-/;

it("Every part of the board is loaded in spare time, so opening one asks the server for no file.", async () => {
  const page = await stage.open();
  expect(LATE_PARTS.length).toBeGreaterThan(10);
  await page.waitForFunction(
    (names) => names.every((name) => performance.getEntriesByType("resource").some((entry) => entry.name.includes(name))),
    LATE_PARTS,
  );
  const asked: string[] = [];
  page.on("request", (request) => asked.push(request.url()));
  await page.getByRole("button", { name: "Jimena Ortega" }).click();
  await page.getByRole("dialog", { name: "Jimena Ortega" }).waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  expect(asked.filter((url) => url.includes("/assets/"))).toEqual([]);
});

it("Only the words of the reader's language are loaded, and the others with the first change of the language.", async () => {
  const page = await stage.open("?lang=es");
  const words = () =>
    page.evaluate(() =>
      performance
        .getEntriesByType("resource")
        .map(({ name }) => /\/(en|es-mx)-/.exec(name)?.[1])
        .filter((name) => name !== undefined),
    );
  expect(await words()).toEqual(["es-mx"]);
  await page.getByRole("button", { name: "Menú", exact: true }).click();
  // The choice shows once the words are there, so this is a click: `check` would look at once.
  await page.getByRole("radio", { name: "English" }).click();
  await page.getByText("Sentiment", { exact: true }).first().waitFor();
  expect((await words()).sort()).toEqual(["en", "es-mx"]);
});

it("A part that the server no longer has says so and offers to reload, and the rest of the board goes on.", async () => {
  const { page } = await stage.visit("about:blank");
  await page.route(PANELS, (route) => route.abort());
  await page.goto(`${stage.hub.url}/?lang=en`);
  await page.locator(".vg-pill[data-state=live]").waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  const note = page.getByRole("alert").filter({ hasText: "This part of the page could not be loaded." });
  await note.waitFor();
  await note.getByRole("button", { name: "Close" }).click();
  expect(await note.count()).toBe(0);
  // Each opening asks the server again, and a part that came at once would take the note away before it is pressed.
  const askedAgain = page.waitForEvent("requestfailed", (request) => PANELS.test(request.url()));
  await page.getByRole("button", { name: "Settings" }).click();
  await askedAgain;
  await page.unroute(PANELS);
  await note.getByRole("button", { name: "Reload the page" }).click();
  await page.locator(".vg-pill[data-state=live]").waitFor();
  await page.getByRole("button", { name: "Settings" }).click();
  await page.getByRole("dialog", { name: "Settings" }).waitFor();
  takeComplaints();
});
