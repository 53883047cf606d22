import type { AgentClient, InitialData } from "../../../dashboard/client/index.ts";
import { fakeAgent, fakeAlert, fakeQueue } from "../../../dashboard/client/testing.ts";
import {
  AgentClientProvider,
  useAgent,
  useAgents,
  useAlerts,
  useCallDuration,
  useConnection,
  useQueue,
  useQueueContacts,
  useQueues,
  useTimeInStatus,
} from "../../../dashboard/react/index.ts";
import { Reading } from "./readings.tsx";

const AT = 1_800_000_000_000;

/** What the server has asked the hub for. */
export const INITIAL_DATA: InitialData = {
  epoch: "e",
  seq: 1,
  serverTime: AT,
  data: [
    fakeAgent({
      agentId: "a",
      status: "on a call",
      contactId: "c",
      since: AT - 65_000,
      callStartedAt: AT - 70_000,
      duration: 70,
    }),
  ],
  queues: [fakeQueue({ queueId: "q", name: "Ventas", waiting: 3 })],
  alerts: [fakeAlert({ alertId: "x", rule: "call-long" })],
};

/** Shows what a server can render of a board with agents. */
export function InitialBoard({ client }: { client: AgentClient }) {
  return (
    <AgentClientProvider client={client}>
      <Readings />
    </AgentClientProvider>
  );
}

function Readings() {
  return (
    <>
      <Reading name="names">{useAgents((agents) => agents.map(({ agentId }) => agentId).join())}</Reading>
      <Reading name="status">{useAgent("a")?.status ?? "unknown"}</Reading>
      <Reading name="nobody">{String(useAgent("z"))}</Reading>
      <Reading name="seconds">{String(useTimeInStatus("a"))}</Reading>
      <Reading name="call">{String(useCallDuration("a"))}</Reading>
      <Reading name="queues">{useQueues((queues) => queues.map(({ name, waiting }) => `${name} ${waiting}`).join())}</Reading>
      <Reading name="queue">{useQueue("q")?.name ?? "unknown"}</Reading>
      <Reading name="contacts">{useQueueContacts("q")?.status ?? "none"}</Reading>
      <Reading name="alerts">{useAlerts((alerts) => alerts.map(({ rule }) => rule).join())}</Reading>
      <Reading name="connection">{useConnection().status}</Reading>
    </>
  );
}
