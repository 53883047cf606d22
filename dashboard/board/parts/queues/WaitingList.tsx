import type { WaitingContact } from "../../../../protocol/queue.ts";
import type { AgentView, QueueContacts } from "../../../client/contract.ts";
import { useText } from "../board-context.ts";
import { Counting } from "../cells.tsx";
import { CHANNEL_ICON } from "../channel-look.ts";
import { Icon } from "../Icon.tsx";
import { queueRefusalWords } from "./queue-refusal.ts";

interface WaitingListProps {
  contacts: QueueContacts;
  /** How many wait. The hub lists 200 of them at most. */
  waiting: number;
  agents: readonly AgentView[];
}

/** Who waits in the queue since when, and at whom it rings. */
export function WaitingList({ contacts, waiting, agents }: WaitingListProps) {
  const text = useText();
  const { status, error, contacts: shown } = contacts;
  return (
    <section>
      <h3>{text.text("queue.waitingList")}</h3>
      {status === "loading" && <p className="vg-sub">{text.text("queue.loading")}</p>}
      {status === "refused" && <p className="vg-sub">{queueRefusalWords(text, error)}</p>}
      {status === "live" && shown.length === 0 && <p className="vg-sub">{text.text("queue.nobody")}</p>}
      {shown.length > 0 && (
        <ol className="vg-waiting">
          {shown.map((contact) => (
            <Waiting key={contact.contactId} contact={contact} agents={agents} />
          ))}
        </ol>
      )}
      {shown.length > 0 && shown.length < waiting && (
        <p className="vg-sub">{text.text("queue.firstOf", { shown: text.number(shown.length), count: text.number(waiting) })}</p>
      )}
    </section>
  );
}

function Waiting({ contact, agents }: { contact: WaitingContact; agents: readonly AgentView[] }) {
  const text = useText();
  const { ringingAt, channel, since, callback } = contact;
  const agent = ringingAt === null ? undefined : agents.find(({ agentId }) => agentId === ringingAt);
  const ringing = agent === undefined ? text.text("queue.ringsSomewhere") : text.text("queue.rings", { name: agent.name });
  return (
    <li data-rings={ringingAt !== null || undefined}>
      <Icon name={CHANNEL_ICON[channel]} />
      <span>{text.text(callback ? "queue.callback" : `channel.${channel}`)}</span>
      <Counting since={since} />
      {ringingAt !== null && (
        <span className="vg-rings">
          <Icon name="ring" />
          {ringing}
        </span>
      )}
    </li>
  );
}
