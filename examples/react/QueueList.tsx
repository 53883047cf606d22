import { useState } from "react";
import { useAgentClient, useQueueContacts, useQueues } from "vigia/react";

export function QueueList() {
  const queues = useQueues();
  const [openId, setOpenId] = useState<string | null>(null);
  return (
    <section>
      {queues.map(({ queueId, name, waiting, available }) => (
        <button type="button" key={queueId} onClick={() => setOpenId(queueId)}>
          {name}: {waiting} waiting, {available ?? "–"} available
        </button>
      ))}
      {openId !== null && <Waiting queueId={openId} />}
    </section>
  );
}

/** Who waits in one queue. The hub sends it only while this is shown. */
function Waiting({ queueId }: { queueId: string }) {
  const client = useAgentClient();
  const queue = useQueueContacts(queueId);
  if (queue === null) return null;
  if (queue.status === "refused") return <p>Nobody can be shown: {queue.error}</p>;
  return (
    <ol>
      {queue.contacts.map(({ contactId, channel, since, ringingAt }) => (
        <li key={contactId}>
          {channel}, {Math.round((client.now() - since) / 1000)} s{ringingAt !== null && ", rings at an agent"}
        </li>
      ))}
    </ol>
  );
}
