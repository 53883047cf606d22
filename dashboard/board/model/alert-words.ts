import type { AgentStatus } from "../../../protocol/agent.ts";
import type { Text } from "../text/text.ts";
import type { BoardAlert } from "./board-alert.ts";
import { limitText } from "./format.ts";
import { raisedRuleName } from "./raised-rule-name.ts";

/** Returns why the alert fires, for example `After-call work > 5 min` or `2 missed in a row`. */
export function alertWords(alert: BoardAlert, text: Text): string {
  const { title, watch, value, limit } = alert;
  if (title !== null) return title;
  const seconds = { limit: limitText(limit) };
  switch (watch) {
    case "statusTime":
      return statusTimeWords(alert, text);
    case "missedInRow":
      return text.count("alert.missedInRow", value);
    case "sentimentRecent":
      return text.text(alert.level === "critical" ? "alert.angry" : "alert.unhappy", { score: text.score(value) });
    case "sentimentFall":
      return text.text("alert.sentimentFall", { points: text.number(value) });
    case "queueWaiting":
      return text.count("alert.queueWaiting", value);
    case "queueServiceLevel":
      return text.text("alert.queueServiceLevel", { share: text.percent(value) });
    case "transcriptionLost":
      return text.text("alert.transcriptionLost");
    case "agentSilence":
    case "contactTime":
    case "answerWait":
    case "queueOldest":
    case "queueUnattended":
    case "feedSilence":
      return text.text(`alert.${watch}`, seconds);
    case null:
      return raisedRuleName(alert.rule) ?? text.text("alert.unknown", { rule: alert.rule });
  }
}

function statusTimeWords({ status, statusName, limit }: BoardAlert, text: Text): string {
  if (status === "error") return text.text("alert.error");
  const words = statusName ?? (status === null ? text.text("alert.anyStatus") : statusPhrase(status, text));
  return limit === 0 ? words : text.text("alert.status", { status: words, limit: limitText(limit) });
}

/** The status within a phrase: without the letters that its label has. */
function statusPhrase(status: AgentStatus, text: Text): string {
  return text.text(status === "after call work" ? "alert.acw" : `status.${status}`);
}

/** Returns whom or what the alert is about. */
export function alertName(alert: BoardAlert, text: Text): string {
  if (alert.name !== null) return alert.name;
  if (alert.contactId !== null) return text.text("call.contact", { id: alert.contactId.slice(0, 8) });
  if (alert.queueId !== null) return text.text("alerts.queue", { id: alert.queueId.slice(0, 8) });
  return alert.agentId ?? text.text("alerts.center");
}

/** One reason in the cell of a row. */
export interface Reason {
  key: string;
  level: BoardAlert["level"];
  words: string;
  acknowledged: boolean;
}

/**
 * Returns the reasons why a row needs a hand, as the end of "This row needs a hand: …". A low sentiment and its fall are one:
 * `angry now, fell 6.2`. The fall says more than the score, which has a column of its own. The gravest that nobody has
 * acknowledged comes first, because a narrow list shows only one.
 */
export function reasonsOf(alerts: readonly BoardAlert[], text: Text): Reason[] {
  const low = alerts.find(({ watch, title }) => watch === "sentimentRecent" && title === null);
  const fall = alerts.find(({ watch, title }) => watch === "sentimentFall" && title === null);
  const joined = low !== undefined && fall !== undefined && low.contactId === fall.contactId ? fall : undefined;
  return alerts
    .filter((alert) => alert !== joined)
    .map((alert) => {
      if (alert !== low || joined === undefined) return reason(alert, phrase(alert, text));
      const words = text.text("alert.joined", {
        one: text.text(low.level === "critical" ? "alert.angryNow" : "alert.unhappyNow"),
        other: phrase(joined, text),
      });
      const level = alert.level === "critical" || joined.level === "critical" ? "critical" : "warn";
      return { ...reason(alert, words), level, acknowledged: alert.acknowledged && joined.acknowledged } satisfies Reason;
    })
    .sort((a, b) => Number(a.acknowledged) - Number(b.acknowledged) || weight(b) - weight(a));
}

function weight({ level }: Reason): number {
  return Number(level === "critical");
}

/** The words of an alert within a phrase. The name that somebody gave to a rule or a status keeps its case. */
function phrase(alert: BoardAlert, text: Text): string {
  const words = alertWords(alert, text);
  return alert.title !== null || alert.statusName !== null ? words : lowered(words, text);
}

function reason({ id, level, acknowledged }: BoardAlert, words: string): Reason {
  return { key: id, level, words, acknowledged };
}

function lowered(words: string, text: Text): string {
  return words.charAt(0).toLocaleLowerCase(text.locale) + words.slice(1);
}
