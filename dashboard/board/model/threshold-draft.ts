import type { AgentStatus } from "../../../protocol/agent.ts";
import type { Thresholds } from "./threshold-alerts.ts";
import { LIMITED } from "./thresholds.ts";

/** The thresholds as text in the form, right or wrong. An empty pair means no threshold. */
export interface ThresholdDraft {
  status: Readonly<Partial<Record<AgentStatus, { warn: string; critical: string }>>>;
  scoreWarn: string;
  scoreCritical: string;
  dropPoints: string;
  dropSeconds: string;
}

export type DraftResult = { ok: true; thresholds: Thresholds } | { ok: false; fault: "score" | AgentStatus };

export function draftOf(thresholds: Thresholds): ThresholdDraft {
  const status: Partial<Record<AgentStatus, { warn: string; critical: string }>> = {};
  for (const name of LIMITED) {
    const limits = thresholds.status[name];
    status[name] = { warn: String(limits?.warnSeconds ?? ""), critical: String(limits?.criticalSeconds ?? "") };
  }
  return {
    status,
    scoreWarn: String(thresholds.score.warn),
    scoreCritical: String(thresholds.score.critical),
    dropPoints: String(thresholds.drop.points),
    dropSeconds: String(thresholds.drop.seconds),
  };
}

/**
 * Reads the thresholds from a draft. If one field of a pair is empty, the other value counts for both levels.
 * `fault` names the row whose two values contradict each other. The form itself checks the range of each value.
 */
export function thresholdsOf(draft: ThresholdDraft): DraftResult {
  const status: Thresholds["status"] = {};
  for (const name of LIMITED) {
    const { warn, critical } = draft.status[name] ?? { warn: "", critical: "" };
    if (warn === "" && critical === "") continue;
    const warnSeconds = Number(warn === "" ? critical : warn);
    const criticalSeconds = Number(critical === "" ? warn : critical);
    if (!(warnSeconds >= 0 && criticalSeconds >= warnSeconds)) return { ok: false, fault: name };
    status[name] = { warnSeconds, criticalSeconds };
  }
  const score = { warn: Number(draft.scoreWarn), critical: Number(draft.scoreCritical) };
  if (!(score.critical <= score.warn)) return { ok: false, fault: "score" };
  return {
    ok: true,
    thresholds: { status, score, drop: { points: Number(draft.dropPoints), seconds: Number(draft.dropSeconds) } },
  };
}
