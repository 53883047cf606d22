import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import type { ConnectContact, ConnectRoster } from "../../../local/aws/connect-roster.ts";
import { type LocalS3, startS3 } from "../../../local/aws/s3.ts";
import { startSecrets } from "../../../local/aws/secrets.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.alloc(32, 9).toString("base64")}`;
const BUCKET = "vigia-action-ids";

const held = (contactId: string, state: ConnectContact["state"], more: Partial<ConnectContact> = {}): ConnectContact => ({
  ...{ contactId, channel: "VOICE", initiationMethod: "INBOUND", state, since: 1, connectedAt: 1, queueId: "q1" },
  ...more,
});
const ROSTER: ConnectRoster = {
  instanceId: INSTANCE,
  statuses: [
    { id: "s-available", name: "Available", type: "ROUTABLE" },
    { id: "s-lunch", name: "Almuerzo", type: "CUSTOM" },
  ],
  routingProfiles: [],
  users: [
    {
      ...{ id: "a1", username: "ana.lopez", firstName: "Ana", lastName: "López", routingProfileId: "p1" },
      presence: {
        statusId: "s-available",
        since: 1,
        contacts: [
          held("talk", "CONNECTED"),
          held("missed", "MISSED"),
          held("sent", "CONNECTED", { initiationMethod: "TRANSFER" }),
        ],
      },
    },
    { id: "gone", username: "gone", firstName: "G", lastName: "G", routingProfileId: "p1", presence: null },
    { id: "sup", username: "Eva@Example.com", firstName: "Eva", lastName: "Ruiz", routingProfileId: "p1", presence: null },
  ],
};

let connect: LocalConnect;
let s3: LocalS3;
let secrets: Awaited<ReturnType<typeof startSecrets>>;
let handler: (event: unknown) => Promise<{ statusCode: number; body: string }>;
const effects: string[] = [];

beforeAll(async () => {
  [connect, s3, secrets] = await Promise.all([
    startConnect({ roster: ROSTER, unlimited: true }),
    startS3({ buckets: [BUCKET] }),
    startSecrets({ "vigia/actions": SECRET }),
  ]);
  Object.assign(process.env, {
    ...{ INSTANCE_ID: INSTANCE, ACTIONS_SECRET_ID: "vigia/actions", ACTION_IDS_BUCKET: BUCKET, LOG_LEVEL: "SILENT" },
    ...{ AWS_REGION: "us-east-1", AWS_ACCESS_KEY_ID: "stand-in", AWS_SECRET_ACCESS_KEY: "stand-in" },
    AWS_ENDPOINT_URL_CONNECT: connect.url,
    AWS_ENDPOINT_URL_S3: s3.url,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: secrets.url,
  });
});
afterAll(async () => {
  await Promise.all([connect.close(), s3.close(), secrets.close()]);
});
beforeEach(async () => {
  vi.resetModules();
  ({ handler } = await import("../../../aws-ingest/handlers/actions.ts"));
  process.env["ACTIONS"] = "status free listen barge stop";
  effects.length = 0;
  connect.faults.clear();
  connect.denied.clear();
  connect.actions.openPanels.add("sup");
  connect.actions.enhancedMonitoring = true;
  connect.actions.monitors.length = 0;
  connect.actions.effects = {
    setStatus: (...parts) => void effects.push(["status", ...parts].join(" ")),
    clearContact: (...parts) => void effects.push(["clear", ...parts].join(" ")),
    stopContact: (...parts) => void effects.push(["stop", ...parts].join(" ")),
    ring: ({ supervisorId, contactId, mayBarge }) => void effects.push(`ring ${supervisorId} ${contactId} ${mayBarge}`),
  };
});

let ids = 0;
const ORDER = { instanceId: INSTANCE, agentId: "a1" };
const STATUS = { ...ORDER, action: "status", statusName: "Almuerzo" };
const LISTEN = { ...ORDER, action: "listen", contactId: "talk", usernames: ["eva@example.com"] };

interface Sent {
  id?: string;
  secret?: string;
  at?: number;
  body?: string;
  headers?: Record<string, string>;
}

/** A request to the function's address, signed by a library that is not ours. */
function request(order: object, { id = `msg-${++ids}`, secret = SECRET, at = Date.now(), body, headers }: Sent = {}) {
  const signedBody = JSON.stringify(order);
  const signature = new Webhook(secret).sign(id, new Date(at), signedBody);
  return {
    requestContext: { http: { method: "POST" } },
    headers: {
      "content-type": "application/json",
      "webhook-id": id,
      "webhook-timestamp": String(Math.floor(at / 1000)),
      "webhook-signature": signature,
      ...headers,
    },
    body: body ?? signedBody,
    isBase64Encoded: false,
  };
}

async function send(order: object, sent: Sent = {}) {
  const { statusCode, body } = await handler(request(order, sent));
  return { statusCode, ...JSON.parse(body) };
}

test.each([
  [STATUS, "status a1 Almuerzo"],
  [{ ...ORDER, action: "free", contactId: "missed" }, "clear a1 missed"],
  [{ ...ORDER, action: "stop", contactId: "talk" }, "stop talk"],
  [LISTEN, "ring sup talk false"],
  [{ ...LISTEN, action: "barge" }, "ring sup talk true"],
  [{ ...LISTEN, usernames: ["somebody", "EVA@example.com"] }, "ring sup talk false"],
])("An order %j is exactly one change in Amazon Connect.", async (order, effect) => {
  expect(await send(order)).toMatchObject({ statusCode: 200, ok: true, code: "done" });
  expect(effects).toEqual([effect]);
});

test.each([
  ["another secret", request(STATUS, { secret: `whsec_${Buffer.alloc(32, 8).toString("base64")}` })],
  ["an old time", request(STATUS, { at: Date.now() - 301_000 })],
  ["a time to come", request(STATUS, { at: Date.now() + 600_000 })],
  ["another body", request(STATUS, { body: JSON.stringify({ ...STATUS, agentId: "a2" }) })],
  ["another id", request(STATUS, { headers: { "webhook-id": "msg-other" } })],
  ["no signature", request(STATUS, { headers: { "webhook-signature": "" } })],
  ["a signature of another kind", request(STATUS, { headers: { "webhook-signature": "v1a,AAAA" } })],
])("An order with %s is refused before anything is read of it.", async (_, event) => {
  const { statusCode, body } = await handler(event);
  expect([statusCode, JSON.parse(body)]).toEqual([401, expect.objectContaining({ ok: false, code: "unauthorized" })]);
  expect([effects, s3.objects().filter(({ key }) => key.includes("msg-other"))]).toEqual([[], []]);
});

test("A repeated order is refused, also by another container, and the code says that its outcome is not known.", async () => {
  const event = request(STATUS, { id: "msg-twice" });
  await handler(event);
  for (let container = 0; container < 2; container += 1) {
    const { statusCode, body } = await handler(event);
    expect([statusCode, JSON.parse(body)]).toEqual([409, expect.objectContaining({ ok: false, code: "unknown" })]);
    vi.resetModules();
    ({ handler } = await import("../../../aws-ingest/handlers/actions.ts"));
  }
  const together = await Promise.all([1, 2, 3].map(() => handler(request(STATUS, { id: "msg-together" }))));
  expect(together.map(({ statusCode }) => statusCode).sort()).toEqual([200, 409, 409]);
  expect(effects).toEqual(["status a1 Almuerzo", "status a1 Almuerzo"]);
});

test.each([
  ["an action that is off", { ...STATUS, action: "stop", contactId: "talk" }, "status", 403, "switched_off"],
  ["another instance", { ...STATUS, instanceId: "b9d28041-0000-4000-8000-0000000000b2" }, "status", 400, "bad_order"],
  ["an unknown action", { ...STATUS, action: "whisper" }, "status", 400, "bad_order"],
  ["nothing that it needs", { ...ORDER, action: "listen", contactId: "talk" }, "listen", 400, "bad_order"],
])("An order of the hub with %s does nothing.", async (_, order, enabled, status, code) => {
  process.env["ACTIONS"] = enabled;
  expect(await send(order)).toMatchObject({ statusCode: status, ok: false, code });
  expect(effects).toEqual([]);
});

test.each([
  ["a status that there is not", { ...STATUS, statusName: "Siesta" }, "status_unknown"],
  ["an agent that there is not", { ...STATUS, agentId: "ghost" }, "agent_gone"],
  ["an agent who is signed out", { ...STATUS, agentId: "gone" }, "status_refused"],
  ["a contact that is not missed", { ...ORDER, action: "free", contactId: "talk" }, "free_refused"],
  ["a missed contact that is gone", { ...ORDER, action: "free", contactId: "other" }, "contact_moved_on"],
  ["a transferred call to end", { ...ORDER, action: "stop", contactId: "sent" }, "stop_refused"],
  ["a call that has ended", { ...ORDER, action: "stop", contactId: "other" }, "contact_moved_on"],
  ["a call to listen to that has ended", { ...LISTEN, contactId: "other" }, "contact_moved_on"],
  ["a supervisor whom Amazon Connect does not know", { ...LISTEN, usernames: ["eva"] }, "supervisor_unknown"],
  ["a supervisor without names", { ...LISTEN, usernames: [] }, "supervisor_unknown"],
])("An order about %s is answered with a code and a sentence.", async (_, order, code) => {
  expect(await send(order)).toMatchObject({ statusCode: 200, ok: false, code, message: expect.stringMatching(/\.$/) });
  expect(effects).toEqual([]);
});

test("ACT-9 A supervisor is told to open the control panel, and that enough people listen.", async () => {
  connect.actions.openPanels.clear();
  const closed = await send(LISTEN);
  expect([closed.code, closed.message]).toEqual(["listen_refused", expect.stringContaining("Open your control panel")]);
  connect.actions.openPanels.add("sup");
  connect.actions.enhancedMonitoring = false;
  expect((await send({ ...LISTEN, action: "barge" })).code).toBe("listen_refused");
  for (let count = 0; count < 5; count += 1) await send(LISTEN);
  expect((await send(LISTEN)).code).toBe("too_many_listeners");
});

test.each([
  ["ThrottlingException", 429, 9, "busy"],
  ["AccessDeniedException", 403, 1, "not_permitted"],
  ["InternalServiceException", 500, 1, "unknown"],
  ["IdempotencyException", 409, 1, "contact_moved_on"],
  ["SomethingNewException", 400, 1, "connect_refused"],
] as const)(
  "%s of the one call is %s… %s, and the call is not repeated unless it was throttled.",
  async (name, status, times, code) => {
    await send(STATUS);
    connect.faults.refuse(times, new ServiceError(status, name, "secret details of Amazon Connect"));
    const answer = await send(STATUS);
    expect(answer).toMatchObject({ statusCode: 200, ok: false, code });
    expect(answer.message).not.toContain("details");
    connect.faults.clear();
    expect(effects).toEqual(["status a1 Almuerzo"]);
  },
);

test("A throttled call is tried again, and a lost answer is not: nobody knows.", async () => {
  await send(STATUS);
  connect.faults.refuse(2, new ServiceError(429, "ThrottlingException", "Rate exceeded"));
  expect(await send(STATUS)).toMatchObject({ ok: true });
  connect.faults.cut(1);
  expect(await send(STATUS)).toMatchObject({ ok: false, code: "unknown" });
  expect(effects).toHaveLength(2);
});

test("Names are looked up once for many orders, and again when their id is gone.", async () => {
  const asked = (operation: string) => connect.operations().filter((name) => name === operation).length;
  const before = [asked("SearchUsers"), asked("ListAgentStatuses")];
  for (let count = 0; count < 3; count += 1) {
    await send(LISTEN);
    await send(STATUS);
  }
  const after = [asked("SearchUsers"), asked("ListAgentStatuses")];
  expect(after.map((count, index) => count - (before[index] ?? 0))).toEqual([1, 1]);
  await send({ ...STATUS, agentId: "ghost" });
  await send(STATUS);
  expect(asked("ListAgentStatuses")).toBe((after[1] ?? 0) + 1);
});

test("Without an answer of its lists, or a memory for ids, nothing is done.", async () => {
  connect.denied.add("SearchUsers");
  expect(await send(LISTEN)).toMatchObject({ ok: false, code: "not_permitted" });
  connect.faults.refuse(9, new ServiceError(500, "InternalServiceException", "no"));
  expect(await send(STATUS)).toMatchObject({ ok: false, code: "connect_unavailable" });
  connect.faults.clear();
  connect.faults.refuse(9, new ServiceError(429, "TooManyRequestsException", "no"));
  expect(await send(STATUS)).toMatchObject({ ok: false, code: "busy" });
  connect.faults.clear();
  connect.faults.refuse(9, new ServiceError(400, "InvalidParameterException", "no"));
  expect(await send(STATUS)).toMatchObject({ ok: false, code: "connect_refused" });
  connect.faults.clear();
  s3.faults.refuse(1, new ServiceError(503, "SlowDown", "no"));
  expect(await send(STATUS)).toMatchObject({ ok: false, code: "connect_unavailable" });
  expect(effects).toEqual([]);
});

test("Refusals and outcomes are counted, because an alarm watches them.", async () => {
  const metrics = await emittedMetrics(async () => {
    await handler(request(STATUS, { at: 0 }));
    await send(STATUS);
    await send({ ...STATUS, statusName: "Siesta" });
  });
  expect(metrics).toMatchObject({ ActionsRefused: 1, ActionsDone: 1, ActionsFailed: 1 });
});
