import { memo } from "react";
import type { AgentView } from "vigia/client";
import { shallow, useAgent, useAgents, useCallDuration, useConnection, useTimeInStatus } from "vigia/react";

const byName = (agents: readonly AgentView[]) =>
  [...agents].sort((a, b) => a.name.localeCompare(b.name, "es")).map((agent) => agent.agentId);

export function AgentList() {
  const ids = useAgents(byName, shallow);
  const { status, error, reconnect } = useConnection();
  return (
    <>
      {status !== "live" && (
        <p role="status">
          {status} {error}{" "}
          <button type="button" onClick={reconnect}>
            Try again
          </button>
        </p>
      )}
      <table>
        <tbody>
          {ids.map((id) => (
            <AgentRow key={id} id={id} />
          ))}
        </tbody>
      </table>
    </>
  );
}

/** Renders again when its own agent changes, and once a second for the clocks. Changes of other agents do not render it. */
const AgentRow = memo(function AgentRow({ id }: { id: string }) {
  const agent = useAgent(id);
  const seconds = useTimeInStatus(id);
  const call = useCallDuration(id);
  if (agent === undefined) return null;
  return (
    <tr>
      <th scope="row">{agent.name}</th>
      <td>{agent.status}</td>
      <td>{call ?? seconds} s</td>
      <td>{agent.sentimentScore?.toFixed(1) ?? "–"}</td>
    </tr>
  );
});
