import { createServer } from "node:http";
import { expect, test } from "vitest";
import { renewTokens } from "../../../dashboard/board/page/sign-in-flow.ts";

const HOUR_S = 3_600;

/** Renews a token at an issuer whose ID tokens last from `iat` to `exp`, in seconds from now. */
async function renewed(times: { iat: number; exp: number }, skewMs: number) {
  const now = Math.floor((Date.now() + skewMs) / 1000);
  const part = (value: object) => Buffer.from(JSON.stringify(value)).toString("base64url");
  const server = createServer((_, response) => {
    const claims = { iss: issuer, sub: "ana", aud: "page", iat: now + times.iat, exp: now + times.exp };
    const idToken = `${part({ alg: "RS256" })}.${part(claims)}.${part({})}`;
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify({ access_token: "a", token_type: "bearer", id_token: idToken }));
  });
  await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
  const address = server.address();
  const issuer = `http://127.0.0.1:${typeof address === "object" ? address?.port : address}`;
  const none = { endSessionEndpoint: null, signOutUrl: null, prompt: null };
  const endpoints = { authorizationEndpoint: `${issuer}/auth`, tokenEndpoint: `${issuer}/token` };
  try {
    return await renewTokens({ issuer, clientId: "page", scopes: "openid", ...endpoints, ...none }, skewMs, "r1");
  } finally {
    server.close();
  }
}

test.each([
  ["that begins now", { iat: 0, exp: HOUR_S }, 0],
  ["that the issuer dates back by five minutes", { iat: -300, exp: HOUR_S }, 0],
  ["on a computer whose clock is an hour late", { iat: -300, exp: HOUR_S }, HOUR_S * 1000],
])("SGN-4 A token %s lasts as long as the hub takes it.", async (_, times, skewMs) => {
  const { validForMs, subject, refreshToken } = await renewed(times, skewMs);
  expect(Math.round(validForMs / 60_000)).toBe(60);
  expect([subject, refreshToken]).toEqual(["ana", "r1"]);
});
