import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AcknowledgeAnswer, CenterAlertChange } from "../../../dashboard/client/contract.ts";
import { fakeAgent, fakeAlert } from "../../../dashboard/client/testing.ts";
import type { AlertPatch } from "../../../protocol/alert.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

let fixture: ClientFixture;
let seq: number;
let answers: AcknowledgeAnswer[];

const LIST: ServerMessage = {
  type: "initialAgentList",
  epoch: "e",
  seq: 1,
  serverTime: NOW,
  data: [fakeAgent({ agentId: "a" })],
  queues: [],
  alerts: [fakeAlert({ alertId: "x" }), fakeAlert({ alertId: "y" })],
};
const SEEN = { alertId: "x", acknowledgedBy: "Eva", acknowledgedAt: NOW };

beforeEach(async () => {
  fixture = await ClientFixture.start();
  fixture.hub.greeting = () => LIST;
  seq = 1;
  answers = [];
});
afterEach(() => fixture.stop());

function sendAlerts(data: AlertPatch[], removed: string[] = []): void {
  seq += 1;
  const alerts = { data, removed };
  fixture.hub.last.send({
    type: "agentStatusBatch",
    epoch: "e",
    from: seq - 1,
    to: seq,
    serverTime: NOW,
    data: [],
    removed: [],
    alerts,
  });
}
function acknowledge(alertId = "x"): void {
  void fixture.client.acknowledge(alertId).then((answer) => answers.push(answer));
}
const refused = (error: string, alertId = "x") => ({ alertId, status: "refused", error });
const asked = () => fixture.hub.last.messages;

describe("An acknowledgement", () => {
  test("CLI-3 An acknowledgement is done when the hub sends the alert with its time.", async () => {
    await fixture.live();
    acknowledge();
    acknowledge();
    await until(() => expect(asked()).toEqual([{ type: "acknowledge", alertId: "x" }]));
    sendAlerts([{ alertId: "y", value: 3 }]);
    await until(() => expect(fixture.client.alerts()).toContainEqual(fakeAlert({ alertId: "y", value: 3 })));
    expect(answers).toEqual([]);
    sendAlerts([SEEN]);
    const done = { alertId: "x", status: "acknowledged", error: null };
    await until(() => expect(answers).toEqual([done, done]));
    expect(fixture.client.alerts()).toContainEqual(fakeAlert(SEEN));
    expect(fixture.problems).toEqual([]);
  });

  test("is done at once when somebody has acknowledged the alert before, and asks nobody.", async () => {
    await fixture.live();
    sendAlerts([SEEN]);
    await until(() => expect(fixture.client.alerts()).toContainEqual(fakeAlert(SEEN)));
    acknowledge();
    await until(() => expect(answers).toMatchObject([{ status: "acknowledged" }]));
    expect(asked()).toEqual([]);
  });

  test("is asked for again when the alert has become more severe.", async () => {
    await fixture.live();
    sendAlerts([SEEN]);
    sendAlerts([{ alertId: "x", severity: "critical", acknowledgedBy: null, acknowledgedAt: null }]);
    await until(() => expect(fixture.client.alerts()[0]).toMatchObject({ alertId: "x", severity: "critical" }));
    acknowledge();
    await until(() => expect(asked()).toHaveLength(1));
  });

  test("says why the hub refuses it, and so does the error callback.", async () => {
    await fixture.live();
    acknowledge();
    fixture.hub.last.send({ type: "error", code: "not_allowed", message: "Not with your role.", alertId: "x" });
    await until(() => expect(answers).toEqual([refused("not_allowed")]));
    expect(fixture.problems).toMatchObject([
      { error: "not_allowed", alertId: "x", queueId: null, contactId: null, mistake: false },
    ]);
    acknowledge();
    await until(() => expect(asked()).toHaveLength(2));
  });

  test.each([
    ["is removed", () => sendAlerts([], ["x"])],
    ["is resolved", () => sendAlerts([{ alertId: "x", state: "resolved", resolvedAt: NOW }])],
  ])("is refused as gone when the alert %s meanwhile.", async (_, end) => {
    await fixture.live();
    acknowledge();
    end();
    await until(() => expect(answers).toEqual([refused("gone")]));
  });

  test("of an alert that is acknowledged and over in one frame is done.", async () => {
    await fixture.live();
    acknowledge();
    sendAlerts([{ ...SEEN, state: "resolved", resolvedAt: NOW }]);
    await until(() => expect(answers).toMatchObject([{ status: "acknowledged" }]));
  });

  test("of an unknown alert is refused as gone, and asks nobody.", async () => {
    await fixture.live();
    acknowledge("nothing");
    await until(() => expect(answers).toEqual([refused("gone", "nothing")]));
    expect(asked()).toEqual([]);
  });

  test("is refused with timeout after 15 s without an answer, and leaves no timer.", async () => {
    await fixture.live();
    const timers = fixture.clock.waitingTimers;
    acknowledge();
    fixture.clock.advance(15_000);
    await until(() => expect(answers).toEqual([refused("timeout")]));
    await until(() => expect(fixture.clock.waitingTimers).toBeLessThanOrEqual(timers + 1));
  });

  test("is asked for again on a new connection.", async () => {
    await fixture.live();
    acknowledge();
    await until(() => expect(asked()).toHaveLength(1));
    fixture.hub.last.socket.close(4412);
    await until(() => expect(fixture.client.connection().status).toBe("reconnecting"));
    acknowledge("y");
    fixture.hub.greeting = () => ({ type: "resumed", epoch: "e", from: 1, to: 1, serverTime: NOW, data: [], removed: [] });
    fixture.retry();
    await until(() => expect(fixture.hub.viewers).toHaveLength(2));
    await until(() =>
      expect(asked()).toEqual([
        { type: "acknowledge", alertId: "x" },
        { type: "acknowledge", alertId: "y" },
      ]),
    );
    sendAlerts([SEEN]);
    await until(() => expect(answers).toMatchObject([{ alertId: "x", status: "acknowledged" }]));
  });

  test.each([
    ["closed", () => fixture.client.close()],
    ["revoked", () => fixture.hub.last.socket.close(4503)],
  ])("is refused with %s when the connection has ended for good.", async (error, end) => {
    await fixture.live();
    acknowledge();
    end();
    await until(() => expect(answers).toEqual([refused(error)]));
    await until(() => expect(fixture.clock.waitingTimers).toBe(0));
  });

  test("is answered also during a pause, although the page still shows the alert as it was.", async () => {
    await fixture.live();
    fixture.client.pause();
    acknowledge();
    sendAlerts([SEEN]);
    await until(() => expect(answers).toMatchObject([{ status: "acknowledged" }]));
    expect(fixture.client.alerts()).toContainEqual(fakeAlert({ alertId: "x" }));
    fixture.client.resume();
    expect(fixture.client.alerts()).toContainEqual(fakeAlert(SEEN));
  });
});

test("A change of an alert is told once with before and after, and the first list is no change.", async () => {
  const changes: CenterAlertChange[] = [];
  const stop = fixture.client.onAlertChange((change) => changes.push(change));
  await fixture.live();
  expect(changes).toEqual([]);
  sendAlerts([{ alertId: "x", severity: "critical" }, fakeAlert({ alertId: "z" })], ["y"]);
  await until(() => expect(changes).toHaveLength(3));
  expect(changes.map(({ alertId, before, after }) => [alertId, before?.severity, after?.severity])).toEqual([
    ["x", "warning", "critical"],
    ["z", undefined, "warning"],
    ["y", "warning", undefined],
  ]);
  stop();
});
