import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { EXAMPLE } from "./example.ts";
import { functionOf, ofType, synthesise, type Template } from "./synthesised.ts";

/** The event patterns that start the function for contact events. */
function patternsOf(template: Template): string[] {
  const target = `<${functionOf(template, "contact-events").id}.Arn>`;
  return ofType(template, "AWS::Events::Rule")
    .map(({ properties }) => properties)
    .filter((rule) => JSON.stringify(rule["Targets"]).includes(target))
    .map((rule) => JSON.stringify(rule["EventPattern"]));
}

describe("The rules of Amazon Connect", () => {
  test("RAI-1 They reach the function for contact events only when the settings ask for them.", () => {
    const kinds = (template: Template) => patternsOf(template).flatMap((pattern) => pattern.match(/[\w ]+Rules Matched/g) ?? []);
    expect(kinds(synthesise())).toEqual([]);
    const withRules = synthesise({ connectRules: true });
    expect(kinds(withRules)).toEqual(["Contact Lens Realtime Rules Matched", "Metrics Rules Matched"]);
    for (const pattern of patternsOf(withRules)) expect(pattern).toContain("instance/a8c17f30-f72c-4900-abd2-8745056c4c99");
  });

  test("They need the function for contact events, and the settings say so.", () => {
    const { serviceLevelSeconds: _, ...example }: Record<string, unknown> = EXAMPLE;
    const parsed = parseSettingsFile({ instances: [{ ...example, connectRules: true, contactEvents: false, queues: false }] });
    expect(parsed.ok ? [] : parsed.problems).toEqual([
      expect.stringContaining("instances[0].connectRules needs the function for events of contacts."),
    ]);
  });
});
