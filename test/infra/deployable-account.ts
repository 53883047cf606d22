import * as v from "valibot";
import { AwsAccount, type AwsAnswer, AwsRefusal, type SeenRequest } from "./aws-account.ts";
import { answerOf } from "./cloudformation/answers.ts";
import { type MadeResource, Stacks } from "./cloudformation/stacks.ts";

/**
 * An account in one Region into which the CDK can deploy. What the stand-in of CloudFormation makes is there for the other services:
 * parameters, buckets with what the CDK puts into them, secrets, functions. Everything else answers as {@link AwsAccount}.
 */
export class DeployableAccount {
  readonly content = new AwsAccount();
  readonly stacks: Stacks;
  readonly parameters = new Map<string, string>();
  /** Bucket -> key -> content. */
  readonly buckets = new Map<string, Map<string, string>>();
  /** Logical ids that their service refuses, with the reason. */
  readonly refused = new Map<string, string>();
  /** Names of functions, with the payloads that they got. */
  readonly functions = new Map<string, string[]>();
  /** Operations that no stand-in knows. */
  readonly unknown: string[] = [];
  readonly #account: string;
  readonly #region: string;

  constructor(account: string, region: string) {
    this.#account = account;
    this.#region = region;
    this.stacks = new Stacks({
      account,
      region,
      parameter: (name) => this.parameters.get(name),
      make: (resource) => this.#make(resource),
      remove: (resource) => this.#remove(resource),
    });
  }

  /** As after `cdk bootstrap`, as far as a deployment notices it (aws-cdk 2.1148, bootstrap-template.yaml). */
  bootstrap(): void {
    this.parameters.set("/cdk-bootstrap/hnb659fds/version", "30");
    this.buckets.set(`cdk-hnb659fds-assets-${this.#account}-${this.#region}`, new Map());
  }

  answer(request: SeenRequest, target: string): AwsAnswer | null {
    try {
      return this.#answer(request, target);
    } catch (error) {
      if (!(error instanceof AwsRefusal)) throw error;
      if (request.service === "cloudformation") return xmlRefusal(error);
      return { status: 400, type: JSON_TYPE, body: JSON.stringify({ __type: error.code, message: error.message }) };
    }
  }

  #answer(request: SeenRequest, target: string): AwsAnswer | null {
    const { service, method, path, body } = request;
    if (service === "cloudformation") {
      const query = new URLSearchParams(body);
      const action = query.get("Action") ?? "";
      try {
        const result = answerOf(this.stacks, query, (url) => this.#read(new URL(url).pathname));
        return xml(action, "http://cloudformation.amazonaws.com/doc/2010-05-15/", result);
      } catch (error) {
        if (error instanceof AwsRefusal && error.code === "InvalidAction") this.unknown.push(`${service} ${action}`);
        throw error;
      }
    }
    if (service === "sts") return assumedRole(new URLSearchParams(body), this.#account);
    if (service === "s3") return this.#s3(method, path, body);
    if (service === "ssm" && target.endsWith(".GetParameter")) return this.#parameter(String(JSON.parse(body).Name));
    if (service === "lambda" && path.startsWith("/2015-03-31/functions")) return this.#lambda(path, body);
    return this.content.answer(request, target);
  }

  #parameter(name: string): AwsAnswer | null {
    const Value = this.parameters.get(name);
    return Value === undefined ? null : json({ Parameter: { Name: name, Type: "String", Value, Version: 1 } });
  }

  /** Amazon S3 API reference, 2026-11: where a bucket is, which objects it has, how it encrypts, and objects themselves. */
  #s3(method: string, path: string, body: string): AwsAnswer {
    const url = new URL(path, "http://s3");
    const [, name = "", ...key] = decodeURIComponent(url.pathname).split("/");
    const bucket = this.buckets.get(name);
    if (bucket === undefined) return { status: 404, type: "text/xml", body: "<Error><Code>NoSuchBucket</Code></Error>" };
    if (method === "PUT") {
      bucket.set(key.join("/"), body);
      return { status: 200, type: "text/xml", body: "" };
    }
    const answer = (text: string) => ({ status: 200, type: "text/xml", body: text });
    if (url.searchParams.has("location")) return answer(`<LocationConstraint>${this.#region}</LocationConstraint>`);
    if (url.searchParams.has("encryption")) {
      const rule = "<ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault>";
      return answer(`<ServerSideEncryptionConfiguration><Rule>${rule}</Rule></ServerSideEncryptionConfiguration>`);
    }
    const prefix = url.searchParams.get("prefix") ?? "";
    const found = [...bucket.keys()].filter((one) => one.startsWith(prefix));
    return answer(
      `<ListBucketResult>${found.map((one) => `<Contents><Key>${one}</Key></Contents>`).join("")}</ListBucketResult>`,
    );
  }

  #read(path: string): string {
    const [, name = "", ...key] = decodeURIComponent(path).split("/");
    const text = this.buckets.get(name)?.get(key.join("/"));
    if (text === undefined) throw new AwsRefusal("ValidationError", "S3 error: The specified key does not exist.");
    return text;
  }

  /** Lambda API reference, 2026-11: ListFunctions and Invoke. */
  #lambda(path: string, body: string): AwsAnswer {
    const [, name] = /\/functions\/([^/]+)\/invocations/.exec(path) ?? [];
    if (name === undefined) return json({ Functions: [...this.functions.keys()].map((FunctionName) => ({ FunctionName })) });
    const payloads = this.functions.get(name);
    if (payloads === undefined) return { status: 404, type: JSON_TYPE, body: '{"Type":"User","Message":"Function not found"}' };
    payloads.push(body);
    return json({});
  }

  #make({ logicalId, type, physicalId, properties }: MadeResource): string | null {
    const reason = this.refused.get(logicalId);
    if (reason !== undefined) return reason;
    if (type === "AWS::S3::Bucket" && !this.buckets.has(physicalId)) this.buckets.set(physicalId, new Map());
    if (type === "AWS::SSM::Parameter") this.parameters.set(String(properties["Name"]), String(properties["Value"]));
    // GenerateSecretString makes a random word once; an update leaves the value alone.
    if (type === "AWS::SecretsManager::Secret" && !this.content.secrets.has(physicalId))
      this.content.secrets.set(physicalId, { text: "RandomWordOfCloudFormation", since: new Date() });
    if (type !== "AWS::Lambda::Function") return null;
    const code = v.safeParse(v.object({ S3Bucket: v.string(), S3Key: v.string() }), properties["Code"]);
    if (code.success && this.buckets.get(code.output.S3Bucket)?.has(code.output.S3Key) !== true)
      return "Error occurred while GetObject. S3 Error Code: NoSuchKey. S3 Error Message: The specified key does not exist.";
    if (!this.functions.has(physicalId)) this.functions.set(physicalId, []);
    return null;
  }

  #remove({ type, physicalId }: MadeResource): void {
    if (type === "AWS::SecretsManager::Secret") this.content.secrets.delete(physicalId);
    if (type === "AWS::Lambda::Function") this.functions.delete(physicalId);
  }
}

const JSON_TYPE = "application/x-amz-json-1.1";
const json = (body: unknown): AwsAnswer => ({ status: 200, type: JSON_TYPE, body: JSON.stringify(body) });

const xml = (action: string, namespace: string, result: string): AwsAnswer => ({
  status: 200,
  type: "text/xml",
  body: `<${action}Response xmlns="${namespace}"><${action}Result>${result}</${action}Result></${action}Response>`,
});

function xmlRefusal({ code, message }: AwsRefusal): AwsAnswer {
  const error = `<Error><Type>Sender</Type><Code>${code}</Code><Message>${message}</Message></Error>`;
  return { status: 400, type: "text/xml", body: `<ErrorResponse>${error}</ErrorResponse>` };
}

/** The roles of the CDK's bootstrap. The key of the answer says whose it is (STS API reference, AssumeRole, 2026-11). */
function assumedRole(query: URLSearchParams, account: string): AwsAnswer {
  const role = query.get("RoleArn") ?? "";
  if (role.split(":")[4] !== account) return xmlRefusal(new AwsRefusal("AccessDenied", `not authorized to assume ${role}`));
  const keys = `<AccessKeyId>ASIA${account}</AccessKeyId><SecretAccessKey>s</SecretAccessKey><SessionToken>t</SessionToken>`;
  const until = new Date(Date.now() + 3_600_000).toISOString();
  const credentials = `<Credentials>${keys}<Expiration>${until}</Expiration></Credentials>`;
  const user = `<AssumedRoleUser><Arn>${role.replace(":iam:", ":sts:")}/s</Arn><AssumedRoleId>R:s</AssumedRoleId></AssumedRoleUser>`;
  return xml("AssumeRole", "https://sts.amazonaws.com/doc/2011-06-15/", `${credentials}${user}`);
}
