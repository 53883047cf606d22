import { fileURLToPath } from "node:url";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, type Function as LambdaFunction, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogLevel, NodejsFunction, OutputFormat, SourceMapMode } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The entry files of `aws-ingest/handlers/`. Each exports `handler`. */
export type EntryFile =
  | "trigger"
  | "transcriber"
  | "agent-events"
  | "contact-lens"
  | "reconcile"
  | "contact-events"
  | "queues"
  | "actions"
  | "watchdog";

/** The functions of the stack. The transcriber's code runs in two of them. */
export type FunctionName = EntryFile | "transcriber-continue";

export interface IngestFunctionProps {
  entry: EntryFile;
  description: string;
  timeout: Duration;
  /** MiB. The CPU share grows with it: one vCPU at 1769. */
  memory: number;
  environment: Record<string, string>;
  logRetention: RetentionDays;
  /** The name of the function in alarms and tests. Absent: that of the entry file. */
  name?: FunctionName;
  /** True for the transcriber, which invokes itself. Lambda stops a loop of any other function. */
  callsItself?: boolean;
  reservedConcurrency?: number;
}

/**
 * Makes one Lambda function. esbuild bundles it on this machine. At first its role may only write to its own log group. It has
 * no managed policy, because AWSLambdaBasicExecutionRole allows writing to every log group of the account.
 */
export class IngestFunction extends Construct {
  readonly lambda: LambdaFunction;
  readonly role: Role;

  constructor(scope: Construct, id: string, props: IngestFunctionProps) {
    super(scope, id);
    const logGroup = new LogGroup(this, "Logs", { retention: props.logRetention, removalPolicy: RemovalPolicy.DESTROY });
    this.role = new Role(this, "Role", {
      assumedBy: new ServicePrincipal("lambda.amazonaws.com"),
      description: `Vigia: what ${props.entry} may do`,
    });
    this.lambda = new NodejsFunction(this, "Function", {
      entry: `${root}aws-ingest/handlers/${props.entry}.ts`,
      handler: "handler",
      description: props.description,
      runtime: Runtime.NODEJS_24_X,
      architecture: Architecture.ARM_64,
      timeout: props.timeout,
      memorySize: props.memory,
      environment: { ...props.environment, NODE_OPTIONS: "--enable-source-maps" },
      role: this.role,
      logGroup,
      recursiveLoop: props.callsItself ? RecursiveLoop.ALLOW : RecursiveLoop.TERMINATE,
      ...(props.reservedConcurrency === undefined ? {} : { reservedConcurrentExecutions: props.reservedConcurrency }),
      awsSdkConnectionReuse: false,
      projectRoot: root,
      depsLockFilePath: `${root}package-lock.json`,
      bundling: {
        format: OutputFormat.ESM,
        target: "node24",
        mainFields: ["module", "main"],
        // The runtime's own copy of the SDK is older, and Transcribe's event streams change often.
        bundleAwsSDK: true,
        minify: true,
        keepNames: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        logLevel: LogLevel.WARNING,
        // CommonJS packages in the bundle call `require` for Node's modules, and an ES module has no `require`.
        banner: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
      },
    });
    this.allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
  }

  /** Adds one statement to the function's role: these actions on these resources. */
  allow(
    sid: string,
    actions: string[],
    resources: string[],
    conditions?: Record<string, Record<string, string | string[]>>,
  ): void {
    this.role.addToPolicy(
      new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources, ...(conditions ? { conditions } : {}) }),
    );
  }
}

/** How long Lambda keeps an asynchronous event that it cannot start. An older event about a live call is useless. */
export const MAX_EVENT_AGE = Duration.seconds(60);

/**
 * Gives cdk-nag the reason for a wildcard in the role of a function.
 * @param resource the wildcard as the policy of the role spells it
 */
export function acknowledgeWildcard(target: IngestFunction, resource: string, reason: string): void {
  Validations.of(target).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
