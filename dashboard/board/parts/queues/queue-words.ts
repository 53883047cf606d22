import type { CenterQueue } from "../../../../protocol/queue.ts";
import { limitText } from "../../model/format.ts";
import type { Text } from "../../text/text.ts";

/** Says who could answer, for example `5 of 12 available`. Null = the hub does not know. */
export function availableWords({ available, staffed }: CenterQueue, text: Text): string | null {
  if (available === null) return null;
  return staffed === null
    ? text.count("queue.available", available)
    : text.count("queue.availableOf", available, { staffed: text.number(staffed) });
}

/** The service level of the day against its target, for example `SL 61% in 20 s`. Null = nobody was queued today. */
export function serviceLevelWords({ today, serviceLevelSeconds }: CenterQueue, text: Text): string | null {
  if (today.serviceLevel === null) return null;
  return text.text("queue.serviceLevel", { level: text.percent(today.serviceLevel), target: limitText(serviceLevelSeconds) });
}

/** @param goal a share from 0 to 1 */
export function goalWords(text: Text, goal: number): string {
  return text.text("queue.goal", { level: text.percent(goal) });
}
