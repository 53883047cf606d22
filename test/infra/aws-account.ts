/** A request as the stand-in saw it. Key and Region come from its signature. */
export interface SeenRequest {
  accessKey: string;
  region: string;
  service: string;
  method: string;
  path: string;
  body: string;
}

export interface AwsAnswer {
  status: number;
  type: string;
  body: string;
}

export interface StackContent {
  outputs: Record<string, string>;
  resources: { type: string; physicalId: string; logicalId: string }[];
}

type JsonAnswer = (body: Record<string, unknown>, path: string) => unknown;

/** A refusal of AWS. `code` is the name of the error. */
export class AwsRefusal extends Error {
  readonly code: string;
  constructor(code: string, message = "refused") {
    super(message);
    this.code = code;
  }
}

/**
 * What one account has in one Region: stacks, secrets, and answers of other services. Tests change it while the stand-in runs.
 * Forms: API references of CloudFormation (Query protocol) and Secrets Manager (JSON 1.1), 2026-11.
 */
export class AwsAccount {
  readonly stacks = new Map<string, StackContent>();
  /** ARN -> value and when it got it. */
  readonly secrets = new Map<string, { text: string; since: Date }>();
  /** `service Operation` (JSON services) or `service /path` (REST services, the start of the path) -> the answer. */
  readonly json = new Map<string, JsonAnswer>();

  answer({ service, path, body }: SeenRequest, target: string): AwsAnswer | null {
    try {
      if (service === "cloudformation") return this.#cloudFormation(new URLSearchParams(body));
      if (service === "secretsmanager") return json(this.#secret(target.split(".")[1] ?? "", JSON.parse(body)));
      const operation = target.split(".").at(-1);
      const key = [...this.json.keys()].find((one) => one === `${service} ${operation}` || `${service} ${path}`.startsWith(one));
      const answer = key === undefined ? undefined : this.json.get(key);
      return answer === undefined ? null : json(answer(body === "" ? {} : JSON.parse(body), path));
    } catch (error) {
      if (error instanceof AwsRefusal) return refusalOf(error, service);
      throw error;
    }
  }

  #cloudFormation(query: URLSearchParams): AwsAnswer {
    const action = query.get("Action") ?? "";
    const name = query.get("StackName");
    if (action === "DescribeStacks" || action === "ListStackResources") {
      const stack = this.stacks.get(name ?? "");
      if (stack === undefined) throw new AwsRefusal("ValidationError", `Stack with id ${name} does not exist`);
      return xml(
        action,
        action === "DescribeStacks" ? stackXml(name ?? "", stack) : resourcesXml(name ?? "", stack, "StackResourceSummaries"),
      );
    }
    if (action === "DescribeStackResources") {
      const id = query.get("PhysicalResourceId") ?? "";
      const owner = [...this.stacks].find(([, { resources }]) => resources.some(({ physicalId }) => physicalId === id));
      if (owner === undefined) throw new AwsRefusal("ValidationError", `Stack for ${id} does not exist`);
      return xml(action, resourcesXml(owner[0], owner[1], "StackResources"));
    }
    throw new AwsRefusal("ValidationError", "unknown action");
  }

  #secret(operation: string, input: Record<string, unknown>): unknown {
    const arn = String(input["SecretId"]);
    const secret = this.secrets.get(arn);
    if (secret === undefined) throw new AwsRefusal("ResourceNotFoundException");
    if (operation === "PutSecretValue") this.secrets.set(arn, { text: String(input["SecretString"]), since: new Date() });
    const { text, since } = this.secrets.get(arn) ?? secret;
    return operation === "GetSecretValue" ? { ARN: arn, SecretString: text, CreatedDate: since.getTime() / 1000 } : { ARN: arn };
  }
}

const json = (body: unknown): AwsAnswer => ({ status: 200, type: "application/x-amz-json-1.1", body: JSON.stringify(body) });

function refusalOf({ code, message }: AwsRefusal, service: string): AwsAnswer {
  if (service === "cloudformation") {
    const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
    return { status: 400, type: "text/xml", body: `<ErrorResponse>${error}</ErrorResponse>` };
  }
  return { status: 400, type: "application/x-amz-json-1.1", body: JSON.stringify({ __type: code, code, message }) };
}

const xml = (action: string, result: string): AwsAnswer => ({
  status: 200,
  type: "text/xml",
  body: `<${action}Response xmlns="http://cloudformation.amazonaws.com/doc/2010-05-15/"><${action}Result>${result}</${action}Result></${action}Response>`,
});

function stackXml(name: string, { outputs }: StackContent): string {
  const members = Object.entries(outputs).map(
    ([key, value]) => `<member><OutputKey>${key}</OutputKey><OutputValue>${value}</OutputValue></member>`,
  );
  return `<Stacks><member><StackName>${name}</StackName><CreationTime>2026-01-01T00:00:00Z</CreationTime><StackStatus>CREATE_COMPLETE</StackStatus><Outputs>${members.join("")}</Outputs></member></Stacks>`;
}

function resourcesXml(name: string, { resources }: StackContent, list: string): string {
  const members = resources.map(
    ({ type, physicalId, logicalId }) =>
      `<member><StackName>${name}</StackName><LogicalResourceId>${logicalId}</LogicalResourceId><PhysicalResourceId>${physicalId}</PhysicalResourceId><ResourceType>${type}</ResourceType><ResourceStatus>CREATE_COMPLETE</ResourceStatus></member>`,
  );
  return `<${list}>${members.join("")}</${list}>`;
}
