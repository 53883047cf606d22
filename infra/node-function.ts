import { fileURLToPath } from "node:url";
import { Duration, RemovalPolicy, Validations } from "aws-cdk-lib";
import { Effect, PolicyStatement, Role, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Architecture, type Function as LambdaFunction, RecursiveLoop, Runtime } from "aws-cdk-lib/aws-lambda";
import { LogLevel, NodejsFunction, OutputFormat, SourceMapMode } from "aws-cdk-lib/aws-lambda-nodejs";
import { LogGroup, type RetentionDays } from "aws-cdk-lib/aws-logs";
import { Construct } from "constructs";

const root = fileURLToPath(new URL("..", import.meta.url));

/** The entry files of `aws-ingest/handlers/`; each exports `handler`. */
export type EntryFile = "trigger" | "transcriber" | "agent-events" | "contact-lens" | "reconcile" | "contact-events";

export interface IngestFunctionProps {
  entry: EntryFile;
  description: string;
  timeout: Duration;
  /** MiB; CPU grows with it (one vCPU at 1769). */
  memory: number;
  environment: Record<string, string>;
  logRetention: RetentionDays;
  /** Only the transcriber invokes itself on purpose; everything else that loops is a mistake Lambda should stop. */
  callsItself?: boolean;
  reservedConcurrency?: number;
}

/**
 * One Lambda function: bundled on this machine by esbuild, on a role that starts with nothing but its own log group.
 * No managed policy, because AWSLambdaBasicExecutionRole would allow writing to every log group of the account.
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
        // The runtime's own copy of the SDK lags behind, and Transcribe's event streams change often.
        bundleAwsSDK: true,
        minify: true,
        keepNames: true,
        sourceMap: true,
        sourceMapMode: SourceMapMode.DEFAULT,
        sourcesContent: false,
        logLevel: LogLevel.WARNING,
        // CommonJS packages inside the ES module bundle call `require` for Node's own modules.
        banner: "import{createRequire as __createRequire}from'node:module';const require=__createRequire(import.meta.url);",
      },
    });
    this.allow("WriteOwnLogs", ["logs:CreateLogStream", "logs:PutLogEvents"], [logGroup.logGroupArn]);
  }

  /** Adds one statement to the function's role: these actions on these resources, nothing else. */
  allow(sid: string, actions: string[], resources: string[], conditions?: Record<string, Record<string, string>>): void {
    this.role.addToPolicy(
      new PolicyStatement({ sid, effect: Effect.ALLOW, actions, resources, ...(conditions ? { conditions } : {}) }),
    );
  }
}

/** How long Lambda keeps an asynchronous event it could not start; older news about a live call is worth nothing. */
export const MAX_EVENT_AGE = Duration.seconds(60);

/** Tells cdk-nag why this function's role names a wildcard. `resource` is the wildcard as the role's policy spells it. */
export function acknowledgeWildcard(target: IngestFunction, resource: string, reason: string): void {
  Validations.of(target).acknowledge({ id: `AwsSolutions-IAM5[Resource::${resource}]`, reason });
}
