import * as v from "valibot";
import { shapeProblems } from "./file-shape.ts";
import { contradictions, describeIssue } from "./setting-problems.ts";
import { type DeploymentSettings, type Instance, instanceSettingsSchema, readInstance, stageName } from "./settings.ts";
import { resolveStages, type Stage, stageConflicts, stageSchema } from "./stages.ts";

/** The whole of `vigia.config.json`: the instances of Amazon Connect, and the stages (Workers) that they post to. */
export const settingsFileSchema = v.strictObject({
  /** For editors, which complete and check the file by it. */
  $schema: v.optional(v.string("expected the path of the JSON schema")),
  instances: v.pipe(
    v.array(instanceSettingsSchema, "expected a list of instances"),
    v.minLength(1, "expected a list with at least one instance"),
  ),
  stages: v.optional(v.record(stageName, stageSchema, "expected an object: a name and the settings of each stage"), {}),
});

/** One stack: the settings of an instance, and the stage whose Worker gets its posts. */
export interface Deployment {
  settings: DeploymentSettings;
  instance: Instance;
  stage: Stage;
}

export type ParsedSettingsFile =
  | { ok: true; deployments: Deployment[]; stages: Stage[] }
  | { ok: false; problems: readonly string[] };

/** AWS uses this account number in examples, so a deployment to it is a mistake. */
export const EXAMPLE_ACCOUNT = "111122223333";

/** Parses the content of the settings file. Returns all problems at once. Each is a sentence that begins with its place. */
export function parseSettingsFile(value: unknown): ParsedSettingsFile {
  if (hasOldForm(value)) {
    const form = '{ "instances": [ { "instanceArn": "…", … } ] }';
    return { ok: false, problems: [`The settings of an instance stand outside of "instances". Move them: ${form}.`] };
  }
  const misshapen = shapeProblems(value);
  if (misshapen.length > 0) return { ok: false, problems: misshapen };
  const content = structuredClone(value);
  const parsed = v.safeParse(settingsFileSchema, content);
  if (!parsed.success) return { ok: false, problems: problemsOf(content, parsed.issues) };
  const stages = resolveStages(parsed.output.stages);
  const problems = stageConflicts(stages);
  const deployments = parsed.output.instances.flatMap((entry, index) => {
    const made = deploymentOf(entry, stages, `instances[${index}]`);
    if (made.ok) return [made.deployment];
    problems.push(...made.problems);
    return [];
  });
  problems.push(...duplicates(deployments), ...hubConflicts(deployments));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, deployments, stages };
}

/**
 * Describes the issues of a file. For a key that is not there, the library reports only its name. With the key there and without
 * a value, the setting itself says what it expects.
 */
function problemsOf(content: unknown, issues: readonly v.InferIssue<typeof settingsFileSchema>[]): string[] {
  for (const { type, received, path } of issues) {
    const missing = type === "strict_object" && received === "undefined" ? path?.at(-1) : undefined;
    if (missing?.type === "object") missing.input[missing.key] = undefined;
  }
  return (v.safeParse(settingsFileSchema, content).issues ?? []).map(describeIssue);
}

/** Whether the file holds the settings of one instance in the form of the first release. */
function hasOldForm(value: unknown): boolean {
  return typeof value === "object" && value !== null && ("vigia" in value || "instanceArn" in value);
}

type MadeDeployment = { ok: true; deployment: Deployment } | { ok: false; problems: string[] };

function deploymentOf(
  entry: v.InferOutput<typeof instanceSettingsSchema>,
  stages: readonly Stage[],
  place: string,
): MadeDeployment {
  const names = stages.map(({ name }) => name).join(", ");
  const stage = entry.stage === undefined && stages.length === 1 ? stages[0] : stages.find(({ name }) => name === entry.stage);
  if (stage === undefined) {
    const what = entry.stage === undefined ? "is missing" : "is no stage of this file";
    return { ok: false, problems: [`${place}.stage ${what}. Set it to one of: ${names}.`] };
  }
  const hubUrl = entry.hubUrl ?? (stage.domain === null ? undefined : `https://${stage.domain}`);
  if (hubUrl === undefined) {
    const cure = `Set it to the hub's address, or give the stage ${stage.name} a domain.`;
    return { ok: false, problems: [`${place}.hubUrl is missing. ${cure}`] };
  }
  const settings = { ...entry, hubUrl };
  const instance = readInstance(entry.instanceArn);
  const problems = contradictions(settings, instance, place);
  return problems.length > 0 ? { ok: false, problems } : { ok: true, deployment: { settings, instance, stage } };
}

/** Two stacks of one name replace each other, and two stacks of one instance take its streams from each other. */
function duplicates(deployments: readonly Deployment[]): string[] {
  const repeated = (values: readonly string[]) => [...new Set(values.filter((value, index) => values.indexOf(value) !== index))];
  return [
    ...repeated(deployments.map(({ settings }) => settings.stackName)).map(
      (name) => `instances: two of them have the stack name ${name}. Give each its own stackName.`,
    ),
    ...repeated(deployments.map(({ instance }) => instance.id)).map(
      (id) => `instances: two of them have the instance ${id}. Remove one.`,
    ),
  ];
}

/** A hub belongs to one stage. An instance that posts to the hub of another stage would reach a Worker without its secret. */
function hubConflicts(deployments: readonly Deployment[]): string[] {
  return deployments.flatMap(({ settings: { hubUrl }, instance, stage }) => {
    const host = new URL(hubUrl).hostname;
    if (stage.domain !== null && hubUrl !== `https://${stage.domain}`) {
      return [
        `hubUrl of the instance ${instance.id} is not the domain of its stage ${stage.name}. Remove hubUrl, or correct one.`,
      ];
    }
    if (host.endsWith(".workers.dev") && host.split(".")[0] !== stage.workerName) {
      return [
        `hubUrl of the instance ${instance.id} is the address of another Worker. Name that of its stage, ${stage.workerName}, or remove hubUrl.`,
      ];
    }
    const first = deployments.find((one) => one.stage === stage);
    if (first !== undefined && first.settings.hubUrl !== hubUrl) {
      return [
        `hubUrl of the instance ${instance.id} differs from that of ${first.instance.id}, but both are of the stage ${stage.name}. ` +
          "A stage is one hub: give both the same hubUrl.",
      ];
    }
    const sameHub = (one: Deployment) => one.stage !== stage && one.settings.hubUrl === hubUrl;
    const other = stage.domain === null ? deployments.find(sameHub)?.stage : undefined;
    return other === undefined
      ? []
      : [
          `hubUrl of the instance ${instance.id} (stage ${stage.name}) is the hub of the stage ${other.name} too. Correct one of them.`,
        ];
  });
}
