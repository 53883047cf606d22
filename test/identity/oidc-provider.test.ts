import { mkdtemp, rm } from "node:fs/promises";
import { createServer } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { decodeJwt, generateKeyPair, SignJWT } from "jose";
import * as v from "valibot";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { type IssuedClaims, OidcIssuer } from "../support/oidc-issuer.ts";

const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const ACCOUNTS: Readonly<Record<string, IssuedClaims>> = {
  ana: { instances: [INSTANCE], groups: ["Ventas", "Mexico Norte"], roles: ["supervisor"] },
  admin: { instances: ["*"], groups: ["*"], roles: ["admin"] },
  nobody: { instances: [INSTANCE] },
  report: { instances: [INSTANCE], groups: ["Ventas"] },
};

let folder: string;
let issuer: OidcIssuer;
let hub: RunningHub;
/** Accepts connections and never answers, or stops in the middle of an answer. */
const hanging = createServer((request, response) => {
  if (request.url === "/within") response.writeHead(200, { "content-type": "application/json" }).write('{"keys":[');
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "vigia-oidc-"));
  issuer = await OidcIssuer.start((id) => ACCOUNTS[id] ?? {});
  await new Promise<void>((resolve) => hanging.listen(0, "127.0.0.1", resolve));
  const address = hanging.address();
  const port = typeof address === "object" ? address?.port : 0;
  const hangs = (when: string) => ({
    issuer: `https://hangs.example/${when}`,
    jwksUrl: `http://127.0.0.1:${port}/${when}`,
    audience: "vigia",
  });
  hub = await startHub({
    port: 0,
    folder,
    vars: {
      ...issuer.settings,
      AUTH_MODE: "jwt",
      AUTH_ISSUERS: JSON.stringify([hangs("before"), hangs("within")]),
      INGEST_SECRETS: JSON.stringify({
        [INSTANCE]: `whsec_${Buffer.from("oidc-tests-oidc-tests-oidc-tests").toString("base64")}`,
      }),
      TICKET_SECRET: Buffer.from("oidc-tests-oidc-tests-oidc-tests").toString("base64"),
    },
  });
});
afterAll(async () => {
  await hub.stop();
  await issuer.stop();
  hanging.closeAllConnections();
  hanging.close();
  await rm(folder, { recursive: true, force: true });
});

function request(token: string): Promise<Response> {
  const headers = { authorization: `Bearer ${token}` };
  return fetch(`${hub.url}/v1/instances/${INSTANCE}/tickets`, { method: "POST", headers });
}

async function ticketFor(token: string) {
  const answer = await request(token);
  const { ticket } = v.parse(v.object({ ticket: v.string() }), await answer.json());
  return decodeJwt(ticket);
}

async function tokenOfHanging(when: string): Promise<string> {
  return new SignJWT({ instances: [INSTANCE], groups: ["*"] })
    .setProtectedHeader({ alg: "ES256", kid: "any" })
    .setIssuer(`https://hangs.example/${when}`)
    .setAudience("vigia")
    .setExpirationTime("1h")
    .sign((await generateKeyPair("ES256")).privateKey);
}

test("SES-1 An issuer that hangs before or within its answer makes the hub answer 503, so that boards come back.", async () => {
  const tokens = await Promise.all(["before", "within"].map(tokenOfHanging));
  for (const answer of await Promise.all(tokens.map(request))) {
    expect([answer.status, await answer.json()]).toMatchObject([503, { error: "identity_provider_unreachable" }]);
    expect(answer.headers.get("retry-after")).not.toBeNull();
  }
});

describe("A hub that trusts a real OpenID provider", () => {
  test("IDN-1 IDN-4 A person who signed in with a code and PKCE gets a ticket with their groups and roles.", async () => {
    const token = await issuer.idTokenOf("ana");
    expect(await ticketFor(token)).toMatchObject({ sub: "ana", groups: ["Mexico Norte", "Ventas"], roles: ["supervisor"] });
    const everything = await ticketFor(await issuer.idTokenOf("admin"));
    expect(everything).toMatchObject({ sub: "admin", roles: ["admin", "supervisor"] });
    expect(everything).not.toHaveProperty("groups");
  });

  test("IDN-1 A person without groups gets 403, with a message that says what to set.", async () => {
    const answer = await request(await issuer.idTokenOf("nobody"));
    expect([answer.status, await answer.json()]).toMatchObject([
      403,
      { error: "no_groups", message: expect.stringContaining("AUTH_GROUPS_CLAIM") },
    ]);
  });

  test("IDN-6 The access token of a service gets a ticket in the name of its client.", async () => {
    const token = await issuer.serviceToken();
    expect(decodeJwt(token)).toMatchObject({ sub: "report", client_id: "report", aud: "https://vigia.example/api" });
    expect(await ticketFor(token)).toMatchObject({ sub: "report", groups: ["Ventas"] });
  });

  test("IDN-7 While the provider is away, the hub still knows its keys.", async () => {
    const token = await issuer.idTokenOf("ana");
    await issuer.stop();
    expect((await request(token)).status).toBe(200);
  });
});
