// hook-options.test.tsx opens this page in a real browser. `?hub=` is the address of the hub, `?case=` chooses a component.
import { StrictMode, useEffect, useState } from "react";
import { createRoot, hydrateRoot } from "react-dom/client";
import { type AgentClient, createAgentClient } from "../../../dashboard/client/index.ts";
import {
  AgentClientProvider,
  shallow,
  useAgentChanges,
  useAgentClient,
  useAgents,
  useAlertChanges,
  useAlerts,
  useCallDuration,
  useConnection,
  useQueue,
  useQueueContacts,
  useQueues,
  useTranscript,
} from "../../../dashboard/react/index.ts";
import { INITIAL_DATA, InitialBoard } from "./initial-board.tsx";
import { Reading } from "./readings.tsx";

const query = new URLSearchParams(location.search);

function newClient(more: { initialData?: typeof INITIAL_DATA } = {}): AgentClient {
  return createAgentClient({ url: query.get("hub") ?? "", instanceId: "i", getTicket: () => "t", ...more });
}

/** Each component reads one thing, and counts its renderings. */
function OnlyStatus() {
  const { status } = useConnection();
  return <Reading name="only-status">{status}</Reading>;
}
function Selected() {
  const { down } = useConnection(({ status }) => ({ down: status !== "live" }), shallow);
  return <Reading name="selected">{String(down)}</Reading>;
}
function LastMessage() {
  const connection = useConnection();
  return <Reading name="last-message">{String(connection.lastMessageAt !== null && connection.status === "live")}</Reading>;
}
function OnlyButton() {
  const connection = useConnection();
  const [clicked, setClicked] = useState("");
  return (
    <button type="button" id="ask" onClick={() => setClicked(connection.status)}>
      <Reading name="clicked">{clicked}</Reading>
    </button>
  );
}
function CallSeconds() {
  return <Reading name="call">{String(useCallDuration("b"))}</Reading>;
}
function Names() {
  return <Reading name="names">{useAgents((agents) => agents.map(({ name }) => name), shallow).join(", ")}</Reading>;
}
function Alarms() {
  const ids = useAlerts(
    (alerts) => alerts.filter(({ acknowledgedAt }) => acknowledgedAt === null).map(({ alertId }) => alertId),
    shallow,
  );
  const { acknowledge } = useAgentClient();
  const [answer, setAnswer] = useState("");
  const onClick = async () => {
    const { status, error } = await acknowledge(ids[0] ?? "");
    setAnswer(`${status} ${error}`);
  };
  return (
    <button type="button" id="acknowledge" onClick={onClick}>
      <Reading name="alerts">{ids.join()}</Reading>
      <Reading name="answer">{answer}</Reading>
    </button>
  );
}
function AlertNews() {
  const [news, setNews] = useState<string[]>([]);
  useAlertChanges(({ alertId, before, after }) => setNews([...news, `${alertId} ${before?.severity} ${after?.severity}`]));
  return <Reading name="alert-news">{news.join()}</Reading>;
}
function QueueSums() {
  return <Reading name="waiting">{String(useQueues((queues) => queues.reduce((sum, { waiting }) => sum + waiting, 0)))}</Reading>;
}
function QueueName() {
  return <Reading name="queue">{useQueue("q", (queue) => queue?.name ?? "unknown")}</Reading>;
}
function QueuePanel() {
  const [enabled, setEnabled] = useState(false);
  const queue = useQueueContacts("q", { enabled });
  const words = queue?.contacts.map(({ contactId, ringingAt }) => `${contactId} ${ringingAt}`).join();
  return (
    <button type="button" id="look" onClick={() => setEnabled(!enabled)}>
      <Reading name="contacts">{queue === null ? "none" : `${queue.status} ${queue.error} ${words}`}</Reading>
    </button>
  );
}
function Words() {
  const [enabled, setEnabled] = useState(false);
  const transcript = useTranscript("c1", { enabled });
  return (
    <button type="button" id="listen" onClick={() => setEnabled(!enabled)}>
      <Reading name="words">{transcript === null ? "none" : `${transcript.status} ${transcript.error}`}</Reading>
    </button>
  );
}
function News() {
  const [news, setNews] = useState<string[]>([]);
  useAgentChanges(({ agentId, before, after }) => setNews([...news, `${agentId} ${before?.status} ${after?.status}`]));
  return <Reading name="news">{news.join()}</Reading>;
}

const shared = newClient();

function Options() {
  const [enabled, setEnabled] = useState(false);
  return (
    <AgentClientProvider client={shared} enabled={enabled}>
      <button type="button" id="enable" onClick={() => setEnabled(!enabled)}>
        enable
      </button>
      <OnlyStatus />
      <Selected />
      <LastMessage />
      <OnlyButton />
      <CallSeconds />
      <Names />
      <Alarms />
      <AlertNews />
      <QueueSums />
      <QueueName />
      <QueuePanel />
      <Words />
      <News />
    </AgentClientProvider>
  );
}

function ClientInRendering() {
  const [seconds, setSeconds] = useState(0);
  useEffect(() => {
    const timer = setTimeout(() => setSeconds(seconds + 1), 20);
    return () => clearTimeout(timer);
  }, [seconds]);
  return (
    <AgentClientProvider client={seconds < 5 ? newClient() : shared}>
      <Reading name="renderings">{String(seconds >= 5)}</Reading>
    </AgentClientProvider>
  );
}

const root = document.querySelector("#root");
if (root === null) throw new Error("The page has no #root. The server in hook-options.test.tsx must send one.");
switch (query.get("case")) {
  case "client-in-rendering":
    createRoot(root).render(<ClientInRendering />);
    break;
  case "initial":
    hydrateRoot(
      root,
      <StrictMode>
        <InitialBoard client={newClient({ initialData: INITIAL_DATA })} />
      </StrictMode>,
    );
    break;
  default:
    createRoot(root).render(
      <StrictMode>
        <Options />
      </StrictMode>,
    );
}
