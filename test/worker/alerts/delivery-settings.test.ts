import { env } from "cloudflare:workers";
import { describe, expect, test } from "vitest";
import { SettingsReader } from "../../../protocol/settings-reader.ts";
import { importSecrets, sign } from "../../../protocol/signature.ts";
import { boardLink, readDeliverySettings, targetsOf } from "../../../worker/alerts/delivery-settings.ts";
import app from "../../../worker/index.ts";
import { freshInstance, SECRET } from "../support.ts";
import { agentState } from "../updates.ts";

const SLACK = { kind: "slack", url: "https://hooks.slack.com/services/T0/B0/private-path-4711" };

function read(settings: Record<string, string>) {
  const reader = new SettingsReader(settings);
  return { ...readDeliverySettings(reader, "Set it."), problems: reader.problems };
}

describe("The settings of delivery", () => {
  test("TGT-1 Without targets nobody is told, and nothing is wrong.", () => {
    expect(read({})).toEqual({ targets: [], problem: null, boardUrl: null, problems: [] });
    expect(read({ ALERT_TARGETS: "  " }).problem).toBeNull();
  });

  test("TGT-1 Targets may be in several secrets, and a name in two of them is refused.", () => {
    const [a, b] = [JSON.stringify({ a: SLACK }), JSON.stringify({ b: { ...SLACK, instances: ["i2"] } })];
    const both = read({ ALERT_TARGETS: a, ALERT_TARGETS_MEXICO: b });
    expect(both.targets.map(({ id }) => id)).toEqual(["a", "b"]);
    expect([targetsOf(both, "i1").length, targetsOf(both, "i2").length]).toEqual([1, 2]);
    expect(read({ ALERT_TARGETS_MEXICO: b }).targets).toHaveLength(1);
    const twice = read({ ALERT_TARGETS: a, ALERT_TARGETS_MEXICO: a });
    expect([twice.targets, twice.problem]).toEqual([
      [],
      expect.stringContaining("ALERT_TARGETS_MEXICO has a, which another secret"),
    ]);
  });

  test("TGT-1 The link leads to the board of the contact center.", () => {
    expect(boardLink("https://board.example.com/?lang=es", "i1")).toBe("https://board.example.com/?lang=es&instance=i1");
    expect(read({ BOARD_URL: "board.example.com" }).problems[0]?.name).toBe("BOARD_URL");
  });

  test("TGT-1 With a mistake in the targets the hub is not ready and says where, and posts are taken all the same.", async () => {
    const broken = { ...env, ALERT_TARGETS: JSON.stringify({ turno: { ...SLACK, url: "http://10.0.0.1/private-path-4711" } }) };
    const ready = await app.fetch(new Request("http://localhost/readyz"), broken);
    const text = await ready.text();
    expect([ready.status, JSON.parse(text).error]).toEqual([503, "not_configured"]);
    expect(text).toContain("ALERT_TARGETS has a mistake at turno.url.");
    expect(text).not.toContain("4711");
    const instance = freshInstance();
    const body = JSON.stringify({ updates: [agentState("A1")] });
    const headers = await sign(await importSecrets(SECRET), crypto.randomUUID(), Math.floor(Date.now() / 1000), body);
    const url = `http://localhost/v1/instances/${instance}/updates`;
    const post = new Request(url, { method: "POST", headers: { ...headers, "Content-Type": "application/json" }, body });
    expect((await app.fetch(post, broken)).status).toBe(200);
  });
});
