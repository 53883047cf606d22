import { env } from "cloudflare:workers";
import { describe, expect, it, vi } from "vitest";
import app from "../../worker/index.ts";
import { readSettings } from "../../worker/settings.ts";
import { OTHER_SECRET, SECRET } from "./support.ts";

const TICKET_SECRET = btoa("x".repeat(32));

/** Returns the instances of a hub with these secrets, or the message about the wrong setting. */
function instances(secrets: Record<string, string>): Record<string, string> | string {
  const parsed = readSettings({ TICKET_SECRET, ...secrets });
  return parsed.ok ? Object.fromEntries(parsed.settings.ingestSecrets) : parsed.message;
}

describe("An instance with a secret of its own", () => {
  it("SIG-8 The name of an own secret is the id of the instance in capitals, with _ for -.", () => {
    expect(instances({ INGEST_SECRET_A8C17F30_F72C_4900_ABD2_8745056C4C99: `${SECRET} ${OTHER_SECRET}` })).toEqual({
      "a8c17f30-f72c-4900-abd2-8745056c4c99": `${SECRET} ${OTHER_SECRET}`,
    });
    const list = JSON.stringify({ one: SECRET });
    expect(instances({ INGEST_SECRETS: list, INGEST_SECRET_ONE: OTHER_SECRET })).toEqual({ one: OTHER_SECRET });
    expect(instances({ INGEST_SECRETS: list, INGEST_SECRET_TWO: OTHER_SECRET })).toEqual({ one: SECRET, two: OTHER_SECRET });
    expect(instances({ INGEST_SECRETS: list, INGEST_SECRET_two: OTHER_SECRET, INGEST_SECRET_: "x" })).toEqual({ one: SECRET });
  });

  it("SIG-8 An empty own secret counts as not set, and `removed` takes an instance out of the list.", () => {
    const list = JSON.stringify({ one: SECRET, two: SECRET });
    expect(instances({ INGEST_SECRETS: list, INGEST_SECRET_ONE: "" })).toEqual({ one: SECRET, two: SECRET });
    expect(instances({ INGEST_SECRETS: list, INGEST_SECRET_ONE: "removed" })).toEqual({ two: SECRET });
    expect(instances({ INGEST_SECRET_ONE: "removed" })).toEqual({});
  });

  it("SIG-8 A hub without any signing secret says so.", () => {
    expect(instances({})).toContain("INGEST_SECRETS is not set. No instance has a secret of its own either.");
    expect(instances({ INGEST_SECRET_ONE: "" })).toContain("INGEST_SECRETS is not set.");
  });

  it("SIG-5 OPS-1 /readyz does not show whose own secret is malformed, and the log does.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const settings = { ...env, INGEST_SECRETS: "", INGEST_SECRET_OWN_CENTER: SECRET, INGEST_SECRET_TEST_200: "whsec_dG9v" };
    const answer = await app.request("/readyz", {}, settings);
    const text = await answer.text();
    expect(answer.status).toBe(503);
    expect(text).toContain("INGEST_SECRETS, entry 2: ");
    expect(text).not.toMatch(/test.200|dG9v/i);
    expect(lines.mock.calls).toEqual([['{"event":"not_configured","setting":"INGEST_SECRETS","instanceId":"test-200"}']]);
    lines.mockRestore();
  });
});
