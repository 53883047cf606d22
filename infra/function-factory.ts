import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { Construct } from "constructs";
import { type FunctionName, IngestFunction, type IngestFunctionProps } from "./node-function.ts";
import type { DeploymentSettings, Instance } from "./settings.ts";

/** The properties in which the functions differ. */
export type FunctionProps = Omit<IngestFunctionProps, "environment" | "logRetention"> & {
  environment?: Record<string, string>;
};

export interface FunctionFactoryProps {
  settings: DeploymentSettings;
  instance: Instance;
  /** Signs the posts. */
  secret: Secret;
  /** Queue for updates that the hub refused. */
  undelivered: IQueue;
}

/** Makes the functions of the stack with their environment, and keeps a list of them for the alarms. */
export class FunctionFactory {
  readonly all = new Map<FunctionName, IngestFunction>();
  readonly #props: FunctionFactoryProps;

  constructor(props: FunctionFactoryProps) {
    this.#props = props;
  }

  /** Makes a function that does not post to the hub. */
  plainFunction(scope: Construct, id: string, props: FunctionProps): IngestFunction {
    const { settings, instance } = this.#props;
    const made = new IngestFunction(scope, id, {
      ...props,
      logRetention: settings.logRetentionDays,
      environment: {
        INSTANCE_ID: instance.id,
        LOG_LEVEL: settings.logLevel,
        POWERTOOLS_SERVICE_NAME: props.name ?? props.entry,
        POWERTOOLS_METRICS_NAMESPACE: settings.stackName,
        ...props.environment,
      },
    });
    this.all.set(props.name ?? props.entry, made);
    return made;
  }

  /** Makes a function that may sign posts to the hub. It keeps no update that the hub refused. */
  signingFunction(scope: Construct, id: string, props: FunctionProps): IngestFunction {
    const { settings, secret } = this.#props;
    const made = this.plainFunction(scope, id, {
      ...props,
      environment: { HUB_URL: settings.hubUrl, HUB_SECRET_ID: secret.secretArn, ...props.environment },
    });
    made.allow("SignPosts", ["secretsmanager:GetSecretValue"], [secret.secretArn]);
    return made;
  }

  /** Makes a function that may sign posts to the hub, and send refused updates to the dead-letter queue. */
  hubClientFunction(scope: Construct, id: string, props: FunctionProps): IngestFunction {
    const { undelivered } = this.#props;
    const environment = { DEAD_LETTER_QUEUE_URL: undelivered.queueUrl, ...props.environment };
    const made = this.signingFunction(scope, id, { ...props, environment });
    made.allow("DeadLetterPosts", ["sqs:SendMessage"], [undelivered.queueArn]);
    return made;
  }
}
