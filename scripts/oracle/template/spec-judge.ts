import * as v from "valibot";

interface PropertyKind {
  type: string;
  element?: unknown;
  reference?: unknown;
  types?: unknown[] | undefined;
  allowedValues?: unknown[] | undefined;
}
const kindSchema = v.looseObject({
  type: v.string(),
  element: v.optional(v.unknown()),
  reference: v.optional(v.unknown()),
  types: v.optional(v.array(v.unknown())),
  allowedValues: v.optional(v.array(v.unknown())),
});
const propertiesSchema = v.record(v.string(), v.looseObject({ type: v.unknown(), required: v.optional(v.boolean()) }));
const definitionSchema = v.looseObject({ name: v.string(), properties: propertiesSchema });
const referenceSchema = v.looseObject({ $ref: v.string() });
const packageSchema = v.looseObject({ loadAwsServiceSpecSync: v.function() });
const databaseSchema = v.looseObject({ lookup: v.function(), get: v.function() });
type Properties = v.InferOutput<typeof propertiesSchema>;

/** Judges the resources of a template by the specification that the CDK's own classes are generated from. */
export class SpecJudge {
  readonly #database: v.InferOutput<typeof databaseSchema>;

  /** @param loaded the package `@aws-cdk/aws-service-spec` */
  constructor(loaded: unknown) {
    this.#database = v.parse(databaseSchema, v.parse(packageSchema, loaded).loadAwsServiceSpecSync());
  }

  /** Returns what is wrong with a resource, one sentence each. */
  problemsOf(id: string, type: string, properties: unknown): string[] {
    const found = v.parse(v.array(definitionSchema), [...v.parse(v.array(v.unknown()), this.#find(type))]);
    const [resource] = found;
    // A custom resource has properties of its own.
    if (resource === undefined)
      return /^Custom::|^AWS::CDK::|^AWS::CloudFormation::CustomResource/.test(type) ? [] : [`${id}: there is no type ${type}.`];
    return this.#inObject(`${id} (${type})`, resource.properties, properties);
  }

  #find(type: string): unknown {
    return this.#database.lookup("resource", "cloudFormationType", "equals", type);
  }

  #inObject(place: string, known: Properties, given: unknown): string[] {
    const entries = Object.entries(v.parse(v.record(v.string(), v.unknown()), given));
    const missing = Object.entries(known).filter(
      ([name, { required }]) => required === true && !entries.some(([own]) => own === name),
    );
    return [
      ...missing.map(([name]) => `${place} needs ${name}.`),
      ...entries.flatMap(([name, value]) => {
        const property = known[name];
        return property === undefined ? [`${place} has no ${name}.`] : this.#inValue(`${place} ${name}`, property.type, value);
      }),
    ];
  }

  #inValue(place: string, kind: unknown, value: unknown): string[] {
    const { type, element, reference, types, allowedValues }: PropertyKind = v.parse(kindSchema, kind);
    if (isIntrinsic(value)) return [];
    const wrong = [`${place} is no ${type}.`];
    switch (type) {
      case "string":
      case "date-time":
        // CloudFormation takes numbers and booleans for texts.
        if (typeof value === "object" || value === null) return wrong;
        if (allowedValues !== undefined && !allowedValues.includes(value))
          return [`${place} may not be ${JSON.stringify(value)}.`];
        return [];
      case "integer":
      case "number":
        return Number.isFinite(Number(value)) && typeof value !== "object" ? [] : wrong;
      case "boolean":
        return typeof value === "boolean" || value === "true" || value === "false" ? [] : wrong;
      case "array":
        return Array.isArray(value) ? value.flatMap((one, index) => this.#inValue(`${place}[${index}]`, element, one)) : wrong;
      case "map":
        if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong;
        return Object.entries(value).flatMap(([name, one]) => this.#inValue(`${place}.${name}`, element, one));
      case "ref": {
        if (typeof value !== "object" || value === null || Array.isArray(value)) return wrong;
        const definition = this.#database.get("typeDefinition", v.parse(referenceSchema, reference).$ref);
        return this.#inObject(place, v.parse(definitionSchema, definition).properties, value);
      }
      case "union": {
        const tried = (types ?? []).map((one) => this.#inValue(place, one, value));
        return tried.some((problems) => problems.length === 0) ? [] : (tried[0] ?? []);
      }
      default:
        return [];
    }
  }
}

function isIntrinsic(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  const [name, ...others] = Object.keys(value);
  return others.length === 0 && name !== undefined && /^(Ref|Condition|Fn::\w+)$/.test(name);
}
