import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fakeAgent, fakeQueue } from "../../../dashboard/client/testing.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import type { WaitingContact } from "../../../protocol/queue.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

let fixture: ClientFixture;

const contact = (contactId: string): WaitingContact => ({
  contactId,
  channel: "voice",
  since: NOW,
  ringingAt: null,
  callback: false,
});
const LIST: ServerMessage = {
  type: "initialAgentList",
  epoch: "e",
  seq: 1,
  serverTime: NOW,
  data: [fakeAgent({ agentId: "a" })],
  queues: [fakeQueue({ queueId: "q", waiting: 1 })],
  alerts: [],
};
const quarter = { from: NOW, queued: 4, answered: 2, abandoned: 1, callbacks: 1, withinTarget: 2 };

beforeEach(async () => {
  fixture = await ClientFixture.start();
  fixture.hub.greeting = () => LIST;
});
afterEach(() => fixture.stop());

/** Watches a queue, and returns the number of calls of the listener. */
function watch(queueId: string): { calls: number; stop: () => void } {
  const watched = { calls: 0, stop: () => {} };
  watched.stop = fixture.client.watchQueue(queueId, () => {
    watched.calls += 1;
  });
  return watched;
}
function sendContacts(...ids: string[]): void {
  fixture.hub.last.send({ type: "queueContacts", queueId: "q", contacts: ids.map(contact) });
}
const waiting = () => fixture.client.queueContacts("q").contacts.map(({ contactId }) => contactId);
const asked = () => fixture.hub.last.messages;

describe("The waiting contacts of a queue", () => {
  test("are asked for while somebody listens, come as they are, and end with the last listener.", async () => {
    await fixture.live();
    const loading = fixture.client.queueContacts("q");
    expect(loading).toEqual({ queueId: "q", status: "loading", error: null, contacts: [], quarters: [] });
    const first = watch("q");
    const second = watch("q");
    await until(() => expect(asked()).toEqual([{ type: "watchQueue", queueId: "q" }]));
    fixture.hub.last.send({ type: "queueContacts", queueId: "q", contacts: [contact("c"), contact("d")], quarters: [quarter] });
    await until(() => expect(waiting()).toEqual(["c", "d"]));
    sendContacts("d");
    await until(() => expect(waiting()).toEqual(["d"]));
    expect(fixture.client.queueContacts("q")).toMatchObject({ status: "live", error: null, quarters: [quarter] });
    expect(fixture.client.queueContacts("q")).toBe(fixture.client.queueContacts("q"));
    expect([first.calls, second.calls]).toEqual([2, 2]);
    first.stop();
    second.stop();
    second.stop();
    await until(() => expect(asked().slice(1)).toEqual([{ type: "unwatchQueue", queueId: "q" }]));
    expect(waiting()).toEqual([]);
  });

  test("are asked for again on a new connection, and stay meanwhile.", async () => {
    watch("q");
    await fixture.live();
    await until(() => expect(asked()).toEqual([{ type: "watchQueue", queueId: "q" }]));
    sendContacts("c");
    await until(() => expect(waiting()).toEqual(["c"]));
    fixture.hub.last.socket.close(4412);
    await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
    expect(waiting()).toEqual(["c"]);
    fixture.retry();
    await until(() => expect(fixture.hub.viewers).toHaveLength(2));
    await until(() => expect(asked()).toEqual([{ type: "watchQueue", queueId: "q" }]));
  });

  test("are refused with the hub's word, which the error callback gets with the queue, and are live again later.", async () => {
    watch("q");
    await fixture.live();
    fixture.hub.last.send({ type: "error", code: "not_allowed", message: "Not among yours.", queueId: "q" });
    await until(() => expect(fixture.client.queueContacts("q")).toMatchObject({ status: "refused", error: "not_allowed" }));
    expect(fixture.problems).toMatchObject([
      { error: "not_allowed", queueId: "q", contactId: null, alertId: null, mistake: false },
    ]);
    sendContacts("c");
    await until(() => expect(fixture.client.queueContacts("q")).toMatchObject({ status: "live", error: null }));
  });

  test("are refused with timeout when no answer comes within 15 s.", async () => {
    await fixture.live();
    watch("q");
    fixture.clock.advance(14_999);
    expect(fixture.client.queueContacts("q").status).toBe("loading");
    fixture.clock.advance(1);
    expect(fixture.client.queueContacts("q")).toMatchObject({ status: "refused", error: "timeout" });
  });

  test("wait for no answer of a connection that has ended.", async () => {
    await fixture.live();
    watch("q");
    fixture.hub.last.socket.close(4412);
    await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
    expect(fixture.clock.waitingTimers).toBe(1);
    expect(fixture.client.queueContacts("q").status).toBe("loading");
  });

  test("are forgotten when access ends.", async () => {
    watch("q");
    await fixture.live();
    sendContacts("c");
    await until(() => expect(waiting()).toEqual(["c"]));
    fixture.hub.last.socket.close(4503);
    await until(() =>
      expect(fixture.client.queueContacts("q")).toMatchObject({ status: "refused", error: "revoked", contacts: [] }),
    );
    expect(fixture.client.queues()).toEqual([]);
    expect(fixture.clock.waitingTimers).toBe(0);
  });

  test("CLI-4 The waiting contacts stand still during a pause, but a queue that is opened in it comes.", async () => {
    watch("q");
    await fixture.live();
    sendContacts("c");
    await until(() => expect(waiting()).toEqual(["c"]));
    fixture.client.pause();
    watch("other");
    sendContacts("c", "d");
    sendContacts("d");
    fixture.hub.last.send({ type: "queueContacts", queueId: "other", contacts: [contact("o")] });
    await until(() => expect(fixture.client.queueContacts("other").status).toBe("live"));
    expect(waiting()).toEqual(["c"]);
    fixture.client.resume();
    expect(waiting()).toEqual(["d"]);
  });

  test("CLI-4 The last hours that came in a pause are shown after it, also when a later frame has none.", async () => {
    watch("q");
    await fixture.live();
    sendContacts("c");
    await until(() => expect(waiting()).toEqual(["c"]));
    fixture.client.pause();
    watch("other");
    fixture.hub.last.send({ type: "queueContacts", queueId: "q", contacts: [], quarters: [quarter] });
    sendContacts("d");
    fixture.hub.last.send({ type: "queueContacts", queueId: "other", contacts: [contact("o")] });
    await until(() => expect(fixture.client.queueContacts("other").status).toBe("live"));
    fixture.client.resume();
    expect([waiting(), fixture.client.queueContacts("q").quarters]).toEqual([["d"], [quarter]]);
  });

  test("that were refused during a pause stay refused after it.", async () => {
    watch("q");
    await fixture.live();
    sendContacts("c");
    await until(() => expect(waiting()).toEqual(["c"]));
    fixture.client.pause();
    sendContacts("d");
    fixture.hub.last.send({ type: "error", code: "not_allowed", message: "No.", queueId: "q" });
    await until(() => expect(fixture.client.queueContacts("q").status).toBe("refused"));
    fixture.client.resume();
    expect(fixture.client.queueContacts("q").status).toBe("refused");
  });
});

describe("A hub that knows no queues", () => {
  const OLD: ServerMessage = { type: "initialAgentList", epoch: "e", seq: 1, serverTime: NOW, data: [] };

  test("CLI-2 An older hub is never asked for waiting contacts, and the page learns why they do not come.", async () => {
    fixture.hub.greeting = () => OLD;
    const before = watch("q");
    await fixture.live();
    const later = watch("r");
    for (const id of ["q", "r"]) {
      expect(fixture.client.queueContacts(id)).toMatchObject({ status: "refused", error: "old_hub" });
    }
    before.stop();
    later.stop();
    fixture.client.watch("c", () => {});
    await until(() => expect(asked()).toEqual([{ type: "watch", contactId: "c" }]));
    expect([fixture.client.queues(), fixture.client.alerts()]).toEqual([[], []]);
  });

  test("is asked as soon as it sends queues.", async () => {
    fixture.hub.greeting = () => OLD;
    watch("q");
    await fixture.live();
    const queues = { data: [fakeQueue({ queueId: "q" })], removed: [] };
    fixture.hub.last.send({
      type: "agentStatusBatch",
      epoch: "e",
      from: 1,
      to: 2,
      serverTime: NOW,
      data: [],
      removed: [],
      queues,
    });
    await until(() => expect(asked()).toEqual([{ type: "watchQueue", queueId: "q" }]));
  });

  test("is asked after its update, when the client resumes.", async () => {
    fixture.hub.greeting = () => OLD;
    watch("q");
    await fixture.live();
    const queues = { data: [fakeQueue({ queueId: "q" })], removed: [] };
    fixture.hub.greeting = () => ({
      type: "resumed",
      epoch: "e",
      from: 1,
      to: 2,
      serverTime: NOW,
      data: [],
      removed: [],
      queues,
    });
    fixture.client.reconnect();
    await until(() => expect(fixture.hub.viewers).toHaveLength(2));
    await until(() => expect(asked()).toEqual([{ type: "watchQueue", queueId: "q" }]));
    expect(fixture.client.queue("q")?.queueId).toBe("q");
  });
});
