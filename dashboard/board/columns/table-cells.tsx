import type { AgentView } from "../../client/contract.ts";
import { useText } from "../parts/board-context.ts";
import { Counting, useTimeLevel } from "../parts/cells.tsx";

export function TimeCell({ agent }: { agent: AgentView }) {
  const level = useTimeLevel(agent);
  return (
    <td className="vg-number vg-c-time" data-level={level}>
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

export function WordsCell({ words }: { words: string | null }) {
  return <td title={words ?? undefined}>{words === null || words === "" ? <NoValue /> : words}</td>;
}

function NoValue() {
  const text = useText();
  return <span className="vg-none">{text.text("table.none")}</span>;
}
