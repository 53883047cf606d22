import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/agent-client.ts";
import type { AgentClientOptions, TicketRequest } from "../../../dashboard/client/contract.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

let fixture: ClientFixture;

beforeEach(async () => {
  fixture = await ClientFixture.start();
});
afterEach(async () => {
  await fixture.stop();
  vi.restoreAllMocks();
  vi.unstubAllGlobals();
});

describe("Wrong options throw a TypeError at once:", () => {
  const right: AgentClientOptions = { url: "https://hub.test", instanceId: "i", getTicket: async () => "t" };

  test.each<[string, object, RegExp]>([
    ["a missing url", { url: undefined }, /url must start with http/],
    ["a url with a path", { url: "https://hub.test/vigia" }, /url must .* have no path/],
    ["a url with a query", { url: "https://hub.test?a=1" }, /url must/],
    ["a url with a password", { url: "https://me:secret@hub.test" }, /^(?!.*secret).*url must/],
    ["an address of a socket", { url: "wss://hub.test" }, /url must/],
    ["a missing instanceId", { instanceId: undefined }, /instanceId must/],
    ["an empty instanceId", { instanceId: "" }, /instanceId must/],
    ["an instanceId that is a number", { instanceId: 7 }, /instanceId must/],
    ["an instanceId that a path ignores", { instanceId: ".." }, /instanceId must/],
    ["an instanceId of spaces", { instanceId: "  " }, /instanceId must/],
    ["a missing getTicket", { getTicket: undefined }, /getTicket must/],
    ["a ticket in the place of getTicket", { getTicket: "t" }, /getTicket must/],
    ["an onError that is no function", { onError: "log" }, /onError must/],
    ["an onAgentChange that is no function", { onAgentChange: "log" }, /onAgentChange must/],
    ["a WebSocket that is no class", { WebSocket: "ws" }, /WebSocket must/],
    ["a random that is no function", { random: 0.5 }, /random must/],
    ["initialData without a time", { initialData: { epoch: "e", seq: 1, data: [] } }, /initialData must/],
    ["initialData without a position", { initialData: { data: [] } }, /initialData must/],
    ["initialData as a text", { initialData: "{}" }, /initialData must/],
  ])("%s.", (_what, wrong, message) => {
    const options: AgentClientOptions = { ...right, ...wrong };
    expect(() => createAgentClient(options)).toThrow(TypeError);
    expect(() => createAgentClient(options)).toThrow(message);
  });

  test("nothing is wrong with an origin that ends with a slash, a port, and undefined for what is optional.", () => {
    const more = { onError: undefined, initialData: undefined, WebSocket: undefined, clock: undefined, random: undefined };
    for (const url of ["https://hub.test/", "http://127.0.0.1:8787", "http://[::1]:8787/", "HTTPS://Hub.Test"]) {
      expect(createAgentClient({ ...right, ...more, url }).connection().status).toBe("idle");
    }
  });
});

describe("A getTicket that never settles", () => {
  test("fails after 15 s, has its signal aborted and is asked again.", async () => {
    const requests: TicketRequest[] = [];
    fixture.create({
      getTicket: (request) => {
        requests.push(request);
        return requests.length === 1 ? new Promise(() => {}) : "t2";
      },
    });
    fixture.client.connect();
    fixture.clock.advance(14_999);
    expect(fixture.client.connection().status).toBe("connecting");
    fixture.clock.advance(1);
    expect(fixture.client.connection()).toMatchObject({
      status: "reconnecting",
      error: "ticket_failed",
      cause: expect.objectContaining({ message: "getTicket had no answer in time." }),
    });
    expect(requests[0]?.signal.aborted).toBe(true);
    fixture.retry();
    await until(() => expect(fixture.client.connection().status).toBe("live"));
  });

  test("is given up when the page wakes more than 3 s later.", async () => {
    const page = new EventTarget();
    vi.stubGlobal("window", page);
    vi.stubGlobal("document", new EventTarget());
    let calls = 0;
    fixture.create({
      getTicket: () => {
        calls += 1;
        return calls === 1 ? new Promise(() => {}) : "t2";
      },
    });
    fixture.client.connect();
    fixture.clock.advance(3_000);
    page.dispatchEvent(new Event("online"));
    expect(calls).toBe(1);
    fixture.clock.advance(1);
    page.dispatchEvent(new Event("online"));
    await until(() => expect(fixture.client.connection().status).toBe("live"));
    expect(calls).toBe(2);
  });

  test("has its signal aborted by close().", () => {
    let signal: AbortSignal | null = null;
    fixture.create({
      getTicket: (request) => {
        ({ signal } = request);
        return new Promise(() => {});
      },
    });
    fixture.client.connect();
    fixture.client.close();
    expect(signal).toMatchObject({ aborted: true });
    expect(fixture.clock.waitingTimers).toBe(0);
  });
});

describe("A getTicket with a mistake", () => {
  test.each<[string, unknown]>([
    ["an object", { ticket: "t", expiresAt: NOW }],
    ["nothing", undefined],
    ["null", null],
    ["an empty text", ""],
    ["the whole answer as text", '{"ticket":"t"}'],
  ])("that returns %s is asked once, and the client stops with ticket_invalid and a cause.", async (_what, returned) => {
    const getTicket = vi.fn<() => string>(() => JSON.parse(JSON.stringify({ returned })).returned);
    fixture.create({ getTicket });
    fixture.client.connect();
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "closed", error: "ticket_invalid" }));
    fixture.clock.advance(600_000);
    expect(getTicket).toHaveBeenCalledTimes(1);
    expect(fixture.clock.waitingTimers).toBe(0);
    expect(fixture.client.connection().cause).toBeInstanceOf(TypeError);
    expect(String(fixture.client.connection().cause)).toMatch(/getTicket must return/);
    expect(fixture.problems).toMatchObject([{ error: "ticket_invalid", willRetry: false, contactId: null }]);
  });

  test("has what it throws as the cause, and onError is called for each attempt.", async () => {
    const bug = new ReferenceError("token is not defined");
    fixture.create({
      getTicket: () => {
        throw bug;
      },
    });
    fixture.client.connect();
    await until(() => expect(fixture.client.connection()).toMatchObject({ error: "ticket_failed", cause: bug }));
    fixture.retry();
    await until(() => expect(fixture.problems).toHaveLength(2));
    expect(fixture.problems[1]).toEqual({
      error: "ticket_failed",
      cause: bug,
      willRetry: true,
      contactId: null,
      queueId: null,
      alertId: null,
      mistake: false,
    });
  });

  test("shows in the console once in a row of failures when there is no onError.", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    const bug = new ReferenceError("token is not defined");
    fixture.create({ getTicket: () => Promise.reject(bug), onError: undefined });
    fixture.client.connect();
    await until(() => expect(fixture.client.connection().attempt).toBe(1));
    fixture.retry();
    await until(() => expect(fixture.client.connection().attempt).toBe(2));
    expect(log.mock.calls).toEqual([["vigia:", "ticket_failed", bug]]);
  });

  test("shows nothing in the console when somebody has to sign in.", async () => {
    const log = vi.spyOn(console, "error").mockImplementation(() => {});
    fixture.create({ getTicket: () => Promise.reject({ status: 401 }), onError: undefined });
    fixture.client.connect();
    await until(() => expect(fixture.client.connection().status).toBe("unauthorized"));
    expect(log).not.toHaveBeenCalled();
  });
});

describe("A getTicket that gives one ticket again and again", () => {
  test("is told once as a mistake, with what to do.", async () => {
    fixture.create({ getTicket: () => "kept" });
    await fixture.live();
    fixture.hub.refuseWith = CLOSE.ticketExpired.code;
    fixture.hub.last.socket.terminate();
    for (let attempt = 1; attempt <= 4; attempt += 1) {
      await until(() => expect(fixture.problems).toHaveLength(attempt));
      fixture.retry();
    }
    await until(() => expect(fixture.problems).toHaveLength(5));
    const expired = fixture.problems.filter(({ error }) => error === "ticket_expired");
    expect(expired).toHaveLength(4);
    const mistakes = fixture.problems.filter(({ mistake }) => mistake);
    expect(mistakes).toHaveLength(1);
    expect(String(mistakes[0]?.cause)).toContain("getTicket must return a new ticket each time.");
    expect(mistakes[0]).toMatchObject({ error: "ticket_expired", willRetry: true });
  });

  test("is no mistake when the session of a good ticket ends, however often.", async () => {
    await fixture.live();
    for (let sessions = 2; sessions <= 4; sessions += 1) {
      fixture.hub.last.socket.close(CLOSE.ticketExpired.code);
      await until(() => expect(fixture.problems).toHaveLength(sessions - 1));
      fixture.retry();
      await until(() => expect(fixture.hub.viewers).toHaveLength(sessions));
      await until(() => expect(fixture.client.connection().status).toBe("live"));
    }
    expect(fixture.problems.map(({ mistake }) => mistake)).toEqual([false, false, false]);
  });
});

describe("The status of what getTicket throws", () => {
  test.each<[string, unknown]>([
    ["a Response", new Response(null, { status: 403 })],
    ["a plain object", { status: 401 }],
    ["an error with a response, as axios throws it", Object.assign(new Error("No."), { response: { status: 401 } })],
  ])("is read from %s.", async (_what, thrown) => {
    fixture.create({ getTicket: () => Promise.reject(thrown) });
    fixture.client.connect();
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "unauthorized", error: "ticket_refused" }));
    expect(fixture.client.connection().cause).toBe(thrown);
  });

  test("does not end the wait that retryAfterMs asks for, up to 5 minutes.", async () => {
    for (const [retryAfterMs, wait] of [
      [40_000, 40_000],
      [9e9, 300_000],
      [10, 250],
    ] as const) {
      fixture.create({ getTicket: () => Promise.reject({ status: 429, retryAfterMs }) });
      fixture.client.connect();
      await until(() => expect(fixture.client.connection().nextRetryAt).toBe(fixture.clock.now() + wait));
      fixture.client.close();
    }
  });
});

describe("The error callback", () => {
  test("gets the end of the connection with the code, and the hub's words about a message.", async () => {
    await fixture.live();
    fixture.hub.last.send({ type: "error", code: "unknown_message", message: "The message is unknown." });
    await until(() => expect(fixture.problems).toHaveLength(1));
    fixture.hub.last.socket.close(4412);
    await until(() => expect(fixture.problems).toHaveLength(2));
    expect(fixture.problems).toEqual([
      {
        error: "unknown_message",
        cause: expect.objectContaining({ message: "The message is unknown." }),
        willRetry: false,
        contactId: null,
        queueId: null,
        alertId: null,
        mistake: true,
      },
      {
        error: "restarting",
        cause: expect.objectContaining({ message: expect.stringContaining("4412") }),
        willRetry: true,
        contactId: null,
        queueId: null,
        alertId: null,
        mistake: false,
      },
    ]);
    expect(fixture.client.connection().cause).toBe(fixture.problems[1]?.cause);
  });

  test("that throws does not disturb the client. Its error is thrown separately.", async () => {
    const thrown: unknown[] = [];
    vi.stubGlobal("queueMicrotask", (task: () => void) => {
      try {
        task();
      } catch (error) {
        thrown.push(error);
      }
    });
    const bug = new Error("The tracker is down.");
    fixture.create({
      onError: () => {
        throw bug;
      },
    });
    await fixture.live();
    fixture.hub.last.socket.close(4412);
    await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
    expect(thrown).toEqual([bug]);
    fixture.retry();
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "live", error: null, cause: null }));
  });
});

describe("A refused watch", () => {
  test("TRA-8 shows which contact was refused and why, and the other one goes on loading.", async () => {
    await fixture.live();
    let calls = 0;
    fixture.client.watch("c1", () => {
      calls += 1;
    });
    fixture.client.watch("c2", () => {});
    await until(() => expect(fixture.hub.last.messages).toHaveLength(2));
    fixture.hub.last.send({ type: "error", code: "not_allowed", message: "Not among yours.", contactId: "c1" });
    await until(() => expect(fixture.client.transcript("c1")).toMatchObject({ status: "refused", error: "not_allowed" }));
    expect(fixture.client.transcript("c2").status).toBe("loading");
    expect(fixture.problems).toMatchObject([{ error: "not_allowed", contactId: "c1", willRetry: false }]);
    expect(calls).toBe(1);
  });

  test("is one of a client that has ended with an error: what is watched then, and what was before, is closed.", async () => {
    fixture.hub.refuseWith = CLOSE.tooManyViewers.code;
    fixture.client.watch("c1", () => {});
    fixture.client.watchQueue("q1", () => {});
    fixture.client.connect();
    await until(() => expect(fixture.client.connection()).toMatchObject({ status: "closed", error: "too_many_viewers" }));
    fixture.client.watch("c2", () => {});
    fixture.client.watchQueue("q2", () => {});
    for (const view of [fixture.client.transcript("c1"), fixture.client.transcript("c2")]) {
      expect(view).toMatchObject({ status: "refused", error: "closed" });
    }
    for (const view of [fixture.client.queueContacts("q1"), fixture.client.queueContacts("q2")]) {
      expect(view).toMatchObject({ status: "refused", error: "closed" });
    }
    fixture.hub.refuseWith = null;
    fixture.client.reconnect();
    await until(() => expect(fixture.hub.viewers.at(-1)?.messages).toHaveLength(2));
    fixture.hub.last.send({ type: "transcript", contactId: "c2", turns: [], complete: false });
    await until(() => expect(fixture.client.transcript("c2")).toMatchObject({ status: "live", error: null }));
  });

  test("is also one that begins after access was revoked, and not one of a client that the page has closed.", async () => {
    await fixture.live();
    fixture.client.close();
    fixture.client.watch("c1", () => {});
    expect(fixture.client.transcript("c1").status).toBe("loading");
    fixture.client.connect();
    await until(() => expect(fixture.client.connection().status).toBe("live"));
    fixture.hub.last.socket.close(CLOSE.revoked.code);
    await until(() => expect(fixture.client.transcript("c1")).toMatchObject({ status: "refused", error: "revoked" }));
    fixture.client.watch("c2", () => {});
    expect(fixture.client.transcript("c2")).toMatchObject({ status: "refused", error: "closed" });
  });

  test("by an older hub, which names no contact, ends with timeout after 15 s.", async () => {
    await fixture.live();
    fixture.client.watch("c1", () => {});
    await until(() => expect(fixture.hub.last.messages).toHaveLength(1));
    fixture.hub.last.send({ type: "error", code: "not_allowed", message: "Not among yours." });
    await until(() => expect(fixture.problems).toHaveLength(1));
    expect(fixture.client.transcript("c1").status).toBe("loading");
    fixture.clock.advance(15_000);
    expect(fixture.client.transcript("c1")).toMatchObject({ status: "refused", error: "timeout" });
  });
});
