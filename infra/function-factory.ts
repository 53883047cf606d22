import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import type { DeploymentSettings, Instance } from "./context.ts";
import { type EntryFile, IngestFunction, type IngestFunctionProps } from "./node-function.ts";

/** What differs from function to function. */
export type FunctionProps = Omit<IngestFunctionProps, "environment" | "logRetention"> & {
  environment?: Record<string, string>;
};

export interface FunctionFactoryProps {
  settings: DeploymentSettings;
  instance: Instance;
  /** Signs the posts. */
  secret: Secret;
  /** Where posts go that the hub would not take. */
  undelivered: IQueue;
}

/** Makes the stack's functions, tells each what it needs to know of instance and hub, and remembers them for the alarms. */
export class FunctionFactory {
  readonly all = new Map<EntryFile, IngestFunction>();
  readonly #props: FunctionFactoryProps;

  constructor(props: FunctionFactoryProps) {
    this.#props = props;
  }

  /** A function that never talks to the hub. */
  plainFunction(scope: Construct, id: string, props: FunctionProps): IngestFunction {
    const { settings, instance } = this.#props;
    const made = new IngestFunction(scope, id, {
      ...props,
      logRetention: settings.logRetentionDays,
      environment: {
        INSTANCE_ID: instance.id,
        LOG_LEVEL: settings.logLevel,
        POWERTOOLS_SERVICE_NAME: props.entry,
        POWERTOOLS_METRICS_NAMESPACE: settings.stackName,
        ...props.environment,
      },
    });
    this.all.set(props.entry, made);
    return made;
  }

  /** A function that may sign posts to the hub and put aside what the hub will not take. */
  hubClientFunction(scope: Construct, id: string, props: FunctionProps): IngestFunction {
    const { settings, secret, undelivered } = this.#props;
    const made = this.plainFunction(scope, id, {
      ...props,
      environment: {
        HUB_URL: settings.hubUrl,
        HUB_SECRET_ID: secret.secretArn,
        DEAD_LETTER_QUEUE_URL: undelivered.queueUrl,
        ...props.environment,
      },
    });
    made.allow("SignPosts", ["secretsmanager:GetSecretValue"], [secret.secretArn]);
    made.allow("DeadLetterPosts", ["sqs:SendMessage"], [undelivered.queueArn]);
    return made;
  }
}
