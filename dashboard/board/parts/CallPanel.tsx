import "../styles/panels.css";
import { lazy, Suspense, useId, useRef } from "react";
import type { AgentContactRow } from "../../../protocol/agent.ts";
import type { DayContact } from "../../../protocol/agent-day.ts";
import type { AgentView } from "../../client/contract.ts";
import { useAgent } from "../../react/use-agents.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { contactCount } from "../model/contacts.ts";
import type { DayPlace } from "../model/day/day-place.ts";
import { contactRowOf } from "../model/day/ended-contacts.ts";
import { teamOf } from "../model/grouping.ts";
import type { Preferences } from "../model/preferences.ts";
import { AgentContacts } from "./AgentContacts.tsx";
import { PanelActions } from "./actions/PanelActions.tsx";
import { useText } from "./board-context.ts";
import { AlertChips, Counting, SentimentCell, StatusLabel } from "./cells.tsx";
import { useMayHear } from "./contact/recording-right.ts";
import { ContactNotes, contactName } from "./contact-notes.tsx";
import { DayContacts } from "./day/DayContacts.tsx";
import { DaySection } from "./day/DaySection.tsx";
import { ContactFoot, EndedContact } from "./day/EndedContact.tsx";
import { useAgentDay } from "./day/use-day.ts";
import { withWords } from "./late-part.tsx";
import { QuarterCurve } from "./QuarterCurve.tsx";
import { SidePanel } from "./SidePanel.tsx";
import { type ShownContact, useShownContact } from "./shown-contact.ts";
import { TranscriptionNote } from "./TranscriptionNote.tsx";
import { TranscriptLog } from "./TranscriptLog.tsx";
import { transcriptionGap } from "./transcription-mark.tsx";

const RecordingLink = lazy(() =>
  withWords("tools", import("./contact/RecordingLink.tsx")).catch(() => ({ default: () => null })),
);

interface CallPanelProps {
  agentId: string;
  /** The agent's alerts, for the row. */
  alerts: readonly BoardAlert[];
  /** All alerts of the contact center, also those that are over. */
  allAlerts: readonly BoardAlert[];
  place: DayPlace;
  onPlace: (change: Partial<DayPlace>) => void;
  preferences: Preferences;
  onPreferences: (change: Partial<Preferences>) => void;
  modal: boolean;
  onClose: () => void;
}

/** Shows one agent: what it does now, one of its contacts with sentiment and words, its day, and the contacts of the day. */
export default function CallPanel(props: CallPanelProps) {
  const { agentId, alerts, allAlerts, place, onPlace, modal, onClose } = props;
  const text = useText();
  const agent = useAgent(agentId);
  const panelId = useId();
  const body = useRef<HTMLElement>(null);
  const shown = useShownContact(agent, place.contactId);
  const { retry, ...answer } = useAgentDay(agentId, place.date);
  const { contactId } = shown;
  const contacts = agent?.contacts ?? [];
  const ofDay = answer.day?.contacts.findLast((contact) => contact.contactId === contactId) ?? null;
  const row = shown.row ?? (ofDay === null ? null : contactRowOf(ofDay));
  const ended = shown.over ? row : shown.previous;
  const hasTabs = contacts.length + (ended === null ? 0 : 1) > 1;
  const choose = (chosen: string) => onPlace({ contactId: chosen });
  /** The contacts of the day are at the end of the panel, and what they open is at its beginning. */
  const chooseFromDay = (chosen: string) => {
    choose(chosen);
    body.current?.scrollTo({ top: 0 });
    body.current?.focus({ preventScroll: true });
  };
  return (
    <SidePanel
      title={agent?.name ?? agentId}
      note={agent !== undefined && <Facts agent={agent} />}
      modal={modal}
      onClose={onClose}
    >
      <section
        ref={body}
        className="vg-side-body"
        aria-label={agent?.name ?? agentId}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
      >
        {alerts.length > 0 && (
          <div className="vg-tags">
            <AlertChips alerts={alerts} />
          </div>
        )}
        <PanelActions agent={agent} contactId={contactId} />
        {contactId === null && <p className="vg-sub vg-side-line">{text.text("call.noContact")}</p>}
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
        {contactId !== null && (
          <div
            id={panelId}
            className="vg-contact-panel"
            {...(hasTabs && row !== null && { role: "tabpanel", "aria-label": contactName(row, text) })}
          >
            <ContactBody
              {...props}
              key={contactId}
              agent={agent}
              shown={shown}
              contactId={contactId}
              row={row}
              ofDay={ofDay}
              dayIsKnown={answer.day !== null}
              alerts={allAlerts.filter((alert) => alert.contactId === contactId)}
              onChoose={choose}
            />
          </div>
        )}
        <DaySection agent={agent} answer={answer} retry={retry} date={place.date} onDate={(date) => onPlace({ date })} />
        {answer.day !== null && answer.day.keptFrom !== null && (
          <DayContacts day={answer.day} alerts={allAlerts} shown={contactId} onChoose={chooseFromDay} />
        )}
      </section>
    </SidePanel>
  );
}

interface ContactBodyProps extends Pick<CallPanelProps, "agentId" | "place" | "preferences" | "onPreferences" | "alerts"> {
  agent: AgentView | undefined;
  shown: ShownContact;
  contactId: string;
  row: AgentContactRow | null;
  /** What the day says of the contact; null = it is not among the day's. */
  ofDay: DayContact | null;
  dayIsKnown: boolean;
  onChoose: (contactId: string) => void;
}

/** One contact: its sentiment, its words, and the ways out of the board. */
function ContactBody(props: ContactBodyProps) {
  const { agentId, place, agent, shown, contactId, row, ofDay, alerts, preferences, onPreferences } = props;
  const text = useText();
  const mayHear = useMayHear();
  const { over, memory } = shown;
  const deciding = agent?.contactId === contactId;
  const scores = memory.sentiment ?? (ofDay?.sentiment ? { customer: ofDay.sentiment, agent: null } : null);
  const categories = new Set([...memory.categories, ...(ofDay?.categories ?? [])]);
  // A contact that has just ended can still be read, although the day in this page is older.
  const words = !over || ofDay === null || ofDay.transcript || ofDay.end === null;
  return (
    <>
      {over && (
        <EndedContact agent={agent} contact={ofDay} alerts={alerts} dayIsKnown={props.dayIsKnown} onChoose={props.onChoose} />
      )}
      {categories.size > 0 && (
        <div className="vg-tags">
          {[...categories].map((category) => (
            <span key={category} className="vg-chip vg-category">
              {category}
            </span>
          ))}
        </div>
      )}
      {scores !== null && <QuarterCurve customer={scores.customer} agent={scores.agent} />}
      {deciding && <TranscriptionNote gap={transcriptionGap(agent)} />}
      {row?.channel === "task" || row?.channel === "email" ? (
        <p className="vg-empty">{text.text(`contact.noTranscript.${row.channel}`)}</p>
      ) : words ? (
        <>
          <TranscriptLog
            contactId={contactId}
            channel={row?.channel ?? "voice"}
            transcription={deciding ? agent.transcription : null}
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
        </>
      ) : (
        <p className="vg-sub vg-side-line">{text.text("call.noLonger")}</p>
      )}
      {mayHear && (
        <Suspense>
          <RecordingLink contactId={contactId} agentId={agentId} date={place.date ?? undefined} />
        </Suspense>
      )}
      <ContactFoot contactId={contactId} connectAlias={preferences.connectAlias} />
    </>
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
