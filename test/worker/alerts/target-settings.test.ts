import { describe, expect, test } from "vitest";
import { parseDeliveryTargets } from "../../../worker/alerts/target-settings.ts";

const SECRET = "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==";
const HOOK = { kind: "webhook", url: "https://example.com/private-path-4711", secret: SECRET };
const SLACK = { kind: "slack", url: "https://hooks.slack.com/services/T0/B0/private-path-4711" };
const MAIL = { kind: "email", from: "vigia@example.com", to: ["ana@example.com"] };

function problemOf(targets: unknown): string {
  const parsed = parseDeliveryTargets(JSON.stringify(targets), false);
  return parsed.ok ? "" : parsed.problem;
}

describe("ALERT_TARGETS", () => {
  test("TGT-1 A target has a name, a kind and an address, and defaults for the rest.", () => {
    const parsed = parseDeliveryTargets(JSON.stringify({ "shift-leads": SLACK }), false);
    expect(parsed).toEqual({
      ok: true,
      targets: [
        {
          id: "shift-leads",
          language: "en",
          withNames: false,
          minSeverity: "warning",
          groups: null,
          rules: null,
          instances: null,
          receiver: { kind: "slack", url: SLACK.url },
        },
      ],
    });
  });

  test("TGT-1 Every kind and every option is understood.", () => {
    const options = {
      language: "es",
      names: true,
      groups: ["Ventas"],
      rules: ["acw"],
      minSeverity: "critical",
      instances: ["i1"],
    };
    const parsed = parseDeliveryTargets(
      JSON.stringify({
        hook: { ...HOOK, ...options },
        slack: SLACK,
        teams: { ...SLACK, kind: "teams" },
        mail: MAIL,
        rotated: { ...HOOK, secret: `${SECRET} ${SECRET}` },
      }),
      false,
    );
    expect(parsed.ok && parsed.targets.map(({ receiver }) => receiver.kind)).toEqual([
      "webhook",
      "slack",
      "teams",
      "email",
      "webhook",
    ]);
    expect(parsed.ok && parsed.targets[0]).toMatchObject({ language: "es", withNames: true, groups: ["Ventas"], rules: ["acw"] });
  });

  test("TGT-1 A mistake is named by its place, and no value is repeated.", () => {
    const cases: [unknown, RegExp][] = [
      [[], /^is not a JSON object/],
      ["text", /^is not a JSON object/],
      [null, /^is not a JSON object/],
      [{ "Private-Path-4711": SLACK }, /^has a wrong name at target 1\./],
      [{ ok: SLACK, "": SLACK }, /^has a wrong name at target 2\./],
      [{ a: null }, /^has a mistake at a\./],
      [{ a: "https://example.com/private-path-4711" }, /^has a mistake at a\./],
      [{ a: { ...SLACK, kind: "private-path-4711" } }, /^has a mistake at a\.kind\./],
      [{ a: { kind: "slack" } }, /^has a mistake at a\.url\. Missing/],
      [
        { a: { ...SLACK, url: "http://example.com/private-path-4711" } },
        /^has a mistake at a\.url\. The address is not an https/,
      ],
      [{ a: { ...SLACK, url: "https://169.254.169.254/private-path-4711" } }, /^has a mistake at a\.url\. .* private network/],
      [{ a: { ...SLACK, webhook: "private-path-4711" } }, /^has an unknown field at a\./],
      [{ a: { ...SLACK, secret: "private-path-4711" } }, /^has an unknown field at a\./],
      [{ a: { ...SLACK, language: "private-path-4711" } }, /^has a mistake at a\.language\./],
      [{ a: { ...SLACK, names: "private-path-4711" } }, /^has a mistake at a\.names\./],
      [{ a: { ...SLACK, groups: [] } }, /^has a mistake at a\.groups\./],
      [{ a: { ...SLACK, rules: ["Private-Path-4711"] } }, /^has a mistake at a\.rules\[0\]\. Invalid id/],
      [{ a: { ...HOOK, secret: "private-path-4711" } }, /^has a mistake at a\.secret\. It is not whsec_/],
      [{ a: { ...HOOK, secret: "whsec_AAAA" } }, /^has a mistake at a\.secret\. It is not whsec_/],
      [{ a: { kind: "webhook", url: HOOK.url } }, /^has a mistake at a\.secret\. Missing/],
      [{ a: { ...MAIL, to: [] } }, /^has a mistake at a\.to\./],
      [{ a: { ...MAIL, to: ["private-path-4711"] } }, /^has a mistake at a\.to\[0\]\. Invalid address/],
      [{ a: { ...MAIL, from: "a@b.c\r\nBcc: private-path-4711@x.y" } }, /^has a mistake at a\.from\. Invalid address/],
    ];
    for (const [targets, problem] of cases) {
      expect(problemOf(targets), JSON.stringify(targets)).toMatch(problem);
      expect(problemOf(targets).toLowerCase()).not.toContain("4711");
    }
    expect(parseDeliveryTargets("{private-path-4711", false)).toMatchObject({
      ok: false,
      problem: expect.not.stringContaining("4711"),
    });
  });
});
