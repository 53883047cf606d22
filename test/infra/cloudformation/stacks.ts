import { randomBytes, randomUUID } from "node:crypto";
import * as v from "valibot";
import { AwsRefusal } from "../aws-account.ts";
import { type CloudFormationTemplate, holds, resolved, type TemplateScope, templateSchema, textOf } from "./template-values.ts";

export interface MadeResource {
  logicalId: string;
  type: string;
  physicalId: string;
  properties: Record<string, unknown>;
}

export interface StackEvent {
  logicalId: string;
  type: string;
  physicalId: string;
  status: string;
  reason: string;
  at: Date;
}

export interface Stack {
  name: string;
  id: string;
  status: string;
  templateText: string;
  resources: ReadonlyMap<string, MadeResource>;
  outputs: Readonly<Record<string, string>>;
  tags: Readonly<Record<string, string>>;
  /** Oldest first. */
  events: StackEvent[];
}

interface Change {
  action: "Add" | "Modify" | "Remove";
  logicalId: string;
  type: string;
}

export interface ChangeSet {
  name: string;
  id: string;
  stack: Stack;
  status: "CREATE_COMPLETE" | "FAILED";
  reason: string;
  templateText: string;
  given: ReadonlyMap<string, string>;
  changes: Change[];
}

/** What the services of the account do with the resources of a stack. */
export interface AccountServices {
  account: string;
  region: string;
  /** The value of a parameter of Systems Manager. undefined = there is none. */
  parameter(name: string): string | undefined;
  /** Why the service refuses to make or change a resource, or null. */
  make(resource: MadeResource): string | null;
  remove(resource: MadeResource): void;
}

export interface ChangeSetRequest {
  stackName: string;
  changeSetName: string;
  /** CREATE or UPDATE. */
  kind: string;
  templateText: string;
  given: ReadonlyMap<string, string>;
  capabilities: readonly string[];
  tags: Readonly<Record<string, string>>;
}

/** CloudFormation's own sentence for a change set without changes. The CDK looks for it. */
const NO_CHANGES = "The submitted information didn't contain changes. Submit different information to create a change set.";

/**
 * The stacks of one account in one Region. Every step is complete when its request is answered.
 * Rules: CloudFormation API reference, CreateChangeSet and ExecuteChangeSet, and the guide's chapters on capabilities, parameters
 * from Systems Manager and stack failure options (2026-11).
 */
export class Stacks {
  readonly byName = new Map<string, Stack>();
  readonly #changeSets = new Map<string, ChangeSet>();
  readonly #services: AccountServices;

  constructor(services: AccountServices) {
    this.#services = services;
  }

  /** @throws AwsRefusal when there is no such stack */
  find(nameOrId: string): Stack {
    const stack = [...this.byName.values()].find(({ name, id }) => name === nameOrId || id === nameOrId);
    if (stack === undefined) throw new AwsRefusal("ValidationError", `Stack with id ${nameOrId} does not exist`);
    return stack;
  }

  changeSet(nameOrId: string): ChangeSet {
    const found = [...this.#changeSets.values()].findLast(({ name, id }) => name === nameOrId || id === nameOrId);
    if (found === undefined) throw new AwsRefusal("ChangeSetNotFound", `ChangeSet [${nameOrId}] does not exist`);
    return found;
  }

  prepare({ stackName, changeSetName, kind, templateText, given, capabilities, tags }: ChangeSetRequest): ChangeSet {
    const template = parseTemplate(templateText);
    const missing = neededCapabilities(template).filter((one) => !one.some((name) => capabilities.includes(name)));
    if (missing.length > 0)
      throw new AwsRefusal("InsufficientCapabilitiesException", `Requires capabilities : [${missing[0]?.[0]}]`);
    const known = this.byName.get(stackName);
    if (kind === "CREATE" && known !== undefined && known.status !== "REVIEW_IN_PROGRESS")
      throw new AwsRefusal(
        "ValidationError",
        `Stack [${stackName}] already exists and cannot be created again with the changeSet.`,
      );
    if (kind === "UPDATE" && known === undefined) throw new AwsRefusal("ValidationError", `Stack [${stackName}] does not exist`);
    const stack = known ?? this.#newStack(stackName, tags);
    const scope = this.#scope(stack, template, given, new Map());
    const wanted = Object.entries(template.Resources).filter(([, one]) => !isLeftOut(scope, one.Condition));
    // A reference to a resource that the template does not have is refused here, as AWS does.
    for (const [, one] of wanted) resolved(scope, one.Properties);
    const changes = changesBetween(stack, wanted, templateText);
    const same = stack.templateText === templateText;
    const changeSet: ChangeSet = {
      name: changeSetName,
      id: `arn:aws:cloudformation:${this.#services.region}:${this.#services.account}:changeSet/${changeSetName}/${randomUUID()}`,
      stack,
      status: same ? "FAILED" : "CREATE_COMPLETE",
      reason: same ? NO_CHANGES : "",
      templateText,
      given,
      changes,
    };
    this.#changeSets.set(changeSet.id, changeSet);
    return changeSet;
  }

  /** Makes the changes. If one is refused, all are taken back. */
  execute({ id, stack, templateText, given }: ChangeSet): void {
    this.#changeSets.delete(id);
    const template = parseTemplate(templateText);
    const isNew = stack.status === "REVIEW_IN_PROGRESS";
    const verb = isNew ? "CREATE" : "UPDATE";
    record(stack, stackRow(stack), `${verb}_IN_PROGRESS`, "User Initiated");
    const made = new Map<string, MadeResource>();
    const scope = this.#scope(stack, template, given, made);
    for (const [logicalId, { Type, Condition }] of Object.entries(template.Resources)) {
      if (isLeftOut(scope, Condition)) continue;
      const before = stack.resources.get(logicalId);
      const kept = before?.type === Type ? before.physicalId : undefined;
      made.set(logicalId, {
        logicalId,
        type: Type,
        physicalId: kept ?? this.#physicalId(stack, Type, logicalId),
        properties: {},
      });
    }
    for (const resource of made.values()) {
      const written = resolved(scope, template.Resources[resource.logicalId]?.Properties);
      resource.properties = v.parse(v.record(v.string(), v.unknown()), written);
      if (isSame(stack.resources.get(resource.logicalId), resource)) continue;
      const named = nameIn(resource.properties);
      if (named !== null && !resource.physicalId.startsWith("arn:")) resource.physicalId = named;
      const problem = this.#services.make(resource);
      const step = stack.resources.has(resource.logicalId) ? "UPDATE" : "CREATE";
      record(stack, resource, `${step}_${problem === null ? "COMPLETE" : "FAILED"}`, problem ?? "");
      if (problem !== null) {
        this.#takeBack(stack, made, isNew);
        return;
      }
    }
    for (const [logicalId, old] of stack.resources) if (!made.has(logicalId)) this.#services.remove(old);
    stack.resources = made;
    stack.templateText = templateText;
    stack.outputs = Object.fromEntries(
      Object.entries(template.Outputs)
        .filter(([, { Condition }]) => !isLeftOut(scope, Condition))
        .map(([name, { Value }]) => [name, textOf(scope, Value)]),
    );
    record(stack, stackRow(stack), `${verb}_COMPLETE`, "");
  }

  remove(stack: Stack): void {
    for (const resource of stack.resources.values()) this.#services.remove(resource);
    record(stack, stackRow(stack), "DELETE_COMPLETE", "");
    this.byName.delete(stack.name);
  }

  #takeBack(stack: Stack, made: ReadonlyMap<string, MadeResource>, isNew: boolean): void {
    const word = isNew ? "ROLLBACK" : "UPDATE_ROLLBACK";
    record(stack, stackRow(stack), `${word}_IN_PROGRESS`, "The following resource(s) failed to be made.");
    for (const [logicalId, resource] of made) if (!stack.resources.has(logicalId)) this.#services.remove(resource);
    for (const resource of stack.resources.values()) this.#services.make(resource);
    record(stack, stackRow(stack), `${word}_COMPLETE`, "");
  }

  #newStack(name: string, tags: Readonly<Record<string, string>>): Stack {
    const { region, account } = this.#services;
    const id = `arn:aws:cloudformation:${region}:${account}:stack/${name}/${randomUUID()}`;
    const stack: Stack = {
      name,
      id,
      status: "REVIEW_IN_PROGRESS",
      templateText: "",
      resources: new Map(),
      outputs: {},
      tags,
      events: [],
    };
    this.byName.set(name, stack);
    return stack;
  }

  #physicalId({ name }: Stack, type: string, logicalId: string): string {
    const { region, account } = this.#services;
    const own = `${name}-${logicalId.slice(0, 24)}-${randomBytes(6).toString("hex").toUpperCase()}`;
    // `Ref` returns the ARN of a secret and the address of a queue (CloudFormation resource reference, 2026-11).
    if (type === "AWS::SecretsManager::Secret") return `arn:aws:secretsmanager:${region}:${account}:secret:${own}`;
    if (type === "AWS::SQS::Queue") return `https://sqs.${region}.amazonaws.com/${account}/${own}`;
    return own;
  }

  #scope(
    stack: Stack,
    template: CloudFormationTemplate,
    given: ReadonlyMap<string, string>,
    made: ReadonlyMap<string, MadeResource>,
  ): TemplateScope {
    const { region, account } = this.#services;
    const values = new Map([
      ["AWS::AccountId", account],
      ["AWS::Region", region],
      ["AWS::Partition", "aws"],
      ["AWS::URLSuffix", "amazonaws.com"],
      ["AWS::StackName", stack.name],
      ["AWS::StackId", stack.id],
    ]);
    for (const [name, { Type, Default }] of Object.entries(template.Parameters)) {
      const value = given.get(name) ?? Default;
      if (value === undefined) throw new AwsRefusal("ValidationError", `Parameters: [${name}] must have values`);
      const stored = Type.startsWith("AWS::SSM::Parameter::Value") ? this.#services.parameter(value) : value;
      if (stored === undefined)
        throw new AwsRefusal("ValidationError", `Unable to fetch parameters [${value}] from parameter store for this account.`);
      values.set(name, stored);
    }
    const resource = (logicalId: string, attribute: string | null): string => {
      if (template.Resources[logicalId] === undefined)
        throw new AwsRefusal("ValidationError", `Template format error: Unresolved resource dependencies [${logicalId}]`);
      const physicalId = made.get(logicalId)?.physicalId ?? `{{${logicalId}}}`;
      if (attribute === null || (attribute === "Arn" && physicalId.startsWith("arn:"))) return physicalId;
      const service = template.Resources[logicalId].Type.split("::")[1]?.toLowerCase();
      return /Arn$/.test(attribute) ? `arn:aws:${service}:${region}:${account}:${physicalId}` : `${physicalId}.${attribute}`;
    };
    return { template, values, resource };
  }
}

function parseTemplate(text: string): CloudFormationTemplate {
  try {
    return v.parse(templateSchema, JSON.parse(text));
  } catch {
    throw new AwsRefusal("ValidationError", "Template format error: unsupported structure.");
  }
}

/** Roles and policies need an acknowledgement, and named ones need a second kind of it. */
function neededCapabilities({ Resources }: CloudFormationTemplate): string[][] {
  const iam = Object.values(Resources).filter(({ Type }) => Type.startsWith("AWS::IAM::"));
  if (iam.length === 0) return [];
  const named = iam.some(({ Properties }) => ["RoleName", "UserName", "GroupName"].some((name) => name in Properties));
  return named ? [["CAPABILITY_NAMED_IAM"]] : [["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]];
}

const isLeftOut = (scope: TemplateScope, condition: string | undefined) =>
  condition !== undefined && !holds(scope, { Condition: condition });

const isSame = (before: MadeResource | undefined, after: MadeResource) =>
  before !== undefined && before.type === after.type && JSON.stringify(before.properties) === JSON.stringify(after.properties);

/** The name that a template gives to a resource instead of letting CloudFormation make one. */
function nameIn(properties: Readonly<Record<string, unknown>>): string | null {
  const name = properties["BucketName"] ?? properties["RoleName"] ?? properties["FunctionName"];
  return typeof name === "string" ? name : null;
}

function changesBetween(stack: Stack, wanted: [string, { Type: string }][], templateText: string): Change[] {
  const ids = new Set(wanted.map(([logicalId]) => logicalId));
  const old = stack.templateText === "" ? null : parseTemplate(stack.templateText).Resources;
  const next = parseTemplate(templateText).Resources;
  const changes: Change[] = wanted
    .filter(([logicalId]) => JSON.stringify(old?.[logicalId]) !== JSON.stringify(next[logicalId]))
    .map(([logicalId, { Type: type }]) => ({ action: stack.resources.has(logicalId) ? "Modify" : "Add", logicalId, type }));
  const gone = [...stack.resources.values()].filter(({ logicalId }) => !ids.has(logicalId));
  return [...changes, ...gone.map(({ logicalId, type }): Change => ({ action: "Remove", logicalId, type }))];
}

const stackRow = ({ name, id }: Stack) => ({ logicalId: name, type: "AWS::CloudFormation::Stack", physicalId: id });

function record(stack: Stack, row: Pick<StackEvent, "logicalId" | "type" | "physicalId">, status: string, reason: string): void {
  const { logicalId, type, physicalId } = row;
  stack.events.push({ logicalId, type, physicalId, status, reason, at: new Date() });
  if (type === "AWS::CloudFormation::Stack" && physicalId === stack.id) stack.status = status;
}
