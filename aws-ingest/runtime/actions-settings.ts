import { ACTIONS, type ActionName } from "../../protocol/actions.ts";
import { SettingsReader } from "../../protocol/settings-reader.ts";
import { checked, type Environment, FROM_STACK } from "./settings.ts";

export interface ActionsFunctionSettings {
  instanceId: string;
  /** Name or ARN of the Secrets Manager secret with the signing secrets for actions. It is not that of the posts to the hub. */
  secretId: string;
  /** Bucket for the ids of the orders that were taken. */
  idsBucket: string;
  enabled: ReadonlySet<ActionName>;
}

/** @throws ConfigError */
export function readActionsSettings(environment: Environment): ActionsFunctionSettings {
  const reader = new SettingsReader(environment);
  const words = reader.words("ACTIONS");
  const settings = {
    instanceId: reader.requiredText("INSTANCE_ID", "Set it to the stack output InstanceId."),
    secretId: reader.requiredText("ACTIONS_SECRET_ID", "Set it to the stack output ActionsSecretArn."),
    idsBucket: reader.requiredText("ACTION_IDS_BUCKET", "Set it to the name of the bucket for the ids of actions."),
    enabled: new Set(ACTIONS.filter((action) => words.includes(action))),
  };
  return checked(reader, settings, FROM_STACK);
}
