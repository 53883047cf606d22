import { env } from "cloudflare:workers";
import { afterEach, describe, expect, it, vi } from "vitest";
import { importSecrets, sign } from "../../../protocol/signature.ts";
import app from "../../../worker/index.ts";
import { call, freshInstance, post, posted, SECRET, ticket } from "../support.ts";
import { agentState } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

afterEach(() => {
  vi.restoreAllMocks();
});

/** The answer's status, its body and whether it says when to try again. */
async function refusalOf(answer: Response): Promise<unknown> {
  return [answer.status, await answer.json(), answer.headers.get("Retry-After")];
}

/** Signs a post and sends it to the Worker with another environment. */
async function postWith(changes: object, path = "updates"): Promise<Response> {
  const body = JSON.stringify({ updates: [agentState("a1")] });
  const signature = await sign(await importSecrets(SECRET), "p1", Math.floor(Date.now() / 1000), body);
  const headers = { "Content-Type": "application/json", ...signature };
  return app.request(`/v1/instances/${freshInstance()}/${path}`, { method: "POST", headers, body }, { ...env, ...changes });
}

describe("A hub that is busy", () => {
  it.each(["updates", "revocations"])(
    "ING-10 A post to %s above the limit gets 429 with Retry-After, for its instance.",
    async (path) => {
      const keys: string[] = [];
      const limit = async ({ key }: { key: string }) => ({ success: keys.push(key) === 0 });
      const answer = await postWith({ POST_LIMIT: { limit } }, path);
      expect(await refusalOf(answer)).toMatchObject([429, { error: "too_many_requests" }, "1"]);
      expect(keys).toEqual([expect.stringMatching(/^test-\d+$/)]);
    },
  );

  it("ING-10 A post gets 503 with Retry-After when the object restarts, and the log does not quote the error.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const restarting = {
      getByName() {
        throw new RangeError("the words of a caller");
      },
    };
    const answer = await postWith({ CONTACT_CENTER: restarting });
    expect(await refusalOf(answer)).toMatchObject([503, { error: "unavailable" }, "1"]);
    const logged = lines.mock.calls.flat().map((line) => JSON.parse(String(line)));
    expect(logged).toEqual([{ event: "failed", name: "RangeError", where: expect.stringMatching(/^at /) }]);
  });
});

describe("Posts without a valid signature", () => {
  const limited = { limit: async ({ key }: { key: string }) => ({ success: key !== "203.0.113.9" }) };
  const unsigned = (instance: string, address: string, changes: object = { STRANGER_LIMIT: limited }) => {
    const headers = { "Content-Type": "application/json", "CF-Connecting-IP": address };
    return app.request(`/v1/instances/${instance}/updates`, { method: "POST", headers, body: "{}" }, { ...env, ...changes });
  };

  it("SIG-7 An address that sends too many of them gets 429 with Retry-After, known instance or not.", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    for (const instance of [freshInstance(), "made-up"]) {
      expect((await unsigned(instance, "203.0.113.8")).status).toBe(401);
      expect(await refusalOf(await unsigned(instance, "203.0.113.9"))).toMatchObject([429, { error: "too_many_requests" }, "1"]);
    }
  });

  it("SIG-7 The signed posts of the same address are accepted.", async () => {
    const body = JSON.stringify({ updates: [agentState("a1")] });
    const signature = await sign(await importSecrets(SECRET), "p1", Math.floor(Date.now() / 1000), body);
    const headers = { "Content-Type": "application/json", "CF-Connecting-IP": "203.0.113.9", ...signature };
    const changed = { ...env, STRANGER_LIMIT: limited };
    const answer = await app.request(`/v1/instances/${freshInstance()}/updates`, { method: "POST", headers, body }, changed);
    expect(answer.status).toBe(200);
  });

  it("SIG-7 The hub's own limit counts 100 a minute.", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const statuses = [];
    // The limit counts by the minute of the clock, so these are more than two minutes allow.
    for (let times = 0; times < 205; times += 1) statuses.push((await unsigned("made-up", "203.0.113.7", {})).status);
    expect(statuses.slice(0, 50)).toEqual(Array(50).fill(401));
    expect(statuses).toContain(429);
  });
});

describe("A request in local mode", () => {
  const ask = (body: string, instance = freshInstance()) => call(`/v1/instances/${instance}/tickets`, { method: "POST", body });

  it.each([
    ["an empty subject", { subject: "" }],
    ["a subject of 257 characters", { subject: "s".repeat(257) }],
    ["65 groups", { groups: Array(65).fill("g") }],
    ["a group of 257 characters", { groups: ["g".repeat(257)] }],
    ["more than 16 KiB", { groups: [], more: "x".repeat(16 * 1024) }],
  ])("SES-3 An identity with %s gets 400.", async (_, identity) => {
    expect(await refusalOf(await ask(JSON.stringify(identity)))).toMatchObject([400, { error: "invalid_identity" }, null]);
  });

  it("SES-3 An identity that is not JSON gets 400.", async () => {
    expect((await ask("{")).status).toBe(400);
  });

  it("SES-3 An identity at each limit gets a ticket that no cache may keep.", async () => {
    const answer = await ask(JSON.stringify({ subject: "s".repeat(256), groups: Array(64).fill("g") }));
    expect([answer.status, answer.headers.get("Cache-Control")]).toEqual([200, "no-store"]);
  });

  it("SES-3 A request without a body gets a ticket for the subject local, without a group filter.", async () => {
    const { ticket: token } = await (await ask("")).json<{ ticket: string }>();
    const claims = JSON.parse(atob((token.split(".")[1] ?? "").replaceAll("-", "+").replaceAll("_", "/")));
    expect(claims.sub).toBe("local");
    expect(claims).not.toHaveProperty("groups");
    expect(claims.end).toBeGreaterThan(Date.now() / 1000 + 3500);
    expect(claims.end).toBeLessThanOrEqual(Date.now() / 1000 + 3600);
  });

  it("SES-3 Local tickets have no limit, because only this machine can ask for them.", async () => {
    const full = { ...env, TICKET_LIMIT: { limit: async () => ({ success: false }) } };
    const path = `/v1/instances/${freshInstance()}/tickets`;
    expect((await app.request(path, { method: "POST" }, full)).status).toBe(200);
  });

  it("SES-3 An instance that does not exist gets 403.", async () => {
    expect(await refusalOf(await ask("", "made-up"))).toEqual([403, { error: "not_allowed" }, null]);
  });
});

describe("A request for a socket", () => {
  const open = (instance: string, query: string, headers: Record<string, string>) =>
    call(`/v1/instances/${instance}/live${query}`, { headers: { Upgrade: "websocket", ...headers } });
  const viewerOf = (answer: Response) => {
    if (answer.webSocket === null) throw new Error(`The hub answered ${answer.status} without a socket.`);
    return new TestViewer(answer.webSocket);
  };

  it.each([
    [{}, null],
    [{ "Sec-WebSocket-Protocol": "hub.v1" }, "hub.v1"],
  ])("SES-7 A socket without a ticket is opened and closed with 4500 (%j).", async (headers, protocol) => {
    const answer = await open(freshInstance(), "", headers);
    expect(answer.headers.get("Sec-WebSocket-Protocol")).toBe(protocol);
    const viewer = viewerOf(answer);
    await viewer.until((each) => each.closed !== null, "a close");
    expect(viewer.closed?.code).toBe(4500);
  });

  it("SES-5 The hub finds hub.v1 and the ticket among other subprotocols, and the upgrade in any case.", async () => {
    const instance = freshInstance();
    const offered = `mqtt,ticket.${await ticket(instance)}, hub.v1`;
    const answer = await open(instance, "", { Upgrade: "WebSocket", "Sec-WebSocket-Protocol": offered });
    expect(answer.headers.get("Sec-WebSocket-Protocol")).toBe("hub.v1");
    const viewer = viewerOf(answer);
    await viewer.until((each) => each.frames.length === 1, "the list");
    viewer.close();
  });

  it("SES-5 A client of today may pass its ticket in the address.", async () => {
    const instance = freshInstance();
    const viewer = viewerOf(await open(instance, `?ticket=${await ticket(instance)}`, { "Sec-WebSocket-Protocol": "hub.v1" }));
    await viewer.until((each) => each.frames.length === 1, "the list");
    viewer.close();
  });

  it.each(["?epoch=EPOCH", "?seq=1", "?epoch=&seq=1", "?epoch=EPOCH&seq=-1", "?epoch=EPOCH&seq=one", "?epoch=EPOCH&seq=1.0"])(
    "SEQ-6 A viewer with the position %s gets the whole list.",
    async (query) => {
      const instance = freshInstance();
      const { epoch } = await posted(instance, agentState("a1"));
      const offered = `hub.v1, ticket.${await ticket(instance)}`;
      const viewer = viewerOf(await open(instance, query.replace("EPOCH", epoch), { "Sec-WebSocket-Protocol": offered }));
      await viewer.until((each) => each.frames.length === 1, "the list");
      expect(viewer.frames[0]?.type).toBe("initialAgentList");
      viewer.close();
    },
  );

  it("SES-5 A request without an upgrade is told to send one.", async () => {
    const answer = await call(`/v1/instances/${freshInstance()}/live`);
    expect(await refusalOf(answer)).toMatchObject([426, { error: "upgrade_required" }, null]);
    expect(answer.headers.get("Upgrade")).toBe("websocket");
  });
});

describe("The headers of an answer", () => {
  it("POL-2 The answer to a poll is private, differs by identity, and says so also when nothing has changed.", async () => {
    const instance = freshInstance();
    await posted(instance, agentState("a1"));
    const poll = async (headers: Record<string, string>) =>
      call(`/v1/instances/${instance}/agents`, { headers: { Authorization: `Bearer ${await ticket(instance)}`, ...headers } });
    const whole = await poll({});
    expect(whole.headers.get("Content-Type")).toBe("application/json");
    const same = await poll({ "If-None-Match": whole.headers.get("ETag") ?? "" });
    expect([same.status, await same.text()]).toEqual([304, ""]);
    for (const { headers } of [whole, same]) {
      expect([headers.get("Cache-Control"), headers.get("Vary")]).toEqual(["private, no-cache", "Authorization, Origin"]);
      expect(headers.get("ETag")).toBe(whole.headers.get("ETag"));
    }
  });

  it.each([
    ["POST", "tickets", "Bearer"],
    ["GET", "agents", "Bearer"],
    ["GET", "metrics", "Bearer"],
    ["POST", "updates", "StandardWebhooks"],
    ["POST", "revocations", "StandardWebhooks"],
  ])("SES-1 SIG-4 A 401 to %s %s says how to prove who one is.", async (method, path, scheme) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const headers = { "Content-Type": "application/json", Via: "1.1 proxy" };
    const answer = await call(`/v1/instances/${freshInstance()}/${path}`, { method, headers });
    expect([answer.status, answer.headers.get("WWW-Authenticate")]).toEqual([401, `${scheme} realm="vigia"`]);
  });

  it("SES-6 A page of an allowed origin may read the ETag and Retry-After, and its browser keeps the permission for a day.", async () => {
    const path = `/v1/instances/${freshInstance()}/agents`;
    const headers = { Origin: "https://embedding.example", "Access-Control-Request-Method": "GET" };
    const preflight = await call(path, { method: "OPTIONS", headers });
    expect(preflight.headers.get("Access-Control-Max-Age")).toBe("86400");
    expect(preflight.headers.get("Access-Control-Allow-Methods")).toBe("GET,POST,PUT,DELETE");
    expect(preflight.headers.get("Access-Control-Allow-Headers")).toBe("Authorization,Content-Type,If-None-Match");
    const answer = await call(path, { headers });
    expect(answer.status).toBe(401);
    expect(answer.headers.get("Access-Control-Allow-Origin")).toBe("https://embedding.example");
    expect(answer.headers.get("Access-Control-Expose-Headers")).toBe("ETag,Retry-After,WWW-Authenticate");
  });

  it.each([
    ["updates", "POST"],
    ["revocations", "POST"],
    ["tickets", "POST"],
    ["live", "GET"],
    ["agents", "GET"],
    ["queues", "GET"],
    ["history", "GET"],
    ["alerts", "GET"],
    ["audit", "GET"],
    ["agents/a1/day", "GET"],
    ["rules", "GET, PUT"],
    ["metrics", "GET"],
  ])("ING-10 Another method at %s gets 405, and the answer allows %s.", async (path, allowed) => {
    const answer = await call(`/v1/instances/${freshInstance()}/${path}`, { method: "PATCH" });
    expect([answer.status, answer.headers.get("Allow")]).toEqual([405, allowed]);
    expect(await answer.json()).toEqual({ error: "method_not_allowed", message: `Use ${allowed}.` });
  });

  it.each(["/healthz", "/readyz"])("OPS-1 %s answers 405 to a POST.", async (path) => {
    expect((await call(path, { method: "POST" })).status).toBe(405);
  });
});

describe("The metrics", () => {
  const bearer = { headers: { Authorization: "Bearer metrics-token-for-tests" } };

  it("OPS-2 Without METRICS_TOKEN there are no metrics.", async () => {
    const answer = await app.request(`/v1/instances/${freshInstance()}/metrics`, bearer, { ...env, METRICS_TOKEN: "" });
    expect(await refusalOf(answer)).toEqual([404, { error: "not_found" }, null]);
  });

  it("OPS-2 The metrics of an instance that does not exist get 401.", async () => {
    expect((await call("/v1/instances/made-up/metrics", bearer)).status).toBe(401);
  });

  it("OPS-2 The metrics are Prometheus text, and count each refused post once.", async () => {
    const instance = freshInstance();
    for (let times = 0; times < 2; times += 1) await post(instance, [], { body: "{" });
    await posted(instance, agentState("a1"));
    await posted(instance, agentState("a2"));
    const answer = await call(`/v1/instances/${instance}/metrics`, bearer);
    expect(answer.headers.get("Content-Type")).toBe("text/plain; version=0.0.4; charset=utf-8");
    expect(await answer.text()).toContain('vigia_updates_total{outcome="refused"} 2\n');
  });
});

describe("A revocation by post", () => {
  const revoke = (instance: string, subject: unknown) =>
    post(instance, [], { path: "revocations", body: JSON.stringify({ subject }) });

  it("SES-14 The answer says how many sockets were closed.", async () => {
    const instance = freshInstance();
    const viewers = [await TestViewer.open(instance, { subject: "eve" }), await TestViewer.open(instance, { subject: "eve" })];
    const answer = await revoke(instance, "eve");
    expect([answer.status, await answer.json()]).toEqual([200, { closed: 2 }]);
    for (const viewer of viewers) await viewer.until((each) => each.closed?.code === 4503, "a close");
  });

  it("SES-14 A subject has 1 to 256 characters.", async () => {
    const instance = freshInstance();
    expect((await revoke(instance, "s".repeat(256))).status).toBe(200);
    for (const subject of ["", "s".repeat(257), 7, null]) {
      expect(await refusalOf(await revoke(instance, subject))).toMatchObject([
        400,
        { error: "invalid_revocation", path: "subject" },
        null,
      ]);
    }
  });
});
