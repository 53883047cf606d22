import { useAgent, useAlerts, useTranscript } from "vigia/react";

export function CallPanel({ agentId }: { agentId: string }) {
  const contactId = useAgent(agentId, (agent) => agent?.contactId);
  const transcript = useTranscript(contactId);
  const { alerts, acknowledge } = useAlerts();
  return (
    <aside>
      {alerts
        .filter((alert) => alert.agentId === agentId && !alert.acknowledged)
        .map((alert) => (
          <button type="button" key={alert.id} onClick={() => acknowledge(alert.id)}>
            {alert.kind} {alert.level}
          </button>
        ))}
      {transcript?.status === "refused" && <p>No transcript: {transcript.error}</p>}
      {transcript?.turns.map((turn) => (
        <p key={turn.turnId} data-final={turn.final}>
          {turn.role}: {turn.text}
        </p>
      ))}
    </aside>
  );
}
