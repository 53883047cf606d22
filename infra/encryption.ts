import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Instance } from "./context.ts";

/**
 * The stack's own key for everything that carries a call or an agent: audio, agent events, segments, recordings.
 * It has to be a customer-managed one: Amazon Connect cannot write agent events to a stream on the `aws/kinesis` key
 * (Administrator Guide, "Enable agent event streams").
 * @param keep whether data stays behind when the stack is deleted; then the key must stay too.
 */
export function createKey(stack: Stack, instance: Instance, keep: boolean): Key {
  const key = new Key(stack, "Key", {
    description: "Vigia: calls' audio, agent events, recordings",
    enableKeyRotation: true,
    removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  // A policy cannot name the service-linked role of the instance: its name ends in letters only Connect knows, and a
  // principal takes no wildcard. Hence any principal of this account whose name fits, and only through Kinesis.
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "ConnectWritesToStreams",
      effect: Effect.ALLOW,
      principals: [new AnyPrincipal()],
      actions: ["kms:GenerateDataKey"],
      resources: ["*"],
      conditions: {
        StringEquals: {
          "kms:CallerAccount": instance.account,
          "kms:ViaService": `kinesis.${instance.region}.amazonaws.com`,
        },
        ArnLike: {
          "aws:PrincipalArn": `arn:${instance.partition}:iam::${instance.account}:role/aws-service-role/connect.amazonaws.com/AWSServiceRoleForAmazonConnect_*`,
        },
      },
    }),
  );
  key.addToResourcePolicy(
    new PolicyStatement({
      sid: "AlarmsReachTheTopic",
      effect: Effect.ALLOW,
      principals: [new ServicePrincipal("cloudwatch.amazonaws.com")],
      actions: ["kms:Decrypt", "kms:GenerateDataKey*"],
      resources: ["*"],
      conditions: { StringEquals: { "aws:SourceAccount": instance.account } },
    }),
  );
  return key;
}
