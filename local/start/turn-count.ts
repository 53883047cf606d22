import { setTimeout as sleep } from "node:timers/promises";
import { replay } from "../../aws-ingest/handlers/replay.ts";
import type { LocalLambda } from "../aws/lambda.ts";
import type { Simulator } from "../simulator/simulator.ts";
import { type StandIns, UNDELIVERED_QUEUE } from "./cloud.ts";
import type { TurnAudit, TurnCount } from "./turn-audit.ts";

/**
 * The last turns need the recogniser's pause and, when Lambda's retries are used up, the watchdog: it runs each minute and starts
 * a call after a minute without a sign of life. After this time a turn counts as lost.
 */
const SETTLE_WITHIN_MS = 150_000;
const CHECK_EVERY_MS = 1_000;

/**
 * Ends all calls and counts their turns once everything that was under way has arrived. It does what an operator would do: it
 * replays dead letters. Waits before retries take no time any more.
 */
export async function settleTurns(
  audit: TurnAudit,
  simulator: Pick<Simulator, "endContacts">,
  lambda: Pick<LocalLambda, "skipWaits">,
  { sqs }: Pick<StandIns, "sqs">,
): Promise<TurnCount> {
  simulator.endContacts();
  lambda.skipWaits();
  const deadline = performance.now() + SETTLE_WITHIN_MS;
  for (;;) {
    if (sqs.bodies(UNDELIVERED_QUEUE).length > 0) await replay(process.env);
    await audit.check(Date.now());
    if (audit.missing === 0 || performance.now() > deadline) {
      for (const call of audit.incompleteCalls()) console.error(JSON.stringify({ event: "turns_lost", ...call }));
      return audit.count();
    }
    await sleep(CHECK_EVERY_MS);
  }
}
