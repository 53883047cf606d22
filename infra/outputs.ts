import { CfnOutput, type Stack } from "aws-cdk-lib";
import type { Dashboard } from "aws-cdk-lib/aws-cloudwatch";
import type { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { CallTranscription } from "./call-transcription.ts";
import type { InstanceFlows } from "./instance-flows.ts";
import type { Instance } from "./settings.ts";
import type { SupervisorActions } from "./supervisor-actions.ts";

export interface Outputs {
  instance: Instance;
  secret: Secret;
  undelivered: IQueue;
  failed: IQueue;
  dashboard: Dashboard;
  audio: CallTranscription | null;
  flows: InstanceFlows | null;
  actions: SupervisorActions | null;
}

/** Where the console of a partition is (AWS GovCloud (US) User Guide, "Signing in"; Amazon Web Services in China, "Endpoints"). */
const COMMERCIAL_CONSOLE = "console.aws.amazon.com";
const CONSOLES: ReadonlyMap<string, string> = new Map([
  ["aws-us-gov", "console.amazonaws-us-gov.com"],
  ["aws-cn", "console.amazonaws.cn"],
]);

/** Writes the values for the next steps of a deployment, which `cdk deploy` prints. */
export function writeOutputs(stack: Stack, outputs: Outputs): void {
  const { instance, secret, undelivered, failed, dashboard, audio, flows, actions } = outputs;
  const lines: [name: string, description: string, value: string][] = [
    ["InstanceId", "Id of this contact center in every address of the hub", instance.id],
    ["SigningSecretArn", "The signing secret of this stack (npm run secret)", secret.secretArn],
    ["UndeliveredQueueUrl", "Updates that the hub refused; npm run replay posts them again", undelivered.queueUrl],
    ["FailedQueueUrl", "Notes about events that no function handled", failed.queueUrl],
    [
      "DashboardUrl",
      "The dashboard in CloudWatch",
      `https://${instance.region}.${CONSOLES.get(instance.partition) ?? COMMERCIAL_CONSOLE}/cloudwatch/home?region=${instance.region}#dashboards:name=${dashboard.dashboardName}`,
    ],
  ];
  if (audio)
    lines.push([
      "TriggerFunctionArn",
      "For the Invoke AWS Lambda function block of your own flows",
      audio.trigger.lambda.functionArn,
    ]);
  if (audio?.recordings) {
    const { bucketName } = audio.recordings.bucket;
    lines.push(
      ["RecordingsBucket", "The bucket of recordings and transcripts", bucketName],
      [
        "RecordingKeys",
        "A contact's recording, by the date (UTC) on which its audio began; its transcript has the same name with .json",
        `s3://${bucketName}/<yyyy>/<mm>/<dd>/<contact id>.wav`,
      ],
    );
  }
  if (flows)
    lines.push(
      ["FlowArn", "Give this flow a phone number, or start a web call with it", flows.inbound.attrContactFlowArn],
      ["OutboundFlowArn", "Choose this outbound whisper flow in the queues of the agents", flows.outbound.attrContactFlowArn],
      ["QueueTransferFlowArn", "Choose this flow in quick connects to queues", flows.toQueue.attrContactFlowArn],
      ["AgentTransferFlowArn", "Choose this flow in quick connects to agents", flows.toAgent.attrContactFlowArn],
    );
  if (actions)
    lines.push(
      ["ActionsUrl", "Where the hub sends what supervisors order (npm run secret -- actions)", actions.url],
      ["ActionsSecretArn", "The signing secret of those orders (npm run secret -- actions)", actions.secret.secretArn],
    );
  for (const [name, description, value] of lines) new CfnOutput(stack, name, { description, value });
}
