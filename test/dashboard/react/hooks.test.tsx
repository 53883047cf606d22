import { createServer, type Server } from "node:http";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { StrictMode } from "react";
import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { type AgentClient, createAgentClient } from "../../../dashboard/client/index.ts";
import { createFakeAgentClient, fakeAgent, fakeAlert } from "../../../dashboard/client/testing.ts";
import { AgentClientProvider } from "../../../dashboard/react/index.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import { launchBrowser } from "../../browser/browser.ts";
import { LoopbackHub } from "../client/loopback-hub.ts";
import { Readings } from "./readings.tsx";

function onServer(): string {
  const client = createAgentClient({ url: "https://hub.test", instanceId: "i", getTicket: () => Promise.reject(new Error()) });
  const html = renderToString(
    <StrictMode>
      <AgentClientProvider client={client}>
        <Readings />
      </AgentClientProvider>
      <AgentClientProvider client={client} />
    </StrictMode>,
  );
  expect(client.connection().status).toBe("idle");
  return html;
}

describe("On a server", () => {
  test("every hook renders an empty and unconnected board, whatever the client holds.", () => {
    const client = createFakeAgentClient({ agents: [fakeAgent({ agentId: "a" })] });
    const html = renderToString(
      <AgentClientProvider client={client}>
        <Readings />
      </AgentClientProvider>,
    );
    const readings = [...html.matchAll(/id="([a-z-]+)"(?:[^>]*)>([^<]*)</g)].map(([, name, text]) => [name, text]);
    expect(Object.fromEntries(readings)).toMatchObject({
      names: "",
      count: "0",
      "status-a": "unknown",
      "seconds-a": "null",
      connection: "idle",
      words: "none",
      alerts: "",
      paused: "false",
    });
    expect(onServer()).toContain("idle");
  });

  test("a provider without a client throws an error that says how to give it one.", () => {
    const nothing: { client: AgentClient } = JSON.parse("{}");
    expect(() => renderToString(<AgentClientProvider {...nothing} />)).toThrow("client={createAgentClient");
  });

  test("a hook without a provider throws an error that names the provider.", () => {
    expect(() => renderToString(<Readings />)).toThrow("AgentClientProvider");
  });
});

describe("In a browser in StrictMode with two providers of one client,", () => {
  let browser: Browser;
  let script: string;
  let server: Server;
  let hub: LoopbackHub;
  let page: Page;
  let problems: string[];
  let body = "";

  beforeAll(async () => {
    browser = await launchBrowser();
    const entry = fileURLToPath(new URL("page.tsx", import.meta.url));
    const define = { "process.env.NODE_ENV": '"development"' };
    const bundle = await build({ entryPoints: [entry], bundle: true, write: false, format: "esm", jsx: "automatic", define });
    script = bundle.outputFiles[0]?.text ?? "";
    server = createServer((request, response) => {
      const isScript = request.url === "/page.js";
      response.setHeader("content-type", isScript ? "text/javascript" : "text/html");
      response.end(isScript ? script : body);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  });
  afterAll(async () => {
    await browser.close();
    await new Promise((resolve) => server.close(resolve));
  });

  beforeEach(async () => {
    hub = await LoopbackHub.start();
    hub.greeting = () => list;
    problems = [];
  });
  afterEach(async () => {
    await page.context().close();
    await hub.stop();
    expect(problems).toEqual([]);
  });

  const now = Date.now();
  const list: ServerMessage = {
    type: "initialAgentList",
    epoch: "e",
    seq: 1,
    serverTime: now,
    data: [
      fakeAgent({ agentId: "a", since: now - 60_000 }),
      fakeAgent({ agentId: "b", status: "missed", since: now, contactId: "c1" }),
    ],
    alerts: [fakeAlert({ alertId: "long" })],
  };
  const turnFields = { turnId: "1", role: "agent" as const, beginMs: 0, endMs: 1, sentiment: null, occurredAt: now };

  async function open(rendered = ""): Promise<void> {
    body = `<!doctype html><title>t</title><link rel="icon" href="data:,"><div id="root">${rendered}</div><button id="leave">x</button><script type="module" src="/page.js"></script>`;
    page = await (await browser.newContext()).newPage();
    page.on("console", (message) => message.type() === "error" && problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    const address = server.address();
    if (address === null || typeof address === "string")
      throw new Error("The server of the page is not listening. Wait for its listen callback.");
    await page.goto(`http://127.0.0.1:${address.port}/?hub=${hub.url}`);
    await shows("connection", "live");
  }
  const text = (name: string) => page.locator(`#${name}`).textContent();
  const draws = async (name: string) => Number(await page.locator(`#${name}`).getAttribute("data-draws"));
  const shows = (name: string, expected: string | RegExp) =>
    vi.waitFor(async () => expect(await text(name)).toMatch(expected), { timeout: 20_000, interval: 20 });

  test("the client uses one ticket and one socket, and closes it when the last provider unmounts.", async () => {
    await open();
    expect(hub.viewers).toHaveLength(1);
    expect(await page.locator("body").getAttribute("data-tickets")).toBe("1");
    await page.click("#leave");
    await vi.waitFor(() => expect(hub.openSockets).toBe(0), { timeout: 20_000 });
    expect(hub.viewers).toHaveLength(1);
  });

  test("React takes over the page that the server rendered.", async () => {
    await open(onServer());
    await shows("names", "a b");
    expect(hub.viewers).toHaveLength(1);
  });

  test("a component renders again only when the part that it reads changes.", async () => {
    await open();
    await shows("status-b", "missed");
    const before = {
      a: await draws("status-a"),
      b: await draws("status-b"),
      names: await draws("names"),
      count: await draws("count"),
    };
    const change = (from: number, data: { agentId: string; status?: "away"; queue?: string }[]): ServerMessage => ({
      type: "agentStatusBatch",
      epoch: "e",
      from,
      to: from + 1,
      serverTime: now,
      data,
      removed: [],
    });
    hub.last.send(change(1, [{ agentId: "a", queue: "Ventas" }]));
    hub.last.send(change(2, [{ agentId: "b", status: "away" }]));
    await shows("status-b", "away");
    expect(await draws("status-a")).toBe(before.a);
    expect(await draws("status-b")).toBe(before.b + 1);
    expect(await draws("names")).toBe(before.names);
  });

  test("seconds count up, an alert can be acknowledged, and a paused board stands still.", async () => {
    await open();
    await shows("seconds-a", /^\d+$/);
    const first = Number(await text("seconds-a"));
    expect(first).toBeGreaterThanOrEqual(60);
    await vi.waitFor(async () => expect(Number(await text("seconds-a"))).toBeGreaterThan(first), { timeout: 20_000 });
    await shows("alerts", "long warning null");
    await page.click("#acknowledge");
    await vi.waitFor(() => expect(hub.last.messages).toContainEqual({ type: "acknowledge", alertId: "long" }), {
      timeout: 20_000,
    });
    const acknowledged = { alertId: "long", acknowledgedBy: "Eva", acknowledgedAt: now };
    const alerts = { data: [acknowledged], removed: [] };
    hub.last.send({ type: "agentStatusBatch", epoch: "e", from: 1, to: 2, serverTime: now, data: [], removed: [], alerts });
    await shows("alerts", "long warning Eva");
    await page.click("#hold");
    await shows("paused", "true");
    hub.last.send({ type: "agentStatusBatch", epoch: "e", from: 2, to: 3, serverTime: now, data: [], removed: ["b"] });
    const turn = { ...turnFields, text: "After the removal", final: true };
    hub.last.send({ type: "transcript", contactId: "c1", turns: [turn], complete: false });
    await shows("words", "After the removal");
    expect(await text("names")).toBe("a b");
    await page.click("#hold");
    await shows("names", /^a$/);
  });

  test("the client watches a transcript that is shown and updates its turns.", async () => {
    await open();
    await vi.waitFor(() => expect(hub.last.messages.at(-1)).toEqual({ type: "watch", contactId: "c1" }), { timeout: 20_000 });
    hub.last.send({
      type: "transcript",
      contactId: "c1",
      turns: [{ ...turnFields, text: "Bue", final: false }],
      complete: false,
    });
    await shows("words", "Bue");
    hub.last.send({
      type: "transcript",
      contactId: "c1",
      turns: [{ ...turnFields, text: "Buenas", final: true }],
      complete: false,
    });
    await shows("words", "Buenas");
  });

  test("a page that is visible again pings the hub at once and reconnects without an answer.", async () => {
    await open();
    await shows("latency", "measured");
    hub.answersPings = false;
    await page.evaluate(() => document.dispatchEvent(new Event("visibilitychange")));
    await vi.waitFor(() => expect(hub.viewers[0]?.pings).toBe(2), { timeout: 20_000 });
    await vi.waitFor(() => expect(hub.viewers).toHaveLength(2), { timeout: 20_000 });
    expect(hub.last.path).toContain("epoch=e&seq=1");
  });

  test("the client closes its socket without a network, and resumes at once when the network returns.", async () => {
    await open();
    await page.context().setOffline(true);
    await shows("connection", "offline");
    await vi.waitFor(() => expect(hub.openSockets).toBe(0), { timeout: 20_000 });
    await page.context().setOffline(false);
    await shows("connection", "live");
    expect(hub.last.path).toContain("epoch=e&seq=1");
  });
});
