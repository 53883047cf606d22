import type { CenterFacts } from "../protocol/center.ts";
import type { SettingsReader } from "../protocol/settings-reader.ts";

/** The names of contact centers by the id of the instance in capitals with `_` for `-`; "" = for every instance without its own. */
export type CenterNames = ReadonlyMap<string, string>;

/** A name stands in the header of a phone, in the title of a tab and in the subject of an e-mail. */
const MAX_NAME = 60;
const NAME = /^CENTER_NAME(?:_([A-Z0-9_]+))?$/;
/** Control characters, halves of characters, line breaks, and marks that turn the direction of what follows. */
const UNREADABLE = /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u202A-\u202E\u2066-\u2069]/u;

/** Reads how people call their contact centers. */
export function readCenterNames(reader: SettingsReader, advice: string): CenterNames {
  const names = new Map<string, string>();
  for (const setting of reader.namesLike(NAME)) {
    const name = (reader.optionalText(setting) ?? "").normalize();
    if ([...name].length > MAX_NAME || UNREADABLE.test(name))
      reader.refuse(setting, `is no name of at most ${MAX_NAME} characters in one line`, advice);
    else if (name !== "") names.set(NAME.exec(setting)?.[1] ?? "", name);
  }
  return names;
}

/** The settings that viewers learn of. */
interface CenterSettings {
  centerNames: CenterNames;
  timeZone: string;
  recordingRole: string | null;
}

/** Returns what viewers learn of their contact center. */
export function centerFactsOf({ centerNames, timeZone, recordingRole }: CenterSettings, instanceId: string): CenterFacts {
  const key = instanceId.toUpperCase().replaceAll("-", "_");
  return { name: centerNames.get(key) ?? centerNames.get("") ?? null, timeZone, recordingRole };
}
