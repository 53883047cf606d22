import { RemovalPolicy, type Stack } from "aws-cdk-lib";
import { AnyPrincipal, Effect, PolicyStatement, ServicePrincipal } from "aws-cdk-lib/aws-iam";
import { Key } from "aws-cdk-lib/aws-kms";
import type { Instance } from "./settings.ts";

/**
 * Makes the key for all data of calls and agents: audio, agent events, segments, recordings. It is customer-managed, because
 * Amazon Connect cannot write agent events to a stream on the `aws/kinesis` key (Administrator Guide, "Enable agent event
 * streams").
 * @param keep true if recordings stay after the stack is deleted. Then the key has to stay too.
 */
export function createKey(stack: Stack, instance: Instance, keep: boolean): Key {
  const key = new Key(stack, "Key", {
    description: "Vigia: calls' audio, agent events, recordings",
    enableKeyRotation: true,
    removalPolicy: keep ? RemovalPolicy.RETAIN : RemovalPolicy.DESTROY,
  });
  // The name of the instance's service-linked role ends in letters that only Connect knows, and a principal takes no wildcard.
  // So the policy allows any principal of this account whose name fits, and only through Kinesis.
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
