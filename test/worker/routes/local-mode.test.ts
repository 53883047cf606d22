import { decodeJwt } from "jose";
import { describe, expect, it, vi } from "vitest";
import { isLoopback, strangerReason } from "../../../worker/auth/loopback.ts";
import { call, freshInstance, ticket } from "../support.ts";
import { openSocket } from "../viewer.ts";

const ask = (headers: Record<string, string> = {}, body = "", origin = "http://localhost:8787") =>
  call(`/v1/instances/${freshInstance()}/tickets`, { method: "POST", headers, body }, origin);

it.each(["localhost", "app.localhost", "[::1]", "127.0.0.1", "127.12.250.3"])("SES-3 %s is a loopback name.", (hostname) => {
  expect(isLoopback(hostname)).toBe(true);
});

it.each(["example.com", "notlocalhost", "localhost.example", "127.0.0.1.example", "1127.0.0.1", "128.0.0.1", "[::2]", "127.0.0"])(
  "SES-3 %s is no loopback name.",
  (hostname) => {
    expect(isLoopback(hostname)).toBe(false);
  },
);

describe("Local mode behind a proxy", () => {
  it.each([
    ["Forwarded", "for=203.0.113.9"],
    ["X-Forwarded-For", "203.0.113.9"],
    ["X-Forwarded-For", "127.0.0.1"],
    ["X-Forwarded-Host", "board.example.com"],
    ["X-Forwarded-Proto", "https"],
    ["X-Forwarded-Anything", ""],
    ["X-Forwarded", "1"],
    ["Via", "1.1 proxy"],
    ["X-Real-IP", "203.0.113.9"],
    ["X-Client-IP", "203.0.113.9"],
    ["X-Cluster-Client-IP", "203.0.113.9"],
    ["X-Original-Host", "board.example.com"],
    ["X-ProxyUser-Ip", "203.0.113.9"],
    ["X-Envoy-External-Address", "203.0.113.9"],
    ["X-Amzn-Trace-Id", "Root=1-67891233-abcdef012345678912345678"],
    ["True-Client-IP", "203.0.113.9"],
    ["Fly-Client-IP", "203.0.113.9"],
    ["CDN-Loop", "cloudflare"],
    ["Tailscale-User-Login", "ana@example.com"],
    ["CF-Connecting-IP", "203.0.113.9"],
    ["CF-Connecting-IP", "2001:db8::1"],
    ["CF-Connecting-IP", ""],
    ["Origin", "https://board.example.com"],
    ["Origin", "null"],
  ])("LOC-1 A request with %s: %s gets no ticket without an identity.", async (name, value) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const answer = await ask({ [name]: value });
    expect([answer.status, await answer.json()]).toEqual([401, { error: "unauthorized" }]);
  });

  it("LOC-1 The log says why a request was not taken for one of this machine.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    await ask({ Via: "1.1 proxy" });
    await ask({ Origin: "https://board.example.com" });
    await ask({}, "", "http://board.example.com");
    const logged = lines.mock.calls.map(([line]) => JSON.parse(String(line)));
    expect(logged.map(({ event, reason, local }) => [event, reason, local])).toEqual([
      ["identity_refused", "no_token", "came_through_proxy"],
      ["identity_refused", "no_token", "foreign_origin"],
      ["identity_refused", "no_token", "other_host"],
    ]);
    lines.mockRestore();
  });

  it.each([
    {},
    { "CF-Connecting-IP": "127.0.0.1" },
    { "CF-Connecting-IP": "::1" },
    { "CF-Connecting-IP": "::ffff:127.0.0.1" },
    { Origin: "http://localhost:5173" },
    { "X-Request-Id": "7", "X-Requested-With": "fetch", Referer: "http://localhost:5173/" },
  ])("LOC-1 A request of this machine with %j gets a ticket.", async (headers) => {
    expect((await ask({ ...headers })).status).toBe(200);
  });

  it("LOC-1 No text in the headers makes a request on another host name local.", () => {
    const request = new Request("https://board.example.com/", { headers: { Origin: "http://localhost" } });
    expect(strangerReason(request)).toBe("other_host");
  });
});

describe("The local identity", () => {
  const claimsFor = async (body: object) => {
    const { ticket: token } = await (await ask({}, JSON.stringify(body))).json<{ ticket: string }>();
    return decodeJwt(token);
  };

  it("SES-3 Left out, the groups are all and the roles both. An empty list gives none.", async () => {
    expect(await claimsFor({})).toMatchObject({ sub: "local", roles: ["admin", "supervisor"] });
    expect(await claimsFor({})).not.toHaveProperty("groups");
    const none = await claimsFor({ subject: "ana", groups: [], roles: [] });
    expect(none).toMatchObject({ sub: "ana", groups: [] });
    expect(none).not.toHaveProperty("roles");
  });

  it("SES-3 The group * means every group, and an admin may do what a supervisor may.", async () => {
    expect(await claimsFor({ groups: ["Ventas", "*"], roles: ["admin"] })).toMatchObject({ roles: ["admin", "supervisor"] });
    expect(await claimsFor({ groups: ["*"] })).not.toHaveProperty("groups");
    expect(await claimsFor({ roles: ["supervisor"] })).toMatchObject({ roles: ["supervisor"] });
  });

  it.each(
    [[], ["Ventas"], { roles: ["owner"] }, { roles: "admin" }, { roles: null }, { groups: null }].map((identity) => ({
      identity,
    })),
  )("SES-3 $identity gets 400.", async ({ identity }) => {
    const answer = await ask({}, JSON.stringify(identity));
    expect([answer.status, await answer.json()]).toMatchObject([400, { error: "invalid_identity" }]);
  });
});

describe("Pages of other origins in local mode", () => {
  it.each(["http://localhost:5173", "http://127.0.0.1:3000", "http://[::1]:3000", "https://app.localhost"])(
    "LOC-2 A page at %s may get a ticket and open a socket.",
    async (origin) => {
      const instance = freshInstance();
      const path = `/v1/instances/${instance}/tickets`;
      const preflight = await call(path, {
        method: "OPTIONS",
        headers: { Origin: origin, "Access-Control-Request-Method": "POST" },
      });
      expect(preflight.headers.get("Access-Control-Allow-Origin")).toBe(origin);
      const answer = await call(path, { method: "POST", headers: { Origin: origin } });
      expect([answer.status, answer.headers.get("Access-Control-Allow-Origin")]).toEqual([200, origin]);
      const { ticket: token } = await answer.json<{ ticket: string }>();
      expect((await openSocket(instance, { origin, token })).status).toBe(101);
    },
  );

  it("LOC-2 A page of elsewhere may not, and neither may one of this machine through a proxy.", async () => {
    const instance = freshInstance();
    const token = await ticket(instance);
    expect((await openSocket(instance, { origin: "http://localhost.example:5173", token })).status).toBe(403);
    const headers = { Upgrade: "websocket", Origin: "http://localhost:5173", "X-Forwarded-For": "203.0.113.9" };
    expect((await call(`/v1/instances/${instance}/live?ticket=${token}`, { headers })).status).toBe(403);
  });

  it("LOC-2 On a public host name a page of this machine needs to be in ALLOWED_ORIGINS.", async () => {
    const headers = { Upgrade: "websocket", Origin: "http://localhost:5173" };
    const answer = await call(`/v1/instances/${freshInstance()}/live`, { headers }, "https://vigia.example");
    expect([answer.status, await answer.json()]).toMatchObject([403, { error: "foreign_origin" }]);
  });
});
