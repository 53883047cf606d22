import type { AgentContact } from "../../protocol/updates.ts";

/** A contact goes through these phases in order. Only a missed one may ring again, with a later `since`. */
export const PHASE: Readonly<Record<AgentContact["state"], number>> = {
  ringing: 0,
  connected: 1,
  hold: 1,
  paused: 1,
  ended: 2,
  missed: 2,
  rejected: 2,
  error: 2,
};
