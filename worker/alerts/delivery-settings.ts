import type { SettingsReader } from "../../protocol/settings-reader.ts";
import { type DeliveryTarget, parseDeliveryTargets } from "./target-settings.ts";

/** Who is told of alerts. */
export interface DeliverySettings {
  readonly targets: readonly DeliveryTarget[];
  /**
   * What is wrong with the targets, as sentences without a value; null = nothing. Then there are none, and the rest of the hub works
   * all the same: a mistake in a target must not take the board away.
   */
  readonly problem: string | null;
  /** The address of the board, for the links in messages; null = messages have no link. */
  readonly boardUrl: string | null;
}

/** A Worker secret holds 5 KB, and ten addresses of Teams have more. So the targets may be in several. */
const TARGETS = /^ALERT_TARGETS(_[A-Z0-9_]+)?$/;
const ADVICE = "Correct it and run npm run secret -- alert-targets (docs/deploy.md).";

/** Reads the targets of alerts and the address of the board. Without targets nobody is told. */
export function readDeliverySettings(reader: SettingsReader, advice: string): DeliverySettings {
  const allowLoopback = reader.choice("AUTH_MODE", ["jwt", "local"]) === "local";
  const boardUrl = readBoardUrl(reader, advice);
  const all = new Map<string, DeliveryTarget>();
  // `optionalText` for the first, so that everybody who asks for the names of settings learns of it.
  const names = new Set(["ALERT_TARGETS", ...reader.namesLike(TARGETS)]);
  for (const name of names) {
    const text = reader.optionalText(name);
    if (text === null) continue;
    const parsed = parseDeliveryTargets(text, allowLoopback);
    if (!parsed.ok) return { targets: [], problem: `${name} ${parsed.problem} ${ADVICE}`, boardUrl };
    for (const target of parsed.targets) {
      if (all.has(target.id))
        return { targets: [], problem: `${name} has ${target.id}, which another secret has too. ${ADVICE}`, boardUrl };
      all.set(target.id, target);
    }
  }
  return { targets: [...all.values()], problem: null, boardUrl };
}

/** Returns the targets that one contact center uses. */
export function targetsOf({ targets }: DeliverySettings, instanceId: string): DeliveryTarget[] {
  return targets.filter(({ instances }) => instances === null || instances.includes(instanceId));
}

function readBoardUrl(reader: SettingsReader, advice: string): string | null {
  const text = reader.optionalText("BOARD_URL");
  if (text === null) return null;
  const url = URL.canParse(text) ? new URL(text) : null;
  if (url !== null && /^https?:$/.test(url.protocol) && url.username === "" && text.length <= 1_000) return url.href;
  reader.refuse("BOARD_URL", "is not the web address of the board", advice);
  return null;
}

/** Returns the link to the board of one contact center. */
export function boardLink(boardUrl: string | null, instanceId: string): string | null {
  if (boardUrl === null) return null;
  const url = new URL(boardUrl);
  url.searchParams.set("instance", instanceId);
  return url.href;
}
