import type { AgentView } from "../../client/contract.ts";
import { reasonsOf } from "../model/alert-words.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { moreContacts } from "../model/contacts.ts";
import { clockText, isoDuration, secondsSince } from "../model/format.ts";
import { directionOf, toneOf } from "../model/sentiment-label.ts";
import { sparkPoints } from "../model/spark.ts";
import type { Text } from "../text/text.ts";
import { useBoard, useText, useTick } from "./board-context.ts";
import { CHANNEL_ICON } from "./channel-look.ts";
import { Icon } from "./Icon.tsx";
import { STATUS_LOOK } from "./status-look.ts";
import { TranscriptionMark, transcriptionGap } from "./transcription-mark.tsx";

/** Returns the name of a status: of a custom one that of Amazon Connect, of a contact its channel's, for example `On a chat`. */
export function statusWords(agent: Pick<AgentView, "status" | "statusName" | "channel">, text: Text): string {
  const { status, statusName, channel } = agent;
  if (status === "away" && statusName) return statusName;
  if (status === "on a contact" && channel !== null && channel !== "voice") return text.text(`onContact.${channel}`);
  return text.text(`status.${status}`);
}

export function StatusLabel({ agent }: { agent: AgentView }) {
  const text = useText();
  const look = STATUS_LOOK[agent.status];
  const icon = agent.status === "on a contact" && agent.channel !== null ? CHANNEL_ICON[agent.channel] : look.icon;
  const more = moreContacts(agent);
  const words = statusWords(agent, text);
  const hasShort = agent.status === "after call work";
  return (
    <span className="vg-status" data-tone={look.tone} data-has-short={hasShort || undefined}>
      <Icon name={icon} />
      <span className="vg-status-words" title={words}>
        {words}
      </span>
      {hasShort && (
        <span className="vg-status-short" aria-hidden="true" title={words}>
          {text.text("tile.acw")}
        </span>
      )}
      {more > 0 && (
        <span className="vg-plus" title={text.count("contact.more", more)}>
          <span aria-hidden="true">+{text.number(more)}</span>
          <span className="vg-hidden">, {text.count("contact.more", more)}</span>
        </span>
      )}
      {agent.stale && (
        <span className="vg-stale" title={text.text("table.stale")}>
          <Icon name="stale" />
          <span className="vg-hidden">{text.text("table.stale")}</span>
        </span>
      )}
    </span>
  );
}

/** Shows a duration that grows with the board's clock. */
export function Counting({ since }: { since: number }) {
  const seconds = useTick((now) => secondsSince(since, now));
  return (
    <time className="vg-time" dateTime={isoDuration(seconds)}>
      {clockText(seconds)}
    </time>
  );
}

const SPARK_WIDTH = 64;
const SPARK_HEIGHT = 22;

/** Shows the customer's sentiment score and its trend, or why there is none. */
export function SentimentCell({ agent }: { agent: AgentView }) {
  const { clock } = useBoard();
  const text = useText();
  const score = agent.sentimentScore;
  const gap = transcriptionGap(agent);
  if (score === null && gap !== null) return <TranscriptionMark gap={gap} withWord={true} />;
  if (score === null) return <span className="vg-none">{text.text("table.none")}</span>;
  const tone = toneOf(score);
  const from = agent.trend[0]?.score ?? score;
  const words = text.text("sentiment.spark", {
    from: text.score(from),
    to: text.score(score),
    direction: text.text(`direction.${directionOf(agent.trend)}`),
  });
  return (
    <span className="vg-sentiment" data-tone={tone}>
      <svg
        className="vg-spark"
        viewBox={`0 -1 ${SPARK_WIDTH} ${SPARK_HEIGHT + 2}`}
        preserveAspectRatio="none"
        role="img"
        aria-label={words}
      >
        <line x1="0" x2={SPARK_WIDTH} y1={SPARK_HEIGHT / 2} y2={SPARK_HEIGHT / 2} />
        <polyline points={sparkPoints(agent.trend, clock.now(), SPARK_WIDTH, SPARK_HEIGHT)} />
      </svg>
      <span className="vg-score">{text.score(score)}</span>
      {gap !== null && <TranscriptionMark gap={gap} withWord={false} />}
    </span>
  );
}

/** Shows in words why the row needs a hand. */
export function AlertChips({ alerts }: { alerts: readonly BoardAlert[] }) {
  const text = useText();
  const reasons = reasonsOf(alerts, text);
  return (
    <span className="vg-chips" data-several={reasons.length > 1 || undefined}>
      {reasons.map(({ key, level, words, acknowledged }) => (
        <span key={key} className="vg-chip" data-level={level} data-done={acknowledged || undefined} title={words}>
          <span className="vg-hidden">{text.text(`alertLevel.${level}`)}: </span>
          {words}
          {acknowledged && <span className="vg-hidden"> ({text.text("alerts.acknowledged")})</span>}
        </span>
      ))}
      {reasons.length > 1 && (
        <span className="vg-more" aria-hidden="true" title={text.list(reasons.slice(1).map(({ words }) => words))}>
          +{text.number(reasons.length - 1)}
        </span>
      )}
    </span>
  );
}
