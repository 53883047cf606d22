import { useMemo, useState } from "react";
import type { AgentDay, DayContact } from "../../../../protocol/agent-day.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import { timeWords } from "../../model/day/day-words.ts";
import { endedContacts, handleMs } from "../../model/day/ended-contacts.ts";
import { type ZoneTime, zoneTime } from "../../model/day/zone-time.ts";
import { toneOf } from "../../model/sentiment-label.ts";
import { quarterPoints } from "../../model/spark.ts";
import { useText } from "../board-context.ts";
import { AlertChips } from "../cells.tsx";
import { CHANNEL_ICON } from "../channel-look.ts";
import { contactName } from "../contact-notes.tsx";
import { Icon } from "../Icon.tsx";

/** So many are on the page at first. An agent has up to a hundred short contacts in a day. */
const BATCH = 8;

interface DayContactsProps {
  day: AgentDay;
  /** Alerts of the contact center, also those that are over. */
  alerts: readonly BoardAlert[];
  /** The contact on the page. */
  shown: string | null;
  onChoose: (contactId: string) => void;
}

/** The contacts that the agent has ended, the newest first. */
export function DayContacts({ day, alerts, shown, onChoose }: DayContactsProps) {
  const text = useText();
  const [count, setCount] = useState(BATCH);
  const zone = useMemo(() => zoneTime(text.locale, day.timeZone), [text.locale, day.timeZone]);
  const ended = useMemo(() => endedContacts(day), [day]);
  return (
    <section className="vg-day" aria-label={text.text("day.contacts")}>
      <h3>{text.text("day.contacts")}</h3>
      {ended.length === 0 && <p className="vg-sub">{text.text("day.noContacts")}</p>}
      <ul className="vg-day-contacts">
        {ended.slice(0, count).map((contact) => (
          <ContactItem
            key={`${contact.contactId} ${contact.begin}`}
            contact={contact}
            zone={zone}
            alerts={alerts.filter(({ contactId }) => contactId === contact.contactId)}
            shown={shown === contact.contactId}
            onChoose={onChoose}
          />
        ))}
      </ul>
      {ended.length > count && (
        <button type="button" className="vg-button" onClick={() => setCount(count + 3 * BATCH)}>
          {text.count("day.showMore", ended.length - count)}
        </button>
      )}
    </section>
  );
}

interface ContactItemProps {
  contact: DayContact;
  zone: ZoneTime;
  alerts: readonly BoardAlert[];
  shown: boolean;
  onChoose: (contactId: string) => void;
}

function ContactItem({ contact, zone, alerts, shown, onChoose }: ContactItemProps) {
  const text = useText();
  const { contactId, channel, begin, answeredAt, endKnown, missed, sentiment, categories } = contact;
  const duration = handleMs(contact);
  const time = zone.minute(answeredAt ?? begin);
  return (
    <li data-shown={shown || undefined}>
      <p className="vg-day-contact">
        <time>{time}</time>
        <Icon name={CHANNEL_ICON[channel]} />
        <span className="vg-day-contact-name">{contactName(contact, text)}</span>
        {duration !== null && <span className="vg-time">{timeWords(duration, text)}</span>}
        {sentiment !== null && <ContactScore sentiment={sentiment} />}
        {answeredAt !== null && (
          <button
            type="button"
            className="vg-button"
            aria-pressed={shown}
            aria-label={text.text("day.readOf", { time })}
            onClick={() => onChoose(contactId)}
          >
            {text.text("day.read")}
          </button>
        )}
      </p>
      {(missed > 0 || answeredAt === null || !endKnown || categories.length > 0 || alerts.length > 0) && (
        <p className="vg-day-contact-notes">
          {missed > 0 && <span className="vg-chip">{text.count("day.contactMissed", missed)}</span>}
          {missed === 0 && answeredAt === null && <span className="vg-chip">{text.text("day.contactGone")}</span>}
          {answeredAt !== null && !endKnown && <span className="vg-chip">{text.text("day.endUnknown")}</span>}
          {categories.map((category) => (
            <span key={category} className="vg-chip vg-category">
              {category}
            </span>
          ))}
          {alerts.length > 0 && <AlertChips alerts={alerts} />}
        </p>
      )}
    </li>
  );
}

const SPARK_WIDTH = 44;
const SPARK_HEIGHT = 16;

/** The customer's score and its course over the quarters of the contact. */
function ContactScore({ sentiment: { score, quarters } }: { sentiment: NonNullable<DayContact["sentiment"]> }) {
  const text = useText();
  const words = quarters.map((quarter) => (quarter === null ? text.text("day.noData") : text.score(quarter)));
  const points = quarterPoints(quarters, SPARK_WIDTH, SPARK_HEIGHT);
  return (
    <span className="vg-day-score" data-tone={score === null ? undefined : toneOf(score)}>
      <svg
        viewBox={`-2 -2 ${SPARK_WIDTH + 4} ${SPARK_HEIGHT + 4}`}
        role="img"
        aria-label={text.text("day.score", { values: text.list(words) })}
      >
        <polyline points={points.map(({ x, y }) => `${x},${y}`).join(" ")} />
      </svg>
      {score !== null && <b>{text.score(score)}</b>}
    </span>
  );
}
