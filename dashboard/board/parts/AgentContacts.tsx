import { type KeyboardEvent, useId, useRef } from "react";
import type { AgentContactRow } from "../../../protocol/agent.ts";
import { toneOf } from "../model/sentiment-label.ts";
import type { Text } from "../text/text.ts";
import { useText } from "./board-context.ts";
import { Counting } from "./cells.tsx";
import { CHANNEL_ICON } from "./channel-look.ts";
import { contactName } from "./contact-notes.tsx";
import { Icon } from "./Icon.tsx";
import { placeAfter } from "./roving-focus.ts";

interface AgentContactsProps {
  contacts: readonly AgentContactRow[];
  /** Contacts that the hub leaves out of the list. */
  hidden: number;
  /** The contact on the page. It is not among `contacts` after its end. */
  shown: string;
  /** What the contact was, after its end. */
  ended: AgentContactRow | null;
  onChoose: (contactId: string) => void;
  /** The id of the element that shows the contact. */
  panelId: string;
}

/** All contacts of an agent as tabs, because each has a transcript of its own. */
export function AgentContacts({ contacts, hidden, shown, ended, onChoose, panelId }: AgentContactsProps) {
  const text = useText();
  const list = useRef<HTMLDivElement>(null);
  const prefix = useId();
  const tabs = ended === null ? contacts : [...contacts, ended];
  const onKeyDown = (event: KeyboardEvent) => {
    const place = tabs.findIndex(({ contactId }) => contactId === shown);
    const next = placeAfter(event.key, place, tabs.length);
    const contact = next === null ? undefined : tabs[next];
    if (next === null || contact === undefined) return;
    event.preventDefault();
    onChoose(contact.contactId);
    list.current?.querySelectorAll<HTMLElement>("[role=tab]")[next]?.focus();
  };
  return (
    <>
      <div ref={list} className="vg-contacts" role="tablist" aria-label={text.text("contact.tabs")} onKeyDown={onKeyDown}>
        {tabs.map((contact) => {
          const { contactId, channel, sentimentScore } = contact;
          const over = contact === ended;
          return (
            <button
              key={contactId}
              id={`${prefix}${contactId}`}
              type="button"
              role="tab"
              className="vg-contact"
              aria-selected={contactId === shown}
              aria-controls={panelId}
              tabIndex={contactId === shown ? 0 : -1}
              data-over={over || undefined}
              onClick={() => onChoose(contactId)}
            >
              <Icon name={CHANNEL_ICON[channel]} />
              <span className="vg-contact-name" title={contactName(contact, text)}>
                {contact.queue !== null && <span className="vg-hidden">{text.text(`channel.${channel}`)}: </span>}
                {contact.queue ?? text.text(`channel.${channel}`)}
              </span>
              {over ? <span>{text.text("contact.ended")}</span> : <Counting since={contact.startedAt ?? contact.since} />}
              {!over && <ContactState contact={contact} text={text} />}
              {sentimentScore !== null && (
                <span className="vg-contact-score" data-tone={toneOf(sentimentScore)}>
                  {text.score(sentimentScore)}
                </span>
              )}
            </button>
          );
        })}
      </div>
      {hidden > 0 && <p className="vg-sub vg-contacts-more">{text.count("contact.hidden", hidden)}</p>}
    </>
  );
}

/** What is special of a contact that is not simply going on. */
function ContactState({ contact: { status }, text }: { contact: AgentContactRow; text: Text }) {
  if (status === "on a call" || status === "on a contact") return null;
  return <span>{text.text(status === "paused" ? "contact.paused" : `status.${status}`)}</span>;
}
