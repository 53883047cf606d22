import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { handler } from "../../../aws-ingest/transcriber.ts";
import type { Measured } from "../measure/figure.ts";
import { ownCpuSeconds, until } from "../measure/processes.ts";
import { percentile } from "../measure/statistics.ts";
import type { Effort, Scenario } from "../scenario.ts";
import type { LabNews, LabOrder } from "./lab-process.ts";

const LAB = fileURLToPath(new URL("lab-process.ts", import.meta.url));
const LAB_CORE = "0";
const TURNS = 8;
/** What the goal speaks of. */
const GOAL_CALLS = 200;
const GIVE_UP_MS = 120_000;

/** Live calls through the real transcriber and the AWS SDK in one process on one core; the stand-ins for AWS have the other. */
export const simultaneousCalls: Scenario = {
  name: "many calls at once in one process",
  async run({ quick }: Effort): Promise<Measured[]> {
    const calls = quick ? 20 : GOAL_CALLS;
    const { cores, afterEnd } = await transcribeAll(calls);
    const alone = { peer: null, peerName: null };
    return [
      {
        name: `CPU of ${GOAL_CALLS} live calls in one transcriber process`,
        unit: "cores",
        ours: [(cores / calls) * GOAL_CALLS],
        ...alone,
        goal: { of: "ours", atMost: 1 },
        note: `Measured with ${calls} calls in one run of about half a minute with the start included, both sides of every call spoken in real time; every phrase of every call had to arrive as said. Beyond one core calls would fall behind. On AWS each call has a Lambda of its own, so no call shares its core.`,
      },
      {
        name: `${calls} live calls in one transcriber process, from the call's last sound until all of it was told, p99`,
        unit: "ms",
        ours: [percentile(afterEnd, 0.99)],
        ...alone,
        goal: null,
        note: "With what the recogniser's stand-in takes to finish: it tells a phrase when the silence behind it is long enough.",
      },
    ];
  },
};

async function transcribeAll(calls: number): Promise<{ cores: number; afterEnd: number[] }> {
  const lab = fork(LAB, [], { execPath: "taskset", execArgv: ["-c", LAB_CORE, process.execPath] });
  try {
    const ended = new Map<string, number>();
    const afterEnd: number[] = [];
    let finished = 0;
    let failure: unknown = null;
    let wrong: number | null = null;
    let env: Record<string, string> | null = null;
    lab.on("message", (news: LabNews) => {
      if ("env" in news) env = news.env;
      else if ("over" in news) ended.set(news.over, performance.now());
      else if ("wrong" in news) wrong = news.wrong;
      else {
        const { contactId } = news.job;
        handler(news.job).then(
          () => {
            finished += 1;
            afterEnd.push(performance.now() - (ended.get(contactId) ?? Number.NaN));
          },
          (error) => {
            failure = error;
          },
        );
      }
    });
    await until("the stand-ins to start", GIVE_UP_MS, () => env !== null);
    Object.assign(process.env, env);
    const cpu = ownCpuSeconds();
    const start = performance.now();
    order(lab, { calls, turns: TURNS });
    await until("all calls to end", GIVE_UP_MS, () => failure !== null || finished === calls);
    if (failure !== null) throw failure;
    const cores = (ownCpuSeconds() - cpu) / ((performance.now() - start) / 1000);
    order(lab, "check");
    await until("the words to be compared", GIVE_UP_MS, () => wrong !== null);
    if (wrong !== 0) throw new Error(`${wrong} of ${calls} calls came out with other words than were said.`);
    return { cores, afterEnd };
  } finally {
    lab.kill("SIGKILL");
  }
}

function order(lab: ChildProcess, message: LabOrder | "check"): void {
  lab.send(message);
}
