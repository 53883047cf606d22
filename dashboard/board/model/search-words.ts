import type { AgentView } from "../../client/contract.ts";
import { statusWords } from "../parts/cells.tsx";
import { listenerWords } from "../parts/contact-notes.tsx";
import type { Text } from "../text/text.ts";
import { reasonsOf } from "./alert-words.ts";
import type { BoardAlert } from "./board-alert.ts";
import { teamOf } from "./grouping.ts";
import { folded } from "./search.ts";

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
    agent.nextStatus ? text.text("contact.next", { status: agent.nextStatus }) : null,
    ...listenerWords(agent, text),
    ...reasonsOf(alerts, text).map(({ words }) => words),
  ];
}
