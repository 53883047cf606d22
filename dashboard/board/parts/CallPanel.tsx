import { lazy, Suspense, useId, useState } from "react";
import type { AgentView } from "../../client/contract.ts";
import { useAgent } from "../../react/use-agents.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { contactCount } from "../model/contacts.ts";
import { teamOf } from "../model/grouping.ts";
import { contactLink, type Preferences } from "../model/preferences.ts";
import { AgentContacts } from "./AgentContacts.tsx";
import { PanelActions } from "./actions/PanelActions.tsx";
import { useText } from "./board-context.ts";
import { AlertChips, Counting, SentimentCell, StatusLabel } from "./cells.tsx";
import { useMayHear } from "./contact/recording-right.ts";
import { ContactNotes, contactName } from "./contact-notes.tsx";
import { Icon } from "./Icon.tsx";
import { QuarterCurve } from "./QuarterCurve.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { useShownContact } from "./shown-contact.ts";
import { TranscriptionNote, transcriptionGap } from "./TranscriptionNote.tsx";
import { TranscriptLog } from "./TranscriptLog.tsx";

const RecordingLink = lazy(() => import("./contact/RecordingLink.tsx").catch(() => ({ default: () => null })));

interface CallPanelProps {
  agentId: string;
  alerts: readonly BoardAlert[];
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  modal: boolean;
  onClose: () => void;
}

/** Shows one agent: the contacts, and of one of them the sentiment, the alerts and the live transcript. */
export default function CallPanel({ agentId, alerts, preferences, onPreferences, modal, onClose }: CallPanelProps) {
  const text = useText();
  const agent = useAgent(agentId);
  const panelId = useId();
  const mayHear = useMayHear();
  const [reading, setReading] = useState(false);
  const { contactId, row, ended, choose } = useShownContact(agent, reading);
  // What the hub says of the agent's sentiment and transcription is about this contact only.
  const deciding = agent !== undefined && (agent.contactId === contactId || agent.contactId === null);
  const contacts = agent?.contacts ?? [];
  const hasTabs = contacts.length + (ended === null ? 0 : 1) > 1;
  const shownContact = contactId !== null && (
    <>
      {deciding && agent.sentiment && <QuarterCurve customer={agent.sentiment.customer} agent={agent.sentiment.agent} />}
      {deciding && <TranscriptionNote gap={transcriptionGap(agent)} />}
      {row?.channel === "task" || row?.channel === "email" ? (
        <p className="vg-empty">{text.text(`contact.noTranscript.${row.channel}`)}</p>
      ) : (
        <>
          <TranscriptLog
            key={contactId}
            contactId={contactId}
            channel={row?.channel ?? "voice"}
            transcription={deciding ? agent.transcription : null}
            aloud={preferences.readTurns}
            onReading={setReading}
          />
          <label className="vg-check vg-aloud">
            <input
              type="checkbox"
              checked={preferences.readTurns}
              onChange={(event) => onPreferences({ readTurns: event.target.checked })}
            />
            {text.text("call.aloud")}
          </label>
        </>
      )}
      {mayHear && (
        <Suspense>
          <RecordingLink contactId={contactId} agentId={agentId} />
        </Suspense>
      )}
      <ContactFoot contactId={contactId} connectAlias={preferences.connectAlias} />
    </>
  );
  return (
    <SidePanel
      title={agent?.name ?? agentId}
      note={agent !== undefined && <Facts agent={agent} />}
      modal={modal}
      onClose={onClose}
    >
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
      <PanelActions agent={agent} contactId={contactId} />
      {contactId === null && <p className="vg-empty">{text.text("call.noContact")}</p>}
      {contactId !== null && hasTabs && (
        <AgentContacts
          contacts={contacts}
          hidden={agent === undefined ? 0 : Math.max(0, contactCount(agent) - contacts.length)}
          shown={contactId}
          ended={ended}
          onChoose={choose}
          panelId={panelId}
        />
      )}
      {shownContact !== false && (
        <div
          id={panelId}
          className="vg-contact-panel"
          {...(hasTabs && row !== null && { role: "tabpanel", "aria-label": contactName(row, text) })}
        >
          {shownContact}
        </div>
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
      <ContactNotes agent={agent} />
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
