import type { AgentDay } from "../../../../protocol/agent-day.ts";
import type { HubReply } from "../../../client/contract.ts";
import { readDay } from "./read-day.ts";

/** Why there is no day: a stable word with a sentence in `text/day-en.ts`. */
export type DayRefusal = "old_hub" | "not_found" | "wrong_date" | "busy" | "signed_out" | "failed";

/** What the board knows of a day. The last day stays while the hub is asked again, and when it does not answer. */
export interface DayAnswer {
  status: "loading" | "ready" | "refused";
  day: AgentDay | null;
  refusal: DayRefusal | null;
}

export const DAY_LOADING: DayAnswer = { status: "loading", day: null, refusal: null };

/**
 * Says what an answer of the hub means.
 * @param before the day that the board has
 * @param seesAgent whether the agent is on the board. Then a 404 can only mean that the hub does not know the question.
 */
export function dayAnswer({ status, body }: HubReply, before: AgentDay | null, seesAgent: boolean): DayAnswer {
  if (status === 200) {
    const day = readDay(body);
    return day === null ? refused("failed", before) : { status: "ready", day, refusal: null };
  }
  switch (status) {
    case 404:
      return refused(seesAgent ? "old_hub" : "not_found", null);
    case 400:
      return refused("wrong_date", null);
    case 401:
    case 403:
      return refused("signed_out", null);
    case 429:
      return refused("busy", before);
    default:
      return refused("failed", before);
  }
}

/** A day that was read before is worth more than the reason why it cannot be read again. */
function refused(refusal: DayRefusal, before: AgentDay | null): DayAnswer {
  return before === null ? { status: "refused", day: null, refusal } : { status: "ready", day: before, refusal };
}
