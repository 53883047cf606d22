import { AwsRefusal } from "../aws-account.ts";
import type { ChangeSet, Stack, Stacks } from "./stacks.ts";

/** The operations of CloudFormation's Query protocol (API reference, 2026-11) that the CDK and our commands use. */

/**
 * Answers a request. @returns the XML of the result
 * @param readTemplate returns the template at an address of S3
 * @throws AwsRefusal
 */
export function answerOf(stacks: Stacks, query: URLSearchParams, readTemplate: (url: string) => string): string {
  const action = query.get("Action") ?? "";
  const stack = () => stacks.find(query.get("StackName") ?? "");
  if (action === "DescribeStacks") {
    const all = query.get("StackName") === null ? [...stacks.byName.values()] : [stack()];
    return list("Stacks", all.map(describeStack));
  }
  if (action === "ListStacks") return list("StackSummaries", [...stacks.byName.values()].map(describeStack));
  if (action === "GetTemplate") return element("TemplateBody", stack().templateText || "{}");
  if (action === "CreateChangeSet") {
    const made = stacks.prepare({
      stackName: query.get("StackName") ?? "",
      changeSetName: query.get("ChangeSetName") ?? "",
      kind: query.get("ChangeSetType") ?? "UPDATE",
      templateText: query.get("TemplateBody") ?? readTemplate(query.get("TemplateURL") ?? ""),
      given: new Map(Object.entries(pairs(query, "Parameters", "ParameterKey", "ParameterValue"))),
      capabilities: [...query].filter(([name]) => name.startsWith("Capabilities.member.")).map(([, value]) => value),
      tags: pairs(query, "Tags", "Key", "Value"),
    });
    return `${element("Id", made.id)}${element("StackId", made.stack.id)}`;
  }
  if (action === "DescribeChangeSet") return describeChangeSet(stacks.changeSet(query.get("ChangeSetName") ?? ""));
  if (action === "ExecuteChangeSet") {
    stacks.execute(stacks.changeSet(query.get("ChangeSetName") ?? ""));
    return "";
  }
  if (action === "DeleteChangeSet") return "";
  if (action === "DeleteStack") {
    stacks.remove(stack());
    return "";
  }
  if (action === "UpdateTerminationProtection") return element("StackId", stack().id);
  if (action === "DescribeStackEvents") return list("StackEvents", describeEvents(stack()));
  if (action === "ListStackResources") return list("StackResourceSummaries", describeResources(stack()));
  if (action === "DescribeStackResources") {
    const id = query.get("PhysicalResourceId") ?? "";
    const owner = [...stacks.byName.values()].find(({ resources }) =>
      [...resources.values()].some((one) => one.physicalId === id),
    );
    if (owner === undefined) throw new AwsRefusal("ValidationError", `Stack for ${id} does not exist`);
    return list("StackResources", describeResources(owner));
  }
  throw new AwsRefusal("InvalidAction", `The stand-in of CloudFormation does not know ${action}.`);
}

const escaped = (text: string) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
const element = (name: string, text: string) => `<${name}>${escaped(text)}</${name}>`;
const members = (all: string[]) => all.map((one) => `<member>${one}</member>`).join("");
const list = (name: string, all: string[]) => `<${name}>${members(all)}</${name}>`;

function pairs(query: URLSearchParams, listName: string, key: string, value: string): Record<string, string> {
  const found: Record<string, string> = {};
  for (let index = 1; query.has(`${listName}.member.${index}.${key}`); index += 1) {
    const name = query.get(`${listName}.member.${index}.${key}`) ?? "";
    const text = query.get(`${listName}.member.${index}.${value}`);
    if (text !== null) found[name] = text;
  }
  return found;
}

function describeStack({ name, id, status, outputs, tags }: Stack): string {
  const pairsOf = (all: Readonly<Record<string, string>>, key: string, value: string) =>
    Object.entries(all).map(([one, text]) => `${element(key, one)}${element(value, text)}`);
  return [
    element("StackName", name),
    element("StackId", id),
    element("CreationTime", "2026-01-01T00:00:00Z"),
    element("StackStatus", status),
    list("Outputs", pairsOf(outputs, "OutputKey", "OutputValue")),
    list("Tags", pairsOf(tags, "Key", "Value")),
  ].join("");
}

function describeChangeSet({ name, id, stack, status, reason, changes }: ChangeSet): string {
  const rows = changes.map(({ action, logicalId, type }) => {
    const change = `${element("Action", action)}${element("LogicalResourceId", logicalId)}${element("ResourceType", type)}`;
    return `<Type>Resource</Type><ResourceChange>${change}${action === "Modify" ? "<Replacement>False</Replacement>" : ""}</ResourceChange>`;
  });
  return [
    element("ChangeSetName", name),
    element("ChangeSetId", id),
    element("StackId", stack.id),
    element("StackName", stack.name),
    element("CreationTime", "2026-01-01T00:00:00Z"),
    element("ExecutionStatus", status === "FAILED" ? "UNAVAILABLE" : "AVAILABLE"),
    element("Status", status),
    ...(reason === "" ? [] : [element("StatusReason", reason)]),
    list("Changes", rows),
  ].join("");
}

function describeEvents({ name, id, events }: Stack): string[] {
  return events
    .map(({ logicalId, type, physicalId, status, reason, at }, index) =>
      [
        element("StackId", id),
        element("StackName", name),
        element("EventId", `${index}-${logicalId}`),
        element("LogicalResourceId", logicalId),
        element("PhysicalResourceId", physicalId),
        element("ResourceType", type),
        element("Timestamp", at.toISOString()),
        element("ResourceStatus", status),
        ...(reason === "" ? [] : [element("ResourceStatusReason", reason)]),
      ].join(""),
    )
    .toReversed();
}

function describeResources({ name, status, resources }: Stack): string[] {
  return [...resources.values()].map(({ logicalId, type, physicalId }) =>
    [
      element("StackName", name),
      element("LogicalResourceId", logicalId),
      element("PhysicalResourceId", physicalId),
      element("ResourceType", type),
      element("LastUpdatedTimestamp", "2026-01-01T00:00:00Z"),
      element("Timestamp", "2026-01-01T00:00:00Z"),
      element("ResourceStatus", status === "CREATE_COMPLETE" ? "CREATE_COMPLETE" : "UPDATE_COMPLETE"),
    ].join(""),
  );
}
