import { useState } from "react";
import type { AgentView } from "../../client/contract.ts";
import { useAgent } from "../../react/use-agents.ts";
import { teamOf } from "../model/grouping.ts";
import { contactLink, type Preferences } from "../model/preferences.ts";
import type { Alert } from "../model/threshold-alerts.ts";
import { useText } from "./board-context.ts";
import { AlertChips, Counting, SentimentCell, StatusLabel } from "./cells.tsx";
import { Icon } from "./Icon.tsx";
import { QuarterCurve } from "./QuarterCurve.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { TranscriptionNote, transcriptionGap } from "./TranscriptionNote.tsx";
import { TranscriptLog } from "./TranscriptLog.tsx";

interface CallPanelProps {
  agentId: string;
  alerts: readonly Alert[];
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  modal: boolean;
  onClose: () => void;
}

/** Shows one agent's call: the sentiment, the alerts and the live transcript. */
export function CallPanel({ agentId, alerts, preferences, onPreferences, modal, onClose }: CallPanelProps) {
  const text = useText();
  const agent = useAgent(agentId);
  const contactId = useLastContact(agent);
  return (
    <SidePanel
      title={agent?.name ?? agentId}
      note={agent !== undefined && <Facts agent={agent} />}
      modal={modal}
      onClose={onClose}
    >
      {agent?.sentiment && <QuarterCurve customer={agent.sentiment.customer} agent={agent.sentiment.agent} />}
      {agent !== undefined && (agent.categories.length > 0 || alerts.length > 0) && (
        <div className="vg-tags">
          {alerts.length > 0 && <AlertChips alerts={alerts} />}
          {agent.categories.map((category) => (
            <span key={category} className="vg-chip vg-category">
              {category}
            </span>
          ))}
        </div>
      )}
      {contactId === null ? (
        <p className="vg-empty">{text.text("call.noContact")}</p>
      ) : (
        <>
          <TranscriptionNote gap={agent === undefined ? null : transcriptionGap(agent)} />
          <TranscriptLog
            key={contactId}
            contactId={contactId}
            transcription={agent?.transcription ?? null}
            aloud={preferences.readTurns}
          />
          <label className="vg-check vg-aloud">
            <input
              type="checkbox"
              checked={preferences.readTurns}
              onChange={(event) => onPreferences({ readTurns: event.target.checked })}
            />
            {text.text("call.aloud")}
          </label>
          <ContactFoot contactId={contactId} connectAlias={preferences.connectAlias} />
        </>
      )}
    </SidePanel>
  );
}

function Facts({ agent }: { agent: AgentView }) {
  const words = new Set([teamOf(agent), agent.queue, agent.routingProfile].filter((word) => word));
  return (
    <>
      <p className="vg-facts">
        <StatusLabel agent={agent} />
        <Counting since={agent.callStartedAt ?? agent.since} />
        {agent.sentimentScore !== null && <SentimentCell agent={agent} />}
      </p>
      <p className="vg-sub">{[...words].join(" — ")}</p>
    </>
  );
}

function ContactFoot({ contactId, connectAlias }: { contactId: string; connectAlias: string }) {
  const text = useText();
  const link = contactLink(connectAlias, contactId);
  return (
    <footer className="vg-side-foot">
      <span className="vg-sub" title={contactId}>
        {text.text("call.contact", { id: contactId.slice(0, 8) })}
      </span>
      {link !== null && (
        <a className="vg-button" href={link} target="_blank" rel="noreferrer">
          <Icon name="out" />
          {text.text("call.openInConnect")}
        </a>
      )}
    </footer>
  );
}

/** Returns the agent's contact. After its end it returns the same contact until the next one begins. */
function useLastContact(agent: AgentView | undefined): string | null {
  const [last, setLast] = useState<{ agentId: string; contactId: string } | null>(null);
  if (agent === undefined) return last?.contactId ?? null;
  const { agentId, contactId } = agent;
  if (contactId === null) return last?.agentId === agentId ? last.contactId : null;
  if (last?.contactId !== contactId || last.agentId !== agentId) setLast({ agentId, contactId });
  return contactId;
}
