import type { Channel } from "../../protocol/agent.ts";
import type { AlertRule, Watch } from "../../protocol/alert-rules.ts";
import type { Facts } from "./facts.ts";

/** Which kind of subject each watch is about. */
export const SUBJECT_KIND: Readonly<Record<Watch, Facts["kind"]>> = {
  statusTime: "agent",
  missedInRow: "agent",
  agentSilence: "agent",
  sentimentRecent: "contact",
  sentimentFall: "contact",
  contactTime: "contact",
  transcriptionLost: "contact",
  answerWait: "contact",
  queueWaiting: "queue",
  queueOldest: "queue",
  queueServiceLevel: "queue",
  queueUnattended: "queue",
  feedSilence: "hub",
};

/** Whether the filters of the rule let the subject through. A filter on what is unknown lets nothing through. */
export function passesFilter(rule: AlertRule, facts: Facts): boolean {
  const place = placeOf(facts);
  if ("groups" in rule && !someFits(rule.groups, place.groups)) return false;
  if ("queues" in rule && !someFits(rule.queues, place.queues)) return false;
  if ("channels" in rule && rule.channels !== undefined && !(place.channel !== null && rule.channels.includes(place.channel))) {
    return false;
  }
  if ("statusNames" in rule && !someFits(rule.statusNames, place.statusNames)) return false;
  if ("exceptStatusNames" in rule && rule.exceptStatusNames !== undefined) {
    return !someFits(rule.exceptStatusNames, place.statusNames);
  }
  return true;
}

interface Place {
  groups: readonly string[];
  /** The name of a queue, and its id where it is known. */
  queues: readonly string[];
  channel: Channel | null;
  statusNames: readonly string[];
}

function placeOf(facts: Facts): Place {
  switch (facts.kind) {
    case "agent": {
      const { groups = [], queue = null, channel = null, statusName = null } = facts.row ?? {};
      return { groups, queues: known(queue), channel, statusNames: known(statusName) };
    }
    case "contact":
      return { groups: facts.groups, queues: known(facts.queue), channel: facts.channel, statusNames: [] };
    case "queue":
      return { groups: facts.groups, queues: [facts.name, facts.queueId], channel: null, statusNames: [] };
    case "hub":
      return { groups: [], queues: [], channel: null, statusNames: [] };
  }
}

function known(name: string | null): string[] {
  return name === null ? [] : [name];
}

/** Whether a name fits one of the wanted names. No wanted names = everything fits. */
function someFits(wanted: readonly string[] | undefined, names: readonly string[]): boolean {
  if (wanted === undefined) return true;
  const folded = names.map(foldName);
  return wanted.some((name) => folded.includes(foldName(name)));
}

/** Case and accents differ between people who write the same name ("Capacitacion"), so they do not count. */
function foldName(name: string): string {
  return name.normalize("NFKD").replaceAll(/\p{M}/gu, "").trim().toLowerCase();
}
