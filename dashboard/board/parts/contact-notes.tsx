import type { AgentContactRow, Capacity } from "../../../protocol/agent.ts";
import type { AgentView } from "../../client/contract.ts";
import { channelCounts, contactCount, moreContacts, placesInUse } from "../model/contacts.ts";
import type { Text } from "../text/text.ts";
import { useText } from "./board-context.ts";
import { CHANNEL_ICON } from "./channel-look.ts";
import { Icon } from "./Icon.tsx";

/** A contact's name for people: its queue, with the channel, for example `Chat: Web`. */
export function contactName({ channel, queue }: Pick<AgentContactRow, "channel" | "queue">, text: Text): string {
  const word = text.text(`channel.${channel}`);
  return queue === null ? word : `${word}: ${queue}`;
}

/** Each contact in words, for the CSV file. */
export function contactsWords(agent: AgentView, text: Text): string[] {
  const { contacts = [] } = agent;
  const hidden = contactCount(agent) - contacts.length;
  const words = contacts.map((contact) => contactName(contact, text));
  return contacts.length > 0 && hidden > 0 ? [...words, text.count("contact.hidden", hidden)] : words;
}

/** The places of each channel in words, for example `Chat 3 of 4`. */
export function placesWords(places: readonly Capacity[], text: Text): string[] {
  return places.map(({ channel, used, max }) =>
    text.text("contact.placesOf", { channel: text.text(`channel.${channel}`), used: text.number(used), max: text.number(max) }),
  );
}

/** The names of those who listen. A viewer of some groups may not know them. */
export function listenerWords({ listening = [] }: Pick<AgentView, "listening">, text: Text): string[] {
  return listening.map(({ name }) => name ?? text.text("contact.listener"));
}

/** The contacts by channel, for example a telephone and three chat bubbles. */
export function ContactIcons({ agent }: { agent: AgentView }) {
  const text = useText();
  return (
    <span className="vg-contact-icons">
      {channelCounts(agent.contacts ?? []).map(({ channel, count }) => (
        <span key={channel}>
          <Icon name={CHANNEL_ICON[channel]} />
          <span className="vg-hidden">{text.text(`channel.${channel}`)} </span>
          {text.number(count)}
        </span>
      ))}
    </span>
  );
}

/** In a row: an ear, and who listens. Nothing if nobody does, or if the hub does not say. */
export function RowListeners({ agent }: { agent: AgentView }) {
  const text = useText();
  const listeners = listenerWords(agent, text);
  if (listeners.length === 0) return null;
  const words = text.text("contact.listening", { names: text.list(listeners) });
  return (
    <span className="vg-listening" title={words}>
      <Icon name="ear" />
      {words}
    </span>
  );
}

/** What else a supervisor should know of the agent now: the places in use, the next status, and who listens. Often nothing. */
export function ContactNotes({ agent }: { agent: AgentView }) {
  const text = useText();
  const { nextStatus } = agent;
  const listeners = listenerWords(agent, text);
  const places = placesInUse(agent);
  const [only] = places;
  // The status names the channel of the one contact, so the number of places is enough.
  const place =
    only !== undefined && places.length === 1 && moreContacts(agent) === 0
      ? [text.text("contact.places", { used: text.number(only.used), max: text.number(only.max) })]
      : placesWords(places, text);
  const words = [...place, ...(nextStatus ? [text.text("contact.next", { status: nextStatus })] : [])];
  if (words.length === 0 && listeners.length === 0) return null;
  return (
    <span className="vg-sub vg-notes">
      {words.join(" · ")}
      {listeners.length > 0 && (
        <span className="vg-listening">
          <Icon name="ear" />
          {text.text("contact.listening", { names: text.list(listeners) })}
        </span>
      )}
    </span>
  );
}
