import type { AgentView } from "../../client/contract.ts";
import { statusWords } from "../parts/cells.tsx";
import { listenerWords, placesWords } from "../parts/contact-notes.tsx";
import { transcriptionGap } from "../parts/transcription-mark.tsx";
import type { Text } from "../text/text.ts";
import { reasonsOf } from "./alert-words.ts";
import type { BoardAlert } from "./board-alert.ts";
import { moreContacts, placesInUse } from "./contacts.ts";
import { teamOf } from "./grouping.ts";
import { folded } from "./search.ts";
import { directionOf } from "./sentiment-label.ts";

interface Found {
  alerts: readonly BoardAlert[];
  text: Text;
  words: string;
}

/** By agent as it was: a change makes a new object. A key stroke must not fold the words of 2,000 agents again. */
const found = new WeakMap<AgentView, Found>();

/** Returns all that the board says of an agent in the reader's language, and the ids of the contacts, as one folded text. */
export function searchText(agent: AgentView, alerts: readonly BoardAlert[], text: Text): string {
  const before = found.get(agent);
  if (before !== undefined && before.alerts === alerts && before.text === text) return before.words;
  const words = folded(
    fieldsOf(agent, alerts, text)
      .filter((field) => field !== null)
      .join(" "),
  );
  found.set(agent, { alerts, text, words });
  return words;
}

function fieldsOf(agent: AgentView, alerts: readonly BoardAlert[], text: Text): (string | null)[] {
  const contacts = agent.contacts ?? [];
  const channels = [agent.channel, ...contacts.map(({ channel }) => channel)].filter((channel) => channel !== null);
  return [
    agent.name,
    teamOf(agent),
    ...agent.groups,
    statusWords(agent, text),
    text.text(`status.${agent.status}`),
    agent.statusName,
    agent.stale ? text.text("table.stale") : null,
    agent.queue,
    agent.contactId,
    agent.routingProfile,
    ...agent.categories,
    ...[...new Set(channels)].map((channel) => text.text(`channel.${channel}`)),
    ...contacts.flatMap(({ contactId, queue }) => [contactId, queue]),
    ...notesOf(agent, text),
    ...sentimentWords(agent, text),
    ...reasonsOf(alerts, text).flatMap(({ words, level, acknowledged }) => [
      words,
      text.text(`alertLevel.${level}`),
      acknowledged ? text.text("alerts.acknowledged") : null,
    ]),
  ];
}

/** What stands below the status: the places in use, the next status, and who listens. */
function notesOf(agent: AgentView, text: Text): string[] {
  const listeners = listenerWords(agent, text);
  const more = moreContacts(agent);
  return [
    ...placesWords(placesInUse(agent), text),
    ...(more > 0 ? [text.count("contact.more", more)] : []),
    ...(agent.nextStatus ? [text.text("contact.next", { status: agent.nextStatus })] : []),
    ...(listeners.length > 0 ? [text.text("contact.listening", { names: text.list(listeners) })] : []),
  ];
}

/** The trend of the score, and why there is no score. */
function sentimentWords(agent: AgentView, text: Text): string[] {
  const gap = transcriptionGap(agent);
  return [
    ...(agent.sentimentScore === null ? [] : [text.text(`direction.${directionOf(agent.trend)}`)]),
    ...(gap === null ? [] : [text.text(`transcription.${gap}`), text.text(`transcription.short.${gap}`)]),
  ];
}
