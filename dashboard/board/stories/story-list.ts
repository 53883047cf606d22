import type { Connection } from "../../client/contract.ts";
import { createFakeAgentClient, type FakeAgentClient } from "../../client/testing.ts";
import type { AgentBoardProps } from "../AgentBoard.tsx";
import { START_VIEW } from "../model/view.ts";
import { sampleAlerts } from "./sample-alerts.ts";
import { JIMENA_CONTACT, sampleCenter, sampleTurns } from "./sample-center.ts";
import { sampleContacts } from "./sample-contacts.ts";
import { sampleQuarters, sampleQueues, sampleWaiting } from "./sample-queues.ts";

/** Epoch milliseconds of a Monday morning in Mexico City. The time of the stories stands still. */
export const NOW = Date.UTC(2026, 0, 5, 15);

export interface Story {
  name: string;
  width: number;
  height: number;
  client: () => FakeAgentClient;
  props?: Partial<AgentBoardProps>;
}

function center(connection: Partial<Connection> = {}): FakeAgentClient {
  const client = createFakeAgentClient({
    agents: sampleCenter(NOW),
    alerts: sampleAlerts(NOW),
    now: NOW,
    connection: { latencyMs: 48, ...connection },
  });
  client.play({ transcript: { contactId: JIMENA_CONTACT, turns: sampleTurns(NOW) } });
  return client;
}

function queues(): FakeAgentClient {
  const client = center();
  const waiting = { queueId: "q-cobranza", contacts: sampleWaiting(NOW), quarters: sampleQuarters(NOW) };
  client.play({ queues: sampleQueues(NOW), queueContacts: waiting, agents: sampleContacts(NOW) });
  return client;
}

function nobody(connection: Partial<Connection>): FakeAgentClient {
  return createFakeAgentClient({ now: NOW, connection });
}

function paused(): FakeAgentClient {
  const client = center();
  client.pause();
  return client;
}

const DESKTOP = { width: 1240, height: 640 };
const LONG_AGO = NOW - 60_000;

export const STORIES: readonly Story[] = [
  { name: "Live", ...DESKTOP, client: center },
  { name: "En español, oscuro", ...DESKTOP, client: center, props: { locale: "es-MX", theme: "dark" } },
  { name: "A call", ...DESKTOP, client: center, props: { agentId: "agent-6", connectAlias: "my-center" } },
  { name: "An agent without a contact", ...DESKTOP, client: center, props: { agentId: "agent-0" } },
  {
    name: "Compact, by team",
    ...DESKTOP,
    client: center,
    props: { view: { ...START_VIEW, density: "compact", groupBy: "team" } },
  },
  { name: "Queues", ...DESKTOP, client: queues },
  { name: "Several contacts", ...DESKTOP, client: queues, props: { agentId: "agent-9", locale: "es-MX" } },
  { name: "Queues on a phone", width: 390, height: 700, client: queues },
  { name: "Queues on a wallboard", width: 1240, height: 700, client: queues, props: { tv: true, theme: "dark" } },
  { name: "Nothing matches", ...DESKTOP, client: center, props: { view: { ...START_VIEW, search: "nobody" } } },
  { name: "Connecting", ...DESKTOP, client: () => nobody({ status: "connecting", lastMessageAt: null, since: NOW }) },
  { name: "Nobody there", ...DESKTOP, client: () => nobody({}) },
  {
    name: "Reconnecting",
    ...DESKTOP,
    client: () => center({ status: "reconnecting", error: "network", since: LONG_AGO, lastMessageAt: LONG_AGO }),
  },
  {
    name: "No network",
    ...DESKTOP,
    client: () => center({ status: "offline", error: "offline", since: LONG_AGO, lastMessageAt: LONG_AGO }),
  },
  {
    name: "Sign-in needed",
    ...DESKTOP,
    client: () => center({ status: "unauthorized", error: "ticket_refused" }),
    props: { onSignIn: () => {} },
  },
  { name: "Too many viewers", ...DESKTOP, client: () => center({ status: "closed", error: "too_many_viewers" }) },
  { name: "Paused", ...DESKTOP, client: paused },
  { name: "Phone", width: 390, height: 700, client: center, props: { locale: "es-MX" } },
  { name: "Wallboard", width: 1240, height: 700, client: center, props: { tv: true, theme: "dark" } },
];
