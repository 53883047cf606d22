import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import app from "../../worker/index.ts";
import { OTHER_SECRET, SECRET } from "./support.ts";

const ready = (instances: Record<string, string>) =>
  app.request("/readyz", {}, { ...env, INGEST_SECRETS: JSON.stringify(instances) });

it("OPS-1 SIG-5 The answer of /readyz names the place of an invalid signing secret and not the secret.", async () => {
  expect((await ready({ first: SECRET, second: `${OTHER_SECRET} ${SECRET}` })).status).toBe(200);
  const answer = await ready({ first: SECRET, second: `${OTHER_SECRET} whsec_dG9vLXNob3J0` });
  expect(answer.status).toBe(503);
  expect(await answer.json()).toEqual({
    error: "not_configured",
    message: "INGEST_SECRETS, entry 2: Signing secret 2 has 9 bytes; expected 24 to 64.",
  });
});

it("OPS-1 A post to an instance with an invalid signing secret gets 503 with Retry-After.", async () => {
  const body = JSON.stringify({ updates: [] });
  const answer = await app.request(
    "/v1/instances/second/updates",
    { method: "POST", headers: { "Content-Type": "application/json", "Content-Length": String(body.length) }, body },
    { ...env, INGEST_SECRETS: JSON.stringify({ second: "nonsense" }) },
  );
  expect([answer.status, answer.headers.get("Retry-After")]).toEqual([503, "1"]);
  expect(await answer.json()).toMatchObject({ error: "not_configured" });
});
