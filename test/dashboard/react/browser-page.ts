import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { expect, vi } from "vitest";
import { launchBrowser } from "../../browser/browser.ts";

/** A page with one script, in a real browser. Collects every error of the page. */
export class BrowserPage {
  readonly #browser: Browser;
  readonly #server: Server;
  readonly problems: string[] = [];
  page: Page;
  /** The HTML of `#root`, as a server would send it. */
  rendered = "";

  private constructor(browser: Browser, server: Server, page: Page) {
    this.#browser = browser;
    this.#server = server;
    this.page = page;
  }

  /** @param entry the file of the page's script. */
  static async start(entry: URL): Promise<BrowserPage> {
    const bundle = await build({
      entryPoints: [fileURLToPath(entry)],
      bundle: true,
      write: false,
      format: "esm",
      jsx: "automatic",
      define: { "process.env.NODE_ENV": '"development"' },
    });
    const script = bundle.outputFiles[0]?.text ?? "";
    const server = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : started.#html());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const browser = await launchBrowser();
    const started = new BrowserPage(browser, server, await browser.newPage());
    return started;
  }

  async open(query: string): Promise<void> {
    await this.page.close();
    this.problems.length = 0;
    this.page = await this.#browser.newPage();
    this.page.on("console", (message) => message.type() === "error" && this.problems.push(message.text()));
    this.page.on("pageerror", (error) => this.problems.push(error.message));
    const address = this.#server.address();
    if (address === null || typeof address === "string")
      throw new Error("The server of the page is not listening. Await start().");
    await this.page.goto(`http://127.0.0.1:${address.port}/?${query}`);
  }

  /** Waits until the element with this id has the text. */
  shows(id: string, expected: string | RegExp): Promise<void> {
    return vi.waitFor(async () => expect(await this.text(id)).toMatch(expected), { timeout: 20_000, interval: 20 });
  }

  text(id: string): Promise<string | null> {
    return this.page.locator(`#${id}`).textContent();
  }

  /** How often the element was rendered. */
  async draws(id: string): Promise<number> {
    return Number(await this.page.locator(`#${id}`).getAttribute("data-draws"));
  }

  async stop(): Promise<void> {
    await this.#browser.close();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #html(): string {
    return `<!doctype html><title>t</title><link rel="icon" href="data:,"><div id="root">${this.rendered}</div><script type="module" src="/page.js"></script>`;
  }
}
