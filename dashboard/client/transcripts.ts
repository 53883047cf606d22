import type { ClientMessage, ServerMessage, Turn } from "../../protocol/messages.ts";
import type { Clock, Transcript } from "./contract.ts";
import { Watches } from "./watches.ts";

/** The live transcripts that have a listener. */
export class WatchedTranscripts extends Watches<Transcript> {
  constructor(clock: Clock, send: (message: ClientMessage) => boolean) {
    super(
      clock,
      (contactId, watching) => send({ type: watching ? "watch" : "unwatch", contactId }),
      (contactId) => ({ contactId, status: "loading", error: null, turns: [] }),
    );
  }

  applyFrame({ contactId, turns, complete }: Extract<ServerMessage, { type: "transcript" }>): void {
    this.change(contactId, (before) => ({
      contactId,
      status: complete || before.status === "complete" ? "complete" : "live",
      error: null,
      turns: mergeTurns(before.turns, turns),
    }));
  }
}

/** Merges turns in the order of `beginMs`. The newer version of a turn wins, but a final version wins over a partial one. */
export function mergeTurns(before: readonly Turn[], updates: readonly Turn[]): readonly Turn[] {
  const byId = new Map(before.map((turn) => [turn.turnId, turn]));
  for (const turn of updates) {
    const known = byId.get(turn.turnId);
    const late = known !== undefined && (known.final !== turn.final ? known.final : known.occurredAt > turn.occurredAt);
    if (!late) byId.set(turn.turnId, turn);
  }
  return [...byId.values()].sort((a, b) => a.beginMs - b.beginMs || (a.turnId < b.turnId ? -1 : 1));
}
