import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type IPolicyValidationPlugin, Validations } from "aws-cdk-lib";
import flags from "aws-cdk-lib/recommended-feature-flags.json" with { type: "json" };
import * as v from "valibot";
import { IngestStack } from "../../infra/ingest-stack.ts";
import { exampleWith } from "./example.ts";

/** The template of a deployment: resources by logical id, and intrinsic functions as readable text. */

const templateSchema = v.object({
  Resources: v.record(
    v.string(),
    v.looseObject({
      Type: v.string(),
      Properties: v.optional(v.record(v.string(), v.unknown()), {}),
      DependsOn: v.optional(v.array(v.string()), []),
      DeletionPolicy: v.optional(v.string()),
    }),
  ),
  Outputs: v.optional(v.record(v.string(), v.looseObject({ Value: v.unknown() })), {}),
});
export type Template = v.InferOutput<typeof templateSchema>;
export interface Resource {
  id: string;
  properties: Record<string, unknown>;
  dependsOn: string[];
  deletionPolicy: string | undefined;
}

const statementSchema = v.object({
  Sid: v.optional(v.string()),
  Effect: v.string(),
  Action: v.union([v.string(), v.array(v.string())]),
  Resource: v.optional(v.union([v.string(), v.array(v.string())])),
  Principal: v.optional(v.unknown()),
  Condition: v.optional(v.unknown()),
});
export interface Statement {
  effect: string;
  actions: string[];
  resources: string[];
  principal: unknown;
  condition: unknown;
}

/** Synthesises the stack without bundling, which `bundles.test.ts` tests. */
export function synthesise(overrides: Record<string, unknown> = {}, plugin?: (app: App) => IPolicyValidationPlugin): Template {
  const { settings, instance } = exampleWith(overrides);
  return inFolder((outdir) => {
    const app = new App({ outdir, context: { ...flags, "aws:cdk:bundling-stacks": [] } });
    if (plugin) Validations.of(app).addPlugins(plugin(app));
    const stack = new IngestStack(app, settings, instance);
    return v.parse(templateSchema, resolve(app.synth().getStackByName(stack.stackName).template));
  });
}

/** Runs `work` with a folder and deletes it. Without a folder, every synthesis of an app leaves a new one behind. */
export function inFolder<Result>(work: (folder: string) => Result): Result {
  const folder = mkdtempSync(join(tmpdir(), "vigia-synth-"));
  try {
    return work(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

export function ofType(template: Template, type: string): Resource[] {
  return Object.entries(template.Resources)
    .filter(([, resource]) => resource.Type === type)
    .map(([id, { Properties, DependsOn, DeletionPolicy }]) => ({
      id,
      properties: Properties,
      dependsOn: DependsOn,
      deletionPolicy: DeletionPolicy,
    }));
}

/** Returns the function of an entry file. */
export function functionOf(template: Template, entry: string): Resource {
  const found = ofType(template, "AWS::Lambda::Function").find((one) => environmentOf(one)["POWERTOOLS_SERVICE_NAME"] === entry);
  if (found === undefined) throw new Error(`The template has no function ${entry}.`);
  return found;
}

export function entriesOf(template: Template): string[] {
  return ofType(template, "AWS::Lambda::Function").map((one) => environmentOf(one)["POWERTOOLS_SERVICE_NAME"] ?? "");
}

export function environmentOf({ properties }: Resource): Record<string, string> {
  return v.parse(v.object({ Variables: v.record(v.string(), v.string()) }), properties["Environment"]).Variables;
}

/** Returns the statements of a function's role. */
export function rightsOf(template: Template, entry: string): Statement[] {
  const role = v.parse(v.string(), functionOf(template, entry).properties["Role"]).replace(/^<(.+)\.Arn>$/, "$1");
  return ofType(template, "AWS::IAM::Policy")
    .filter(({ properties }) => v.parse(v.array(v.string()), properties["Roles"]).includes(`<${role}>`))
    .flatMap(({ properties }) => statementsOf(properties["PolicyDocument"]));
}

export function statementsOf(document: unknown): Statement[] {
  return v
    .parse(v.object({ Statement: v.array(statementSchema) }), document)
    .Statement.map(({ Effect, Action, Resource, Principal, Condition }) => ({
      effect: Effect,
      actions: [Action].flat(),
      resources: Resource === undefined ? [] : [Resource].flat(),
      principal: Principal,
      condition: Condition,
    }));
}

/** `{Ref: X}` -> `<X>`, `{Fn::GetAtt: [X, Arn]}` -> `<X.Arn>`, `Fn::Join` -> the joined text. */
function resolve(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(resolve);
  if (typeof value !== "object" || value === null) return value;
  const [first, ...others] = Object.entries(value);
  if (first !== undefined && others.length === 0) {
    const [name, argument] = first;
    if (name === "Ref") return `<${String(argument)}>`;
    if (name === "Fn::GetAtt" && Array.isArray(argument)) return `<${argument.join(".")}>`;
    if (name === "Fn::Join" && Array.isArray(argument)) {
      const [separator, parts] = argument;
      if (Array.isArray(parts)) return parts.map((part) => String(resolve(part))).join(String(separator));
    }
  }
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, resolve(inner)]));
}
