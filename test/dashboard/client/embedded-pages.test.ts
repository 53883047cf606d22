import { spawn } from "node:child_process";
import type { Browser, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { ticketEndpoint } from "../../../examples/ticket-endpoint.ts";
import { launchBrowser } from "../../browser/browser.ts";
import { anAgentState } from "../../support/updates.ts";
import { CompanyProxy } from "./company-proxy.ts";
import { EmbeddingApp } from "./embedding-app.ts";
import { HubUnderTest, INSTANCE } from "./hub-under-test.ts";
import { PageServer } from "./page-server.ts";

/** Packing, compiling and building take seconds, but minutes on a busy machine. */
const SLOW_TEST_TIMEOUT_MS = 240_000;
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 45_000, interval: 50 });

let app: EmbeddingApp;
let server: PageServer;
let hub: HubUnderTest;
let browser: Browser;
let serverFile: string;
let page: Page;
let errors: string[];

beforeAll(async () => {
  app = new EmbeddingApp();
  hub = await HubUnderTest.start();
  const env = { VITE_HUB: hub.url, VITE_INSTANCE: INSTANCE };
  await app.build("react", env);
  await app.build("board", env);
  serverFile = await app.buildServer();
  server = await PageServer.start(app.folder);
  server.policy = `default-src 'self'; connect-src 'self' ${hub.url} ${hub.url.replace("http", "ws")}`;
  browser = await launchBrowser();
}, SLOW_TEST_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await server.stop();
  await hub.stop();
  app.remove();
});

beforeEach(async () => {
  const now = Date.now();
  await hub.post(
    anAgentState({ agentId: "a", name: "Jane Doe", occurredAt: now }),
    anAgentState({ agentId: "b", name: "Agente Dos", occurredAt: now }),
  );
});
afterEach(() => page?.context().close());

async function open(url: string): Promise<void> {
  page = await (await browser.newContext()).newPage();
  errors = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on(
    "console",
    (message) => message.type() === "error" && !/favicon/.test(message.location().url) && errors.push(message.text()),
  );
  await page.goto(url);
}

const openReact = () => open(`${server.origin}/dist/react/index.html`);
const rows = () => page.getByRole("row").allTextContents();
const rowsAre = (first: RegExp, second: RegExp) =>
  until(async () => expect(await rows()).toEqual([expect.stringMatching(first), expect.stringMatching(second)]));
const says = (words: string | RegExp) => until(async () => expect(await page.getByRole("status").textContent()).toMatch(words));

/** Puts Agente Dos on a break. */
async function lunch(): Promise<void> {
  const status = { name: "Almuerzo", kind: "custom" as const, since: Date.now() };
  await hub.post(anAgentState({ agentId: "b", name: "Agente Dos", occurredAt: Date.now(), status }));
}

describe("The samples of the package's README, outside of the project, in Chromium with the real hub:", () => {
  test("SES-6 The page with React shows the agents under a Content Security Policy, and shows a change.", async () => {
    await openReact();
    await rowsAre(/^Agente Dosavailable\d+ s–$/, /^Jane Doeavailable/);
    await lunch();
    await rowsAre(/^Agente Dosaway/, /^Jane Doe/);
    expect(errors).toEqual([]);
  });

  test("The whole board has its own theme, and is quiet under the same policy.", async () => {
    await open(`${server.origin}/dist/board/index.html`);
    await until(async () => expect(await page.getByRole("rowheader").allTextContents()).toHaveLength(2));
    expect(await page.getByText("Jane Doe").count()).toBeGreaterThan(0);
    const style = await page.locator(".vigia").evaluate((element) => {
      const { fontFamily, backgroundColor } = getComputedStyle(element);
      return { fontFamily, backgroundColor };
    });
    expect(style.fontFamily).toContain("Montserrat");
    expect(style.backgroundColor).toBe("rgb(245, 246, 248)");
    expect(errors).toEqual([]);
  });

  test("The page without a bundler shows the agents.", async () => {
    server.policy = "";
    await open(`${server.origin}/plain/index.html?hub=${hub.url}&instance=${INSTANCE}`);
    await until(async () => expect((await page.locator("li").allTextContents()).join()).toContain("Jane Doe: available"));
    await says("live");
    expect(errors).toEqual([]);
  });

  test("The server-rendered page has the agents in its HTML, hydrates without a remark, and goes on from there.", async () => {
    const env = { ...process.env, HUB: hub.url, INSTANCE, PORT: "0", NODE_ENV: "development" };
    const child = spawn(process.execPath, [serverFile], { env, stdio: ["ignore", "pipe", "inherit"] });
    try {
      let printed = "";
      child.stdout.on("data", (chunk) => (printed += String(chunk)));
      await until(() => expect(printed).toMatch(/port: \d+/));
      const url = `http://127.0.0.1:${/port: (\d+)/.exec(printed)?.[1]}/`;
      const html = await (await fetch(url)).text();
      expect(html).toMatch(/<th scope="row">Agente Dos<\/th><td>available<\/td><td>\d+<!-- --> s<\/td>/);
      const sockets: string[] = [];
      await open("about:blank");
      page.on("websocket", (socket) => sockets.push(socket.url()));
      await page.goto(url);
      await until(async () => expect(await page.getByRole("status").count()).toBe(0));
      expect(sockets).toHaveLength(1);
      expect(sockets[0]).toMatch(/\/live\?epoch=.+&seq=\d+$/);
      await lunch();
      await rowsAre(/^Agente Dosaway/, /^Jane Doe/);
      expect(errors).toEqual([]);
    } finally {
      child.kill();
    }
  });

  test("The ticket endpoint gives a ticket to a person who is signed in, and 401 to others.", async () => {
    const options = { hub: hub.url, instanceId: INSTANCE };
    const request = new Request(`${server.origin}/vigia-ticket`, { method: "POST" });
    const given = await ticketEndpoint({ ...options, idTokenOf: async () => "token" })(request);
    expect(given.status).toBe(200);
    expect(await given.json()).toMatchObject({ ticket: expect.any(String), expiresAt: expect.any(Number) });
    expect((await ticketEndpoint({ ...options, idTokenOf: async () => null })(request)).status).toBe(401);
  });
});

describe("The page with React, when the real hub", () => {
  test("is killed, keeps its agents, says that it reconnects, and shows what happened meanwhile.", async () => {
    await openReact();
    await rowsAre(/^Agente Dosavailable/, /^Jane Doe/);
    const port = Number(new URL(hub.url).port);
    await hub.kill();
    // The first attempt may come at once, and then it is the ticket that fails.
    await says(/^reconnecting (network|ticket_failed)/);
    expect(await rows()).toHaveLength(2);
    await hub.startAgain(port);
    await lunch();
    await rowsAre(/^Agente Dosaway/, /^Jane Doe/);
    await until(async () => expect(await page.getByRole("status").count()).toBe(0));
  });

  test("sleeps, notices it when somebody looks at the page, and comes back when the hub wakes.", async () => {
    await openReact();
    await rowsAre(/^Agente Dosavailable/, /^Jane Doe/);
    hub.sleep();
    try {
      await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
      await says(/^(reconnecting|connecting) timeout/);
      expect(await rows()).toHaveLength(2);
    } finally {
      hub.wake();
    }
    await until(async () => expect(await page.getByRole("status").count()).toBe(0));
  });
});

describe("A page without a bundler", () => {
  test("whose instance the hub refuses waits for somebody to sign in.", async () => {
    await open(`${server.origin}/plain/index.html?hub=${hub.url}&instance=another`);
    await says("unauthorized");
  });

  test("behind a proxy that strips WebSocket polls, and shows a change.", async () => {
    const proxy = await CompanyProxy.start(hub.url);
    try {
      await open(`${server.origin}/plain/index.html?hub=${proxy.url}&instance=${INSTANCE}`);
      await says("live");
      expect(proxy.upgrades).toBeGreaterThanOrEqual(3);
      const items = async () => (await page.locator("li").allTextContents()).join();
      await until(async () => expect(await items()).toContain("Agente Dos: available"));
      await lunch();
      await until(async () => expect(await items()).toContain("Agente Dos: away"));
    } finally {
      await proxy.stop();
    }
  });
});

// Last, because the hub then refuses the tickets of this person for a minute.
describe("The page with React, when access is revoked,", () => {
  test("says so and shows nothing any more.", async () => {
    await openReact();
    await rowsAre(/^Agente Dosavailable/, /^Jane Doe/);
    await hub.revoke("local");
    await says(/^unauthorized revoked/);
    expect(await rows()).toEqual([]);
    expect(await page.content()).not.toContain("Jane Doe");
  });
});
