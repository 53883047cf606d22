import type { Connection } from "../../client/contract.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";

/** A round trip that takes longer is worth knowing: what the board shows is as much older (ms). */
const SLOW_FROM_MS = 1_000;

interface ConnectionPillProps {
  connection: Connection;
  paused: boolean;
}

/** Shows the state of the connection, and the time of a round trip to the hub when it is slow. */
export function ConnectionPill({ connection, paused }: ConnectionPillProps) {
  const text = useText();
  const live = connection.status === "live";
  const state = live ? (paused ? "paused" : "live") : connection.status;
  return (
    <span className="vg-pill" data-state={state}>
      {paused && live ? <Icon name="pause" /> : <span className="vg-dot" aria-hidden="true" />}
      <span>{text.text(`connection.${state}`)}</span>
      {live && !paused && connection.latencyMs !== null && connection.latencyMs >= SLOW_FROM_MS && (
        <span className="vg-latency">
          {text.text("connection.latency", { ms: text.number(Math.round(connection.latencyMs)) })}
        </span>
      )}
      {live && !paused && connection.transport === "polling" && (
        <span className="vg-latency">{text.text("connection.polling")}</span>
      )}
    </span>
  );
}

const CLOSE_WORDS = [
  "ticket_expired",
  "too_slow",
  "resync",
  "restarting",
  "too_many_requests",
  "bad_ticket",
  "bad_message",
  "revoked",
  "too_many_viewers",
  "not_allowed",
  "network",
  "ticket_refused",
  "ticket_failed",
  "ticket_invalid",
  "timeout",
  "unreadable_frame",
  "offline",
  "closed",
] as const;

/** Returns the sentence for the reason why a connection ended. */
export function useCloseWords(reason: string | null): string | null {
  const text = useText();
  if (reason === null) return null;
  const known = CLOSE_WORDS.find((word) => word === reason);
  return known === undefined ? text.text("close.unknown", { reason }) : text.text(`close.${known}`);
}
