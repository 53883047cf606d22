import * as v from "valibot";

/** A CloudFormation template, as far as the stand-in reads it (CloudFormation guide, template anatomy, 2026-11). */
export const templateSchema = v.object({
  Parameters: v.optional(v.record(v.string(), v.looseObject({ Type: v.string(), Default: v.optional(v.string()) })), {}),
  Conditions: v.optional(v.record(v.string(), v.unknown()), {}),
  Mappings: v.optional(v.record(v.string(), v.record(v.string(), v.record(v.string(), v.unknown()))), {}),
  Resources: v.record(
    v.string(),
    v.looseObject({
      Type: v.string(),
      Condition: v.optional(v.string()),
      Properties: v.optional(v.record(v.string(), v.unknown()), {}),
      DependsOn: v.optional(v.union([v.string(), v.array(v.string())]), []),
      DeletionPolicy: v.optional(v.string()),
    }),
  ),
  Outputs: v.optional(v.record(v.string(), v.looseObject({ Value: v.unknown(), Condition: v.optional(v.string()) })), {}),
});
export type CloudFormationTemplate = v.InferOutput<typeof templateSchema>;

/** What a reference in a template stands for. */
export interface TemplateScope {
  template: CloudFormationTemplate;
  /** Parameters and pseudo parameters, such as `AWS::Region`. */
  values: ReadonlyMap<string, string>;
  /** The result of `Ref` to a resource, or of `Fn::GetAtt`. @throws Error when the template has no such resource */
  resource(logicalId: string, attribute: string | null): string;
}

const partsSchema = v.array(v.unknown());
const textsSchema = v.array(v.string());
const pairSchema = v.tuple([v.string(), v.record(v.string(), v.unknown())]);

/** Replaces the intrinsic functions of a value (CloudFormation guide, intrinsic function reference, 2026-11). */
export function resolved(scope: TemplateScope, value: unknown): unknown {
  if (Array.isArray(value)) return value.map((one) => resolved(scope, one)).filter((one) => one !== undefined);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value);
  const [name, argument] = entries[0] ?? ["", undefined];
  if (entries.length === 1 && (name === "Ref" || name.startsWith("Fn::"))) return callOf(scope, name, argument);
  return Object.fromEntries(
    entries.map(([key, one]) => [key, resolved(scope, one)] as const).filter(([, one]) => one !== undefined),
  );
}

export function textOf(scope: TemplateScope, value: unknown): string {
  return String(resolved(scope, value));
}

function callOf(scope: TemplateScope, name: string, argument: unknown): unknown {
  const parts = () => v.parse(partsSchema, argument);
  if (name === "Ref") return referenceOf(scope, String(argument));
  if (name === "Fn::GetAtt") {
    const [id = "", ...path] = typeof argument === "string" ? argument.split(".") : v.parse(textsSchema, argument);
    return scope.resource(id, path.join("."));
  }
  if (name === "Fn::Sub") return substituted(scope, argument);
  if (name === "Fn::Join") {
    const [separator, list] = parts();
    return v.parse(partsSchema, resolved(scope, list)).map(String).join(String(separator));
  }
  if (name === "Fn::Select") {
    const [index, list] = parts();
    return v.parse(partsSchema, resolved(scope, list))[Number(index)];
  }
  if (name === "Fn::Split") {
    const [separator, text] = parts();
    return textOf(scope, text).split(String(separator));
  }
  if (name === "Fn::FindInMap") {
    const [map = "", first = "", second = ""] = parts().map((one) => textOf(scope, one));
    return scope.template.Mappings[map]?.[first]?.[second];
  }
  if (name === "Fn::If") {
    const [condition, yes, no] = parts();
    return resolved(scope, holds(scope, { Condition: condition }) ? yes : no);
  }
  if (["Fn::Equals", "Fn::And", "Fn::Or", "Fn::Not"].includes(name)) return holds(scope, { [name]: argument });
  throw new Error(`The stand-in of CloudFormation does not know ${name}.`);
}

/** Whether a condition of the template is true. */
export function holds(scope: TemplateScope, condition: unknown): boolean {
  const [name, argument] = Object.entries(v.parse(v.record(v.string(), v.unknown()), condition))[0] ?? ["", undefined];
  if (name === "Condition") return holds(scope, scope.template.Conditions[String(argument)]);
  const parts = v.parse(partsSchema, argument);
  if (name === "Fn::Not") return !holds(scope, parts[0]);
  if (name === "Fn::And") return parts.every((one) => holds(scope, one));
  if (name === "Fn::Or") return parts.some((one) => holds(scope, one));
  if (name === "Fn::Equals") return textOf(scope, parts[0]) === textOf(scope, parts[1]);
  throw new Error(`The stand-in of CloudFormation does not know the condition ${name}.`);
}

function referenceOf(scope: TemplateScope, name: string): string | undefined {
  if (name === "AWS::NoValue") return undefined;
  return scope.values.get(name) ?? scope.resource(name, null);
}

function substituted(scope: TemplateScope, argument: unknown): string {
  const [text, own] = typeof argument === "string" ? [argument, {}] : v.parse(pairSchema, argument);
  return text.replaceAll(/\$\{([^!}][^}]*)\}/g, (_, name: string) => {
    if (name in own) return textOf(scope, own[name]);
    const known = scope.values.get(name);
    if (known !== undefined) return known;
    const [id = "", ...path] = name.split(".");
    return scope.resource(id, path.length === 0 ? null : path.join("."));
  });
}
