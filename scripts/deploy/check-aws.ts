import { ConnectClient, DescribeInstanceCommand } from "@aws-sdk/client-connect";
import type { Deployment } from "../../infra/settings-file.ts";
import { checkOrExplain, isNamedError } from "./aws-checks.ts";
import { checkAccountLimits } from "./check-account.ts";
import { checkActions } from "./check-actions.ts";
import { checkQueues } from "./check-queues.ts";
import { checkStorage } from "./check-storage.ts";
import { checkExisting } from "./check-streams.ts";
import { type Finding, missing, ok } from "./preflight-report.ts";

/** Checks what the account of an instance can tell before a deployment. Reads only. docs/deploy.md lists the permissions. */
export async function checkAws(deployment: Deployment): Promise<Finding[]> {
  const connect = new ConnectClient({ region: deployment.instance.region });
  try {
    return [
      ...(await checkOrExplain("The instance", "connect:DescribeInstance", () => checkInstance(connect, deployment))),
      ...(await checkOrExplain("The storage of the instance", "connect:ListInstanceStorageConfigs", () =>
        checkStorage(connect, deployment),
      )),
      ...(await checkExisting(deployment)),
      ...(await checkOrExplain("The list of queues", "connect:ListQueues", () => checkQueues(connect, deployment))),
      ...(await checkOrExplain("What actions need", "connect:DescribeInstanceAttribute", () =>
        checkActions(connect, deployment),
      )),
      ...(await checkAccountLimits(deployment)),
    ];
  } finally {
    connect.destroy();
  }
}

async function checkInstance(connect: ConnectClient, { instance, settings }: Deployment): Promise<Finding[]> {
  try {
    const { Instance: found } = await connect.send(new DescribeInstanceCommand({ InstanceId: instance.id }));
    const alias = found?.InstanceAlias;
    if (alias === settings.instanceAlias) return [ok(`The instance ${alias} is there.`)];
    return [
      missing(
        `The instance's alias is ${alias ?? "unknown"}, but instanceAlias in the settings is ${settings.instanceAlias}.`,
        "Correct instanceAlias. The transcriber may read only streams that have the real alias in their names.",
      ),
    ];
  } catch (error) {
    if (!isNamedError(error, "ResourceNotFoundException")) throw error;
    return [missing(`There is no instance ${instance.id} in ${instance.region}.`, "Correct instanceArn.")];
  }
}
