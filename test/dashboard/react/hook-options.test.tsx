import { renderToString } from "react-dom/server";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/index.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import { shallow } from "../../../dashboard/react/index.ts";
import type { AlertPatch } from "../../../protocol/alert.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import type { QueuePatch } from "../../../protocol/queue.ts";
import { LoopbackHub } from "../client/loopback-hub.ts";
import { BrowserPage } from "./browser-page.ts";
import { INITIAL_DATA, InitialBoard } from "./initial-board.tsx";

const now = Date.now();
const LIST: ServerMessage = {
  type: "initialAgentList",
  epoch: "e",
  seq: 1,
  serverTime: now,
  data: [
    fakeAgent({ agentId: "a", name: "Ana", status: "missed", since: now }),
    fakeAgent({
      agentId: "b",
      name: "Beto",
      status: "on hold",
      since: now - 5_000,
      contactId: "c1",
      callStartedAt: now - 90_000,
      duration: 90,
    }),
  ],
  queues: [fakeQueue({ queueId: "q", name: "Ventas", waiting: 2 })],
  alerts: [fakeAlert({ alertId: "two" }), fakeAlert({ alertId: "one", severity: "critical" })],
};

let browser: BrowserPage;
let hub: LoopbackHub;

beforeAll(async () => {
  browser = await BrowserPage.start(new URL("options-page.tsx", import.meta.url));
});
afterAll(() => browser.stop());
beforeEach(async () => {
  hub = await LoopbackHub.start();
  hub.greeting = () => LIST;
});
afterEach(() => hub.stop());

function change(from: number, data: { agentId: string; status: "away" | "ringing" }[]): ServerMessage {
  return { type: "agentStatusBatch", epoch: "e", from, to: from + 1, serverTime: Date.now(), data, removed: [] };
}

function rowNews(from: number, rows: { queues?: QueuePatch[]; alerts?: AlertPatch[] }): ServerMessage {
  const { queues = [], alerts = [] } = rows;
  return {
    type: "agentStatusBatch",
    epoch: "e",
    from,
    to: from + 1,
    serverTime: Date.now(),
    data: [],
    removed: [],
    queues: { data: queues, removed: [] },
    alerts: { data: alerts, removed: [] },
  };
}

async function openLive(): Promise<void> {
  await browser.open(`hub=${hub.url}`);
  await browser.page.click("#enable");
  await browser.shows("only-status", "live");
}

describe("In a browser in StrictMode,", () => {
  test("a provider connects only while it is enabled, also after access was refused.", async () => {
    await browser.open(`hub=${hub.url}`);
    await browser.shows("only-status", "idle");
    expect(hub.viewers).toHaveLength(0);
    await browser.page.click("#enable");
    await browser.shows("only-status", "live");
    await browser.page.click("#enable");
    await browser.shows("only-status", "closed");
    await browser.page.click("#enable");
    await browser.shows("only-status", "live");
    expect(hub.viewers).toHaveLength(2);
    hub.last.socket.close(4503);
    await browser.shows("only-status", "unauthorized");
    await browser.page.click("#enable");
    await browser.page.click("#enable");
    await browser.shows("only-status", "live");
    expect(browser.problems).toEqual([]);
  });

  test("a component renders again only for the fields of the connection that it reads.", async () => {
    await openLive();
    await browser.shows("last-message", "true");
    const ids = ["only-status", "selected", "last-message", "names"];
    const before = await Promise.all(ids.map((id) => browser.draws(id)));
    for (let from = 1; from <= 3; from += 1) {
      await new Promise((resolve) => setTimeout(resolve, 1_050));
      hub.last.send(change(from, [{ agentId: "b", status: from % 2 === 0 ? "ringing" : "away" }]));
    }
    await vi.waitFor(async () => expect(await browser.draws("last-message")).toBeGreaterThan(before[2] ?? 0), {
      timeout: 20_000,
    });
    const after = await Promise.all(ids.map((id) => browser.draws(id)));
    expect([after[0], after[1], after[3]]).toEqual([before[0], before[1], before[3]]);
    hub.last.socket.close(4412);
    await browser.shows("selected", "true");
    await browser.shows("selected", "false");
  });

  test("a component that reads nothing while it renders still reads what is true in its event handler.", async () => {
    await openLive();
    await browser.page.click("#ask");
    await browser.shows("clicked", "live");
  });

  test("a call duration counts from the start of the call, also on hold, and is null after it.", async () => {
    await openLive();
    await browser.shows("call", /^\d+$/);
    const first = Number(await browser.text("call"));
    expect(first).toBeGreaterThanOrEqual(90);
    await vi.waitFor(async () => expect(Number(await browser.text("call"))).toBeGreaterThan(first), { timeout: 20_000 });
    hub.last.send(change(1, [{ agentId: "b", status: "away" }]));
    await browser.shows("call", "null");
  });

  test("the center's alerts show, one that the hub refuses to acknowledge says why, and a change of one is told once.", async () => {
    await openLive();
    await browser.shows("alerts", /^one,two$/);
    await browser.page.click("#acknowledge");
    await vi.waitFor(() => expect(hub.last.messages).toContainEqual({ type: "acknowledge", alertId: "one" }), {
      timeout: 20_000,
    });
    hub.last.send({ type: "error", code: "not_allowed", message: "Not with your role.", alertId: "one" });
    await browser.shows("answer", "refused not_allowed");
    await browser.page.click("#acknowledge");
    await vi.waitFor(() => expect(hub.last.messages).toHaveLength(2), { timeout: 20_000 });
    hub.last.send(rowNews(1, { alerts: [{ alertId: "one", acknowledgedBy: "Eva", acknowledgedAt: now }] }));
    await browser.shows("answer", "acknowledged null");
    await browser.shows("alerts", /^two$/);
    hub.last.send(rowNews(2, { alerts: [{ alertId: "two", severity: "critical" }] }));
    await browser.shows("alert-news", /^one critical critical,two warning critical$/);
  });

  test("a component renders again only for the part of the queues that it reads.", async () => {
    await openLive();
    await browser.shows("waiting", "2");
    await browser.shows("queue", "Ventas");
    const ids = ["queue", "names", "alerts"];
    const before = await Promise.all(ids.map((id) => browser.draws(id)));
    hub.last.send(rowNews(1, { queues: [{ queueId: "q", waiting: 5 }] }));
    await browser.shows("waiting", "5");
    expect(await Promise.all(ids.map((id) => browser.draws(id)))).toEqual(before);
  });

  test("the waiting contacts are asked for only while a component shows them.", async () => {
    await openLive();
    await browser.shows("contacts", "none");
    await browser.page.click("#look");
    await browser.shows("contacts", "loading null");
    await vi.waitFor(() => expect(hub.last.messages).toEqual([{ type: "watchQueue", queueId: "q" }]), { timeout: 20_000 });
    const contact = { contactId: "c", channel: "voice" as const, since: now, ringingAt: "a", callback: false };
    hub.last.send({ type: "queueContacts", queueId: "q", contacts: [contact] });
    await browser.shows("contacts", "live null c a");
    await browser.page.click("#look");
    await vi.waitFor(() => expect(hub.last.messages.at(-1)).toEqual({ type: "unwatchQueue", queueId: "q" }), { timeout: 20_000 });
  });

  test("a transcript is asked for only while it is enabled, and a refused one says so.", async () => {
    await openLive();
    await browser.shows("words", "none");
    expect(hub.last.messages).toEqual([]);
    await browser.page.click("#listen");
    await browser.shows("words", "loading null");
    await vi.waitFor(() => expect(hub.last.messages.at(-1)).toEqual({ type: "watch", contactId: "c1" }), { timeout: 20_000 });
    hub.last.send({ type: "error", code: "not_allowed", message: "Not among yours.", contactId: "c1" });
    await browser.shows("words", "refused not_allowed");
    await browser.page.click("#listen");
    await browser.shows("words", "none");
    await vi.waitFor(() => expect(hub.last.messages.at(-1)).toEqual({ type: "unwatch", contactId: "c1" }), { timeout: 20_000 });
  });

  test("a change listener sees every change once, and not the first list.", async () => {
    await openLive();
    hub.last.send(change(1, [{ agentId: "a", status: "away" }]));
    await browser.shows("news", /^a missed away$/);
    hub.last.send(change(2, [{ agentId: "b", status: "ringing" }]));
    await browser.shows("news", /^a missed away,b on hold ringing$/);
  });

  test("a client that is made while rendering is named in the console, once.", async () => {
    await browser.open(`hub=${hub.url}&case=client-in-rendering`);
    await browser.shows("renderings", "true");
    expect(browser.problems.filter((text) => text.includes("Create the client once"))).toHaveLength(1);
  });
});

describe("With initial data,", () => {
  const onServer = () => {
    const client = createAgentClient({
      url: "https://hub.test",
      instanceId: "i",
      getTicket: () => "t",
      initialData: INITIAL_DATA,
    });
    return renderToString(<InitialBoard client={client} />);
  };

  test("a server renders the agents with their times, queues and alerts, and the browser takes over and resumes.", async () => {
    browser.rendered = onServer();
    const readings = [...browser.rendered.matchAll(/id="([a-z-]+)"(?:[^>]*)>([^<]*)</g)].map(([, name, text]) => [name, text]);
    expect(Object.fromEntries(readings)).toEqual({
      names: "a",
      status: "on a call",
      nobody: "undefined",
      seconds: "65",
      call: "70",
      queues: "Ventas 3",
      queue: "Ventas",
      contacts: "none",
      alerts: "call-long",
      connection: "idle",
    });
    const resumed = fakeAgent({ agentId: "a", status: "away", since: INITIAL_DATA.serverTime });
    hub.greeting = () => ({ type: "resumed", epoch: "e", from: 1, to: 2, serverTime: now, data: [resumed], removed: [] });
    await browser.open(`hub=${hub.url}&case=initial`);
    await browser.shows("status", "away");
    await browser.shows("connection", "live");
    await browser.shows("contacts", "loading");
    expect(await browser.text("queues")).toBe("Ventas 3");
    expect(hub.viewers).toHaveLength(1);
    expect(hub.last.path).toContain("epoch=e&seq=1");
    expect(browser.problems).toEqual([]);
  });
});

describe("The comparison shallow", () => {
  test.each([
    [[1, "a"], [1, "a"], true],
    [[1], [1, 2], false],
    [{ a: 1, b: Number.NaN }, { b: Number.NaN, a: 1 }, true],
    [{ a: undefined }, { b: undefined }, false],
    [[], {}, false],
    [null, {}, false],
    [{ a: {} }, { a: {} }, false],
    ["x", "x", true],
  ])("of %j and %j is %j.", (a, b, same) => {
    expect(shallow<unknown>(a, b)).toBe(same);
  });
});
