import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import type { CfnContactFlow } from "aws-cdk-lib/aws-connect";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { CallTranscription } from "./call-transcription.ts";
import type { Instance } from "./context.ts";

export interface Outputs {
  instance: Instance;
  secret: Secret;
  undelivered: IQueue;
  failed: IQueue;
  dashboard: Dashboard;
  audio: CallTranscription | null;
  flow: CfnContactFlow | null;
}

/** What the person at the terminal needs next, printed by `cdk deploy`. */
export function writeOutputs(stack: Stack, outputs: Outputs): void {
  const { instance, secret, undelivered, failed, dashboard, audio, flow } = outputs;
  const lines: [name: string, description: string, value: string][] = [
    ["InstanceId", "The name of this contact center in every hub address", instance.id],
    ["SigningSecretArn", "npm run secret -- put --secret-id THIS", secret.secretArn],
    ["UndeliveredQueueUrl", "Posts the hub would not take; npm run replay", undelivered.queueUrl],
    ["FailedQueueUrl", "Notes about events that could not be handled", failed.queueUrl],
    [
      "DashboardUrl",
      "What is going on, in CloudWatch",
      `https://${instance.region}.console.aws.amazon.com/cloudwatch/home?region=${instance.region}#dashboards:name=${dashboard.dashboardName}`,
    ],
  ];
  if (audio)
    lines.push([
      "TriggerFunctionArn",
      "For the Invoke AWS Lambda function block of your own flows",
      audio.trigger.lambda.functionArn,
    ]);
  if (flow) lines.push(["FlowArn", "Give this flow a phone number, or start a web call with it", flow.attrContactFlowArn]);
  for (const [name, description, value] of lines) new CfnOutput(stack, name, { description, value });
}
