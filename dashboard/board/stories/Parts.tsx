import { useState } from "react";
import type { AgentView, Connection, ConnectionStatus } from "../../client/contract.ts";
import { createFakeAgentClient } from "../../client/testing.ts";
import { AgentClientProvider } from "../../react/provider.tsx";
import { type BoardAlert, boardAlerts } from "../model/board-alert.ts";
import { STANDARD_RULES } from "../model/rules-answer.ts";
import { STATUS_ORDER } from "../model/status-order.ts";
import { Banner } from "../parts/Banner.tsx";
import { BoardClock } from "../parts/board-clock.ts";
import { BoardContext } from "../parts/board-context.ts";
import { ConnectionPill } from "../parts/ConnectionPill.tsx";
import { AlertChips, SentimentCell, StatusLabel } from "../parts/cells.tsx";
import DisplayLinks from "../parts/DisplayLinks.tsx";
import { createText, LOCALES, type Locale } from "../text/text.ts";
import { sampleAlerts } from "./sample-alerts.ts";
import { sampleCenter } from "./sample-center.ts";
import { answerLinks } from "./sample-links.ts";
import { NOW } from "./story-list.ts";

const STATUSES: readonly ConnectionStatus[] = ["idle", "connecting", "live", "reconnecting", "offline", "unauthorized", "closed"];
const REASONS = [
  "ticket_expired",
  "too_slow",
  "resync",
  "restarting",
  "too_many_requests",
  "bad_ticket",
  "bad_message",
  "revoked",
  "too_many_viewers",
  "not_allowed",
  "a_word_of_tomorrow",
];

/** Shows the small parts in all their states, in both languages and themes. */
export function Parts() {
  return LOCALES.flatMap((locale) =>
    (["light", "dark"] as const).map((theme) => <PartSheet key={`${locale} ${theme}`} locale={locale} theme={theme} />),
  );
}

function PartSheet({ locale, theme }: { locale: Locale; theme: "light" | "dark" }) {
  const [client] = useState(() => createFakeAgentClient({ now: NOW, agents: sampleCenter(NOW) }));
  const [board] = useState(() => ({ clock: new BoardClock(client), text: createText(locale), rules: STANDARD_RULES }));
  const agents = client.agents();
  return (
    <section className="parts" aria-label={`Parts, ${locale}, ${theme}`}>
      <h2>
        Parts, {locale}, {theme}
      </h2>
      <AgentClientProvider client={client}>
        <BoardContext.Provider value={board}>
          <div className="vigia" lang={locale} data-theme={theme}>
            {STATUSES.map((status) => (
              <ConnectionPill key={status} connection={connection({ status })} paused={false} />
            ))}
            <ConnectionPill connection={connection({})} paused={true} />
            {STATUS_ORDER.map((status) => (
              <StatusLabel key={status} agent={{ ...first(agents), status, statusName: null, stale: status === "available" }} />
            ))}
            {agents
              .filter((agent) => agent.sentimentScore !== null)
              .map((agent) => (
                <SentimentCell key={agent.agentId} agent={agent} />
              ))}
            <AlertChips alerts={alerts()} />
            <DisplayLinks ask={answerLinks} />
            {REASONS.map((error) => (
              <Banner
                key={error}
                connection={connection({ status: "closed", error })}
                lost={true}
                paused={false}
                pausedAt={null}
                onRetry={() => {}}
                onResume={() => {}}
                onSignIn={null}
              />
            ))}
          </div>
        </BoardContext.Provider>
      </AgentClientProvider>
    </section>
  );
}

function first(agents: readonly AgentView[]): AgentView {
  const [agent] = agents;
  if (agent === undefined) throw new Error("The sample center is empty.");
  return agent;
}

function connection(change: Partial<Connection>): Connection {
  const live: Connection = {
    status: "live",
    since: NOW,
    attempt: 0,
    nextRetryAt: null,
    lastMessageAt: NOW,
    latencyMs: 48,
    transport: "socket",
    error: null,
    cause: null,
  };
  return { ...live, ...change };
}

function alerts(): BoardAlert[] {
  const agents = createFakeAgentClient({ now: NOW, agents: sampleCenter(NOW) }).agents();
  return boardAlerts(sampleAlerts(NOW), { agents, queueNames: {}, rules: STANDARD_RULES.rules });
}
