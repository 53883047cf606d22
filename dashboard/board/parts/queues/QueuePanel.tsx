import "../../styles/panels.css";
import { useMemo } from "react";
import type { CenterQueue } from "../../../../protocol/queue.ts";
import type { AgentView } from "../../../client/contract.ts";
import { useQueue, useQueueContacts } from "../../../react/use-queues.ts";
import { clockText } from "../../model/format.ts";
import { chatQueues, placesByProfile, placesOf } from "../../model/queues.ts";
import { toggled, type View } from "../../model/view.ts";
import { useText } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { SidePanel } from "../SidePanel.tsx";
import { QueueHours } from "./QueueHours.tsx";
import { QueueStaff } from "./QueueStaff.tsx";
import { QueueWait } from "./QueueTile.tsx";
import { availableWords, goalWords, serviceLevelWords } from "./queue-words.ts";
import { useServiceLevelGoal } from "./service-level-goal.ts";
import { WaitingList } from "./WaitingList.tsx";

interface QueuePanelProps {
  queueId: string;
  /** All agents whom the reader may see. */
  agents: readonly AgentView[];
  /** Those in the reader's scope. */
  scoped: readonly AgentView[];
  view: View;
  onView: (view: View) => void;
  onOpenAgent: (agentId: string) => void;
  modal: boolean;
  onClose: () => void;
}

/** Shows one queue: who waits, who could answer, the day and the last hours. */
export default function QueuePanel({ queueId, agents, scoped, view, onView, onOpenAgent, modal, onClose }: QueuePanelProps) {
  const text = useText();
  const queue = useQueue(queueId);
  const contacts = useQueueContacts(queueId);
  if (queue === undefined) {
    return (
      <SidePanel title={text.text("column.queue")} modal={modal} onClose={onClose}>
        <p className="vg-empty">{text.text("queue.gone")}</p>
      </SidePanel>
    );
  }
  const filtered = view.queues.includes(queue.name);
  return (
    <SidePanel title={queue.name} note={<Facts queue={queue} agents={agents} />} modal={modal} onClose={onClose}>
      <section
        className="vg-queue-panel"
        aria-label={queue.name}
        // biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1)
        tabIndex={0}
      >
        <button
          type="button"
          className="vg-button"
          aria-pressed={filtered}
          onClick={() => {
            onView({ ...view, queues: toggled(view.queues, queue.name) });
            // Over the agents, the panel would hide what the reader asked for.
            if (modal) onClose();
          }}
        >
          <Icon name="funnel" />
          {text.text("queue.filter")}
        </button>
        {contacts !== null && <WaitingList contacts={contacts} waiting={queue.waiting} agents={agents} />}
        <QueueStaff queue={queue} agents={scoped} onOpenAgent={onOpenAgent} />
        <Day queue={queue} />
        {contacts?.status === "live" && <QueueHours quarters={contacts.quarters} />}
      </section>
    </SidePanel>
  );
}

function Facts({ queue, agents }: { queue: CenterQueue; agents: readonly AgentView[] }) {
  const text = useText();
  const places = useMemo(
    () => (chatQueues([queue], agents).has(queue.name) ? placesOf(queue.profiles, placesByProfile(agents, "chat")) : null),
    [queue, agents],
  );
  const words = [
    availableWords(queue, text),
    places !== null &&
      places.max > 0 &&
      text.text("queue.places", { free: text.number(places.free), max: text.number(places.max) }),
    (queue.silent ?? 0) > 0 && text.count("queue.silent", queue.silent ?? 0),
    queue.ringing > 0 && text.count("queue.ringing", queue.ringing),
    queue.scheduled > 0 && text.count("queue.scheduled", queue.scheduled),
  ].filter((word) => word);
  return (
    <>
      <p className="vg-facts">
        <b>{text.count("queue.waiting", queue.waiting)}</b>
        <QueueWait queue={queue} />
      </p>
      <p className="vg-sub">{words.join(" · ")}</p>
    </>
  );
}

function Day({ queue }: { queue: CenterQueue }) {
  const text = useText();
  const { today, estimatedWaitMs } = queue;
  const serviceLevel = serviceLevelWords(queue, text);
  const goal = useServiceLevelGoal(queue);
  const time = (ms: number) => clockText(ms / 1000);
  const lines = [
    [
      text.count("queue.queued", today.queued),
      text.count("queue.answered", today.answered),
      text.count("queue.abandoned", today.abandoned),
      text.count("queue.callbacks", today.callbacks),
    ].join(" · "),
    today.averageAnswerMs !== null && text.text("queue.averageAnswer", { time: time(today.averageAnswerMs) }),
    today.longestWaitMs !== null && text.text("queue.longestWait", { time: time(today.longestWaitMs) }),
    estimatedWaitMs !== null && text.text("queue.estimatedWait", { time: time(estimatedWaitMs) }),
  ];
  return (
    <section>
      <h3>{text.text("queue.today")}</h3>
      {serviceLevel !== null && (
        <p>
          <b className="vg-queue-level" data-below={(today.serviceLevel ?? 1) < goal || undefined}>
            {serviceLevel}
          </b>
          {` · ${goalWords(text, goal)}`}
        </p>
      )}
      {lines.map((line) => line !== false && <p key={line}>{line}</p>)}
    </section>
  );
}
