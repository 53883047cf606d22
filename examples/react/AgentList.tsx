import { memo } from "react";
import type { AgentView } from "vigia/client";
import { useAgent, useAgents, useConnection, useTimeInStatus } from "vigia/react";

const byName = (agents: readonly AgentView[]) =>
  [...agents].sort((a, b) => a.name.localeCompare(b.name)).map((agent) => agent.agentId);
const sameIds = (a: string[], b: string[]) => a.length === b.length && a.every((id, index) => id === b[index]);

export function AgentList() {
  const ids = useAgents(byName, sameIds);
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

/** Renders again when its own agent changes, and once a second for the clock. Changes of other agents do not render it. */
const AgentRow = memo(function AgentRow({ id }: { id: string }) {
  const agent = useAgent(id);
  const seconds = useTimeInStatus(id);
  if (agent === undefined) return null;
  return (
    <tr>
      <th scope="row">{agent.name}</th>
      <td>{agent.status}</td>
      <td>{seconds} s</td>
      <td>{agent.sentimentScore?.toFixed(1) ?? "–"}</td>
    </tr>
  );
});
