import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { Browser } from "playwright-core";
import { createServer, type ViteDevServer } from "vite";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { NETWORK, openPage, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const KIB = 1024;
/**
 * The most that the page may weigh, compressed by gzip, always with the words of one language. Preact is 10 KiB of it. A part counts
 * with all chunks that it imports, and each chunk once.
 */
const BUDGETS = {
  /** What the browser loads before it shows agents: page, styles, script, words. It was 132 KiB with React. */
  firstView: 78 * KIB,
  /** Its script, without the words. */
  firstScript: 66 * KIB,
  /** The first view with the queues, the day and the panel of an agent, and the wallboard. */
  daily: 113 * KIB,
  /**
   * Everything: also signing in, display links, alerts, actions, settings, audit, shared views and recordings. Words and styles in
   * several files compress a little worse than in one.
   */
  everything: 168 * KIB,
};
const DAILY = /^((QueuePanel|TeamDay|CallPanel|Wallboard)-[\w-]+\.js|(panels|Wallboard)-[\w-]+\.css)$/;
/** A chunk that another one needs before it runs. `import()` is followed by a parenthesis. */
const STATIC_IMPORT = /(?:from|import)\s*["'`]\.\/([\w-]+\.js)["'`]/g;
/** The words of one language, as Vite names their files: those of the first view have no group. */
const WORDS = /^(?:(panels|tools|wallboard|sign-in)-)?(en|es-mx)-[\w-]{8}\.js$/;

let browser: Browser;
let server: ViteDevServer;
let cache: string;

beforeAll(async () => {
  browser = await sharedBrowser();
  cache = mkdtempSync(join(tmpdir(), "vigia-stories-"));
  server = await createServer({
    root: ROOT,
    configFile: join(ROOT, "vite.config.ts"),
    cacheDir: cache,
    logLevel: "error",
    server: { port: 0, host: "127.0.0.1", hmr: false, watch: null },
  });
  await server.listen();
});
afterAll(async () => {
  await browser?.close();
  await server?.close();
  rmSync(cache, { recursive: true, force: true });
});

describe("The stories", () => {
  it("show every state without an error.", async () => {
    const address = server.httpServer?.address();
    if (address === null || address === undefined || typeof address === "string") throw new Error("The server has no port.");
    const { page } = await openPage(browser, `http://127.0.0.1:${address.port}/stories`, { colorScheme: "light" });
    await page.getByRole("region", { name: "Wallboard", exact: true }).getByText("Jimena Ortega").waitFor();
    expect(await page.locator("section > .box").count()).toBe(19);
    await page
      .getByRole("region", { name: "Sign-in needed" })
      .getByText("The server gave you no access to this contact center.")
      .waitFor();
    await page
      .getByRole("region", { name: "Parts, es-MX, dark" })
      .getByText("Se revocó tu acceso. Habla con tu administrador.")
      .waitFor();
    expect(takeComplaints(NETWORK)).toEqual([]);
  });
});

describe("The production bundle", () => {
  it("stays in its budget and contains no story.", async () => {
    const { gzipSync } = await import("node:zlib");
    const folder = join(ROOT, "dist/dashboard");
    const entries = readdirSync(folder, { recursive: true, withFileTypes: true }).filter((entry) => entry.isFile());
    const files = entries.map(({ parentPath, name }) => ({ name, content: readFileSync(join(parentPath, name)) }));
    const index = String(files.find(({ name }) => name === "index.html")?.content);
    const weight = (some: typeof files) => some.reduce((sum, { content }) => sum + gzipSync(content).length, 0);
    const words = files.filter(({ name }) => WORDS.test(name));
    expect(words.length).toBe(10);
    /** The weight of the words of some groups, in the language in which they are longer. */
    const longest = (...groups: string[]) =>
      groups.reduce((sum, group) => {
        const weights = words.filter(({ name }) => (WORDS.exec(name)?.[1] ?? "first") === group).map((file) => weight([file]));
        expect(weights.length, group).toBe(2);
        return sum + Math.max(...weights);
      }, 0);
    const withImports = (some: typeof files): typeof files => {
      const imported = some.flatMap(({ content }) => [...String(content).matchAll(STATIC_IMPORT)].map(([, name]) => name));
      const more = files.filter((file) => imported.includes(file.name) && !some.includes(file));
      return more.length === 0 ? some : withImports([...some, ...more]);
    };
    const first = withImports(files.filter(({ name }) => name === "index.html" || index.includes(name)));
    const daily = files.filter(({ name }) => DAILY.test(name));
    expect(first.length).toBeGreaterThan(2);
    expect(daily.length).toBe(6);
    const script = first.filter(({ name }) => name.endsWith(".js"));
    expect(weight(script)).toBeLessThan(BUDGETS.firstScript);
    expect(weight(first) + longest("first")).toBeLessThan(BUDGETS.firstView);
    const dailyFiles = withImports([...new Set([...first, ...daily])]);
    expect(weight(dailyFiles) + longest("first", "panels", "wallboard")).toBeLessThan(BUDGETS.daily);
    const allWords = longest("first", "panels", "wallboard", "tools", "sign-in");
    expect(weight(files) - weight(words) + allWords).toBeLessThan(BUDGETS.everything);
    expect(files.some(({ content }) => content.includes("Jimena Ortega"))).toBe(false);
  });
});
