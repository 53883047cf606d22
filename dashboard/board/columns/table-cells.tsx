import type { AgentView } from "../../client/contract.ts";
import { timeLevelOf } from "../model/board-alert.ts";
import { useText } from "../parts/board-context.ts";
import { Counting } from "../parts/cells.tsx";
import { ContactIcons, contactsWords, listenerWords, placesWords } from "../parts/contact-notes.tsx";
import type { Text } from "../text/text.ts";
import type { CellProps } from "./column.ts";

export function TimeCell({ agent, alerts }: CellProps) {
  return (
    <td className="vg-number vg-c-time" data-level={timeLevelOf(alerts)}>
      <Counting since={agent.since} />
    </td>
  );
}

export function CallTimeCell({ agent }: { agent: AgentView }) {
  return <td className="vg-number">{agent.callStartedAt === null ? <NoValue /> : <Counting since={agent.callStartedAt} />}</td>;
}

export function ChannelCell({ agent }: { agent: AgentView }) {
  const text = useText();
  return <WordsCell words={agent.channel === null ? null : text.text(`channel.${agent.channel}`)} />;
}

/** The contacts by channel; their queues are in the title. */
export function ContactsCell({ agent }: { agent: AgentView }) {
  const text = useText();
  return (
    <td title={contactsWords(agent, text).join("; ")}>{agent.contacts?.length ? <ContactIcons agent={agent} /> : <NoValue />}</td>
  );
}

export function PlacesCell({ agent }: { agent: AgentView }) {
  const text = useText();
  return <WordsCell words={placesWords(agent.capacity ?? [], text).join(", ")} />;
}

export function ListeningCell({ agent }: { agent: AgentView }) {
  const text = useText();
  return <WordsCell words={listenerWords(agent, text).join(", ")} />;
}

export function WordsCell({ words }: { words: string | null }) {
  return <td title={words ?? undefined}>{words === null || words === "" ? <NoValue /> : words}</td>;
}

/** A figure of the day. Null = nothing is known. */
export function FigureCell({ words }: { words: (text: Text) => string | null }) {
  const text = useText();
  return <td className="vg-number">{words(text) ?? <NoValue />}</td>;
}

function NoValue() {
  const text = useText();
  return <span className="vg-none">{text.text("table.none")}</span>;
}
