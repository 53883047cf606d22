import { alertName, alertWords } from "../../model/alert-words.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import { contactLink } from "../../model/preferences.ts";
import { useText } from "../board-context.ts";
import { Counting } from "../cells.tsx";
import { Icon } from "../Icon.tsx";
import type { Acknowledging } from "./acknowledging.ts";

/** The hub's words for a refused acknowledgement that have a text of their own. */
const REFUSALS = ["not_allowed", "polling", "timeout", "gone", "revoked", "replay"] as const;

interface AlertItemProps {
  alert: BoardAlert;
  /** Null: this reader may not acknowledge. */
  acknowledging: Acknowledging | null;
  muted: boolean;
  onMute: (muted: boolean) => void;
  connectAlias: string;
  onOpen: (alert: BoardAlert) => void;
}

/** One alert of the list: whom it is about, why, since when, and who takes care of it. */
export function AlertItem({ alert, acknowledging, muted, onMute, connectAlias, onOpen }: AlertItemProps) {
  const text = useText();
  const words = alertWords(alert, text);
  const name = alertName(alert, text);
  const refusal = acknowledging?.refusals.get(alert.id);
  return (
    <li className="vg-alert" data-level={alert.level} data-done={alert.acknowledged || !alert.firing || undefined}>
      <Icon name={alert.level === "critical" ? "critical" : "warning"} />
      <div>
        <AlertSubject alert={alert} name={name} connectAlias={connectAlias} onOpen={onOpen} />
        <p>
          <span className="vg-hidden">{text.text(`alertLevel.${alert.level}`)}: </span>
          {words}
          <span className="vg-sub">
            {" · "}
            {alert.firing ? <Counting since={alert.since} /> : <Span alert={alert} />}
          </span>
        </p>
        {alert.acknowledged && <Acknowledged alert={alert} />}
        {refusal !== undefined && (
          <p className="vg-refusal" role="alert">
            {refusalWords(refusal, text)}
          </p>
        )}
      </div>
      <div className="vg-alert-actions">
        {alert.firing && !alert.acknowledged && acknowledging !== null && (
          <button
            type="button"
            className="vg-button"
            aria-label={text.text("alerts.acknowledgeFor", { alert: words, name })}
            // A disabled button would lose the focus.
            aria-disabled={acknowledging.pending.has(alert.id) || undefined}
            onClick={() => acknowledging.acknowledge([alert.id])}
          >
            {text.text("alerts.acknowledge")}
          </button>
        )}
        {(alert.firing || muted) && (
          <button
            type="button"
            className="vg-button vg-quiet"
            aria-pressed={muted}
            aria-label={text.text(muted ? "alerts.unmuteFor" : "alerts.muteFor", { alert: words })}
            title={text.text("alerts.muteHint")}
            onClick={() => onMute(!muted)}
          >
            {text.text(muted ? "alerts.muted" : "alerts.mute")}
          </button>
        )}
      </div>
    </li>
  );
}

interface AlertSubjectProps extends Pick<AlertItemProps, "alert" | "connectAlias" | "onOpen"> {
  name: string;
}

/** The name of the subject. It opens its agent with the call, its queue, or the page of a contact that is over. */
function AlertSubject({ alert, name, connectAlias, onOpen }: AlertSubjectProps) {
  if (alert.agentId !== null || alert.queueId !== null) {
    return (
      <button type="button" className="vg-link" onClick={() => onOpen(alert)}>
        {name}
      </button>
    );
  }
  const link = alert.contactId === null ? null : contactLink(connectAlias, alert.contactId);
  if (link === null) return <b>{name}</b>;
  return (
    <a className="vg-link" href={link} target="_blank" rel="noreferrer">
      {name}
    </a>
  );
}

function Acknowledged({ alert: { acknowledgedBy, acknowledgedAt } }: { alert: BoardAlert }) {
  const text = useText();
  return (
    <p className="vg-sub">
      {acknowledgedBy === null
        ? text.text("alerts.acknowledged")
        : text.text("alerts.acknowledgedBy", { name: acknowledgedBy, time: text.moment(acknowledgedAt ?? 0) })}
    </p>
  );
}

/** From when to when an alert was there. */
function Span({ alert: { since, resolvedAt } }: { alert: BoardAlert }) {
  const text = useText();
  return <>{text.text("alerts.span", { from: text.moment(since), to: text.moment(resolvedAt ?? since) })}</>;
}

function refusalWords(word: string, text: ReturnType<typeof useText>): string {
  const known = REFUSALS.find((refusal) => refusal === word);
  return known === undefined ? text.text("alerts.refused.other", { reason: word }) : text.text(`alerts.refused.${known}`);
}
