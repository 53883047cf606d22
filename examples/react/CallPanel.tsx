import type { CenterAlert } from "vigia/client";
import { shallow, useAgent, useAgentClient, useAlerts, useTranscript } from "vigia/react";

const isAbout = ({ subject }: CenterAlert, agentId: string) =>
  typeof subject === "object" && "agentId" in subject && subject.agentId === agentId;

export function CallPanel({ agentId }: { agentId: string }) {
  const { acknowledge } = useAgentClient();
  const contactId = useAgent(agentId, (agent) => agent?.contactId);
  const transcript = useTranscript(contactId);
  const alerts = useAlerts(
    (all) => all.filter((alert) => isAbout(alert, agentId) && alert.state === "firing" && alert.acknowledgedBy === null),
    shallow,
  );
  const onAcknowledge = async (alertId: string) => {
    const { status, error } = await acknowledge(alertId);
    if (status === "refused") console.warn("The alert could not be acknowledged:", error);
  };
  return (
    <aside>
      {alerts.map(({ alertId, rule, severity }) => (
        <button type="button" key={alertId} onClick={() => onAcknowledge(alertId)}>
          {rule} {severity}
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
