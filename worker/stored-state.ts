import { forgetAgentSentiment } from "../core/state/agent-sentiment.ts";
import { ContactCenterState } from "../core/state/contact-center-state.ts";
import { DEFAULT_EXPIRY } from "../core/state/expiry.ts";
import type { StateEvents } from "../core/state/ports.ts";
import type { Settings } from "./settings.ts";
import type { SqliteStore } from "./sqlite-store.ts";

/** Reads the state of a contact center from its storage: when its object wakes, and when memory is ahead of storage. */
export function readState(store: SqliteStore, settings: Settings, events: StateEvents): ContactCenterState {
  const stored = store.load(crypto.randomUUID());
  const kept = settings.showAgentSentiment ? stored : forgetAgentSentiment(stored, store);
  const { forgetTurnsAfterMs: turnsExpireAfterMs, forgetAgentsAfterMs: agentForgottenAfterMs } = settings;
  return new ContactCenterState(kept, store, events, { ...DEFAULT_EXPIRY, turnsExpireAfterMs, agentForgottenAfterMs });
}
