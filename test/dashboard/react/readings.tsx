import { useEffect, useRef } from "react";
import {
  useAgent,
  useAgentClient,
  useAgents,
  useAlerts,
  useConnection,
  usePaused,
  useTimeInStatus,
  useTranscript,
} from "../../../dashboard/react/index.ts";

/** Shows the result of every hook as text. `data-draws` counts how often the element was rendered. */
export function Readings() {
  return (
    <>
      <Names />
      <Count />
      <Row agentId="a" />
      <Row agentId="b" />
      <Link />
      <Words contactId="c1" />
      <Alarms />
      <Hold />
    </>
  );
}

export function Reading({ name, children }: { name: string; children: string }) {
  const draws = useRef(0);
  const element = useRef<HTMLOutputElement>(null);
  useEffect(() => {
    draws.current += 1;
    element.current?.setAttribute("data-draws", String(draws.current));
  });
  return (
    <output id={name} ref={element}>
      {children}
    </output>
  );
}

function Names() {
  return <Reading name="names">{useAgents((agents) => agents.map(({ agentId }) => agentId).join(" "))}</Reading>;
}

function Count() {
  return <Reading name="count">{String(useAgents().length)}</Reading>;
}

function Row({ agentId }: { agentId: string }) {
  const status = useAgent(
    agentId,
    (agent) => ({ word: agent?.status ?? "unknown" }),
    (a, b) => a.word === b.word,
  );
  return (
    <>
      <Reading name={`status-${agentId}`}>{status.word}</Reading>
      <Seconds agentId={agentId} />
    </>
  );
}

function Seconds({ agentId }: { agentId: string }) {
  return <Reading name={`seconds-${agentId}`}>{String(useTimeInStatus(agentId))}</Reading>;
}

function Link() {
  const { status, latencyMs, reconnect } = useConnection();
  return (
    <>
      <button type="button" onClick={reconnect}>
        <Reading name="connection">{status}</Reading>
      </button>
      <Reading name="latency">{latencyMs === null ? "unknown" : "measured"}</Reading>
    </>
  );
}

function Words({ contactId }: { contactId: string | null }) {
  const transcript = useTranscript(contactId);
  return <Reading name="words">{transcript?.turns.map(({ text }) => text).join(" / ") ?? "none"}</Reading>;
}

function Alarms() {
  const alerts = useAlerts();
  const { acknowledge } = useAgentClient();
  return (
    <>
      <Reading name="alerts">
        {alerts.map(({ alertId, severity, acknowledgedBy }) => `${alertId} ${severity} ${acknowledgedBy}`).join()}
      </Reading>
      <button type="button" id="acknowledge" onClick={() => acknowledge(alerts[0]?.alertId ?? "")}>
        Seen
      </button>
    </>
  );
}

function Hold() {
  const { paused, pause, resume } = usePaused();
  return (
    <button type="button" id="hold" onClick={paused ? resume : pause}>
      <Reading name="paused">{String(paused)}</Reading>
    </button>
  );
}
