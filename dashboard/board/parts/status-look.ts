import type { AgentStatus } from "../../../protocol/agent.ts";
import type { IconName } from "./Icon.tsx";

/** The colour family of a status. The colours are in styles/tokens.css. */
export type StatusTone = "ok" | "call" | "hold" | "wrap" | "quiet" | "bad";

/** The look of each status. The icons differ too, for people who do not see the colours. */
export const STATUS_LOOK: Readonly<Record<AgentStatus, { icon: IconName; tone: StatusTone }>> = {
  available: { icon: "check", tone: "ok" },
  ringing: { icon: "ring", tone: "call" },
  "on a call": { icon: "phone", tone: "call" },
  "on a contact": { icon: "chat", tone: "call" },
  "on hold": { icon: "hold", tone: "hold" },
  "after call work": { icon: "pen", tone: "wrap" },
  missed: { icon: "missed", tone: "bad" },
  error: { icon: "error", tone: "bad" },
  offline: { icon: "offline", tone: "quiet" },
  away: { icon: "away", tone: "quiet" },
};
