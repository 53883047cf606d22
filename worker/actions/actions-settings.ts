import { ACTIONS, type ActionName } from "../../protocol/actions.ts";
import type { SettingsReader } from "../../protocol/settings-reader.ts";
import { addressProblem } from "../alerts/receiver-address.ts";

/** What supervisors may do, and whom the hub asks to do it. */
export interface ActionsSettings {
  readonly enabled: ReadonlySet<ActionName>;
  /** By the id of the instance in capitals with `_` for `-`; "" = for every instance without one of its own. */
  readonly urls: ReadonlyMap<string, string>;
  readonly secrets: ReadonlyMap<string, string>;
  /** Whether a function may be on this machine. */
  readonly allowLoopback: boolean;
}

/** The function of one contact center. */
export interface ActionFunction {
  readonly url: string;
  /** Space-separated signing secrets, newest first. */
  readonly secrets: string;
}

const URL_NAME = /^ACTIONS_URL(?:_([A-Z0-9_]+))?$/;
const SECRET_NAME = /^ACTIONS_SECRET(?:_([A-Z0-9_]+))?$/;

/** Reads which actions are on. Without the setting none is. */
export function readActionsSettings(reader: SettingsReader, advice: string): ActionsSettings {
  const words = reader.words("ACTIONS");
  const enabled = ACTIONS.filter((action) => words.includes(action));
  if (words.some((word) => !ACTIONS.some((action) => action === word)))
    reader.refuse("ACTIONS", `names an action that there is not. The actions are ${ACTIONS.join(", ")}`, advice);
  return {
    enabled: new Set(enabled),
    urls: valuesLike(reader, URL_NAME),
    secrets: valuesLike(reader, SECRET_NAME),
    allowLoopback: reader.choice("AUTH_MODE", ["jwt", "local"]) === "local",
  };
}

function valuesLike(reader: SettingsReader, pattern: RegExp): Map<string, string> {
  return new Map(
    reader.namesLike(pattern).map((name) => [pattern.exec(name)?.[1] ?? "", reader.optionalText(name) ?? ""] as const),
  );
}

/**
 * Returns the function of a contact center, or what is missing as a sentence. A mistake here takes nothing else away, so it is told to
 * whoever tries an action.
 */
export function actionFunctionOf(settings: ActionsSettings, instanceId: string): ActionFunction | string {
  const key = instanceId.toUpperCase().replaceAll("-", "_");
  const url = settings.urls.get(key) ?? settings.urls.get("");
  const secrets = settings.secrets.get(key) ?? settings.secrets.get("");
  if (!url || !secrets) return "The hub does not know the function for actions. Run npm run secret -- actions (docs/deploy.md).";
  const problem = addressProblem(url, settings.allowLoopback);
  if (problem !== null) return `ACTIONS_URL ${problem}. Run npm run secret -- actions (docs/deploy.md).`;
  return { url, secrets };
}
