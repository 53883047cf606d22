import type { Deployment } from "./settings-file.ts";

/** Returns the lines that each command prints before it acts: the file, and each stack with its account, Region and Worker. */
export function summarise(file: string, deployments: readonly Deployment[]): string {
  return [
    `Settings: ${file}`,
    ...deployments.map(
      ({ settings, instance, stage }) =>
        `  Stack ${settings.stackName}: account ${instance.account}, Region ${instance.region}, instance ${instance.id} ` +
        `(${settings.instanceAlias}), Worker ${stage.workerName} (stage ${stage.name}) at ${settings.hubUrl}`,
    ),
  ].join("\n");
}
