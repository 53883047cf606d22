import type { DayContact } from "../../../../protocol/agent-day.ts";
import type { AgentView } from "../../../client/contract.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import { timeWords } from "../../model/day/day-words.ts";
import { handleMs } from "../../model/day/ended-contacts.ts";
import { contactLink } from "../../model/preferences.ts";
import { useText } from "../board-context.ts";
import { AlertChips } from "../cells.tsx";
import { contactName } from "../contact-notes.tsx";
import { Icon } from "../Icon.tsx";

interface EndedContactProps {
  agent: AgentView | undefined;
  /** Null = it is not among the contacts of the day. */
  contact: DayContact | null;
  /** The alerts of the contact. */
  alerts: readonly BoardAlert[];
  dayIsKnown: boolean;
  onChoose: (contactId: string) => void;
}

/** Says that the contact on the page is over, what remains of it, and which contact the agent has now. */
export function EndedContact({ agent, contact, alerts, dayIsKnown, onChoose }: EndedContactProps) {
  const text = useText();
  const nextId = agent?.contactId ?? null;
  // An older hub does not list the contacts.
  const next = agent?.contacts?.find(({ contactId }) => contactId === nextId) ?? {
    channel: agent?.channel ?? ("voice" as const),
    queue: agent?.queue ?? null,
  };
  const duration = contact === null ? null : handleMs(contact);
  const words = [
    text.text(contact === null && dayIsKnown && agent?.contactId === null ? "call.linked" : "call.over"),
    contact !== null && contactName(contact, text),
    duration !== null && text.text("call.firstWas", { time: timeWords(duration, text) }),
  ].filter((word) => word !== false);
  return (
    <div className="vg-ended">
      <p>{words.join(" · ")}</p>
      {alerts.length > 0 && <AlertChips alerts={alerts} />}
      {nextId !== null && (
        <button type="button" className="vg-button" onClick={() => onChoose(nextId)}>
          <Icon name="right" />
          {text.text("call.next", { name: contactName(next, text) })}
        </button>
      )}
    </div>
  );
}

/** The ways from a contact to what other systems know of it. */
export function ContactFoot({ contactId, connectAlias }: { contactId: string; connectAlias: string }) {
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
