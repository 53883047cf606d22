import { ACTIONS, type ActionName } from "../../protocol/actions.ts";
import { SettingsReader } from "../../protocol/settings-reader.ts";
import { checked, type Environment, FROM_STACK } from "./settings.ts";

/** Where recordings may be read. null = not from there. */
export interface RecordingSources {
  /** The bucket of the recordings that the transcriber makes. */
  ownBucket: string | null;
  /** `bucket/prefix` of those that Amazon Connect makes. */
  connectLocation: string | null;
}

export interface ActionsFunctionSettings {
  instanceId: string;
  /** Name or ARN of the Secrets Manager secret with the signing secrets for actions. It is not that of the posts to the hub. */
  secretId: string;
  /** Bucket for the ids of the orders that were taken. */
  idsBucket: string;
  enabled: ReadonlySet<ActionName>;
  /** Where recordings may be read for links to them. Absent = there are no links. */
  recordings: RecordingSources;
}

/** @throws ConfigError */
export function readActionsSettings(environment: Environment): ActionsFunctionSettings {
  const reader = new SettingsReader(environment);
  const words = reader.words("ACTIONS");
  const settings = {
    instanceId: reader.requiredText("INSTANCE_ID", "Set it to the stack output InstanceId."),
    secretId: reader.requiredText("ACTIONS_SECRET_ID", "Set it to the stack output ActionsSecretArn."),
    idsBucket: reader.requiredText("ACTION_IDS_BUCKET", "Set it to the name of the bucket for the ids of actions."),
    recordings: {
      ownBucket: reader.optionalText("RECORDING_LINKS_BUCKET"),
      connectLocation: reader.optionalText("CONNECT_RECORDINGS"),
    },
    enabled: new Set(ACTIONS.filter((action) => words.includes(action))),
  };
  return checked(reader, settings, FROM_STACK);
}
