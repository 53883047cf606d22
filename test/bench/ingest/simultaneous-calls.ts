import { randomUUID } from "node:crypto";
import type { Measured } from "../measure/figure.ts";
import { percentile } from "../measure/statistics.ts";
import { type Effort, repeat, type Scenario } from "../scenario.ts";
import { type LiveCallResults, liveCalls } from "./live-calls.ts";

/** The number of calls in the goal. */
const GOAL_CALLS = 200;

/** Runs live calls through the real transcriber and the AWS SDK in one process on one core. The stand-ins for AWS have the other core. */
export const simultaneousCalls: Scenario = {
  name: "many calls at once in one process",
  async run({ quick }: Effort): Promise<Measured[]> {
    const calls = quick ? 20 : GOAL_CALLS;
    let seed = 0;
    const runs = await repeat(quick ? 1 : 2, () => oneRun(calls, quick ? 2 : 8, seed++));
    const standIns = Math.round(100 * Math.max(...runs.map(({ standInCores }) => standInCores)));
    const alone = { peer: null, peerName: null };
    return [
      {
        name: `CPU of ${GOAL_CALLS} live calls in one transcriber process`,
        unit: "cores",
        ours: runs.map(({ cores }) => (cores / calls) * GOAL_CALLS),
        ...alone,
        goal: { of: "ours", atMost: 1 },
        note: `Measured with ${calls} calls. Each run takes most of a minute with the start included, and both sides speak in real time. Every phrase of every call had to arrive with its own text. Above one core, calls would fall behind. On AWS each call has a Lambda of its own.`,
      },
      {
        name: `${calls} live calls in one transcriber process, from the call's last sound until all of it was told, p99`,
        unit: "ms",
        ours: runs.map(({ afterEnd }) => percentile(afterEnd, 0.99)),
        ...alone,
        goal: null,
        note: `This includes the time of the stand-in for Transcribe, which ends a phrase when the silence behind it is long enough. The stand-ins used ${standIns} % of their core. Near 100 % they would be the bottleneck.`,
      },
    ];
  },
};

function oneRun(calls: number, turns: number, seed: number): Promise<LiveCallResults> {
  return liveCalls({ contactIds: Array.from({ length: calls }, () => randomUUID()), turns, seed }, null);
}
