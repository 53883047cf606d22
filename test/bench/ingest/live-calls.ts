import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { cpuSeconds, ownCpuSeconds, until } from "../measure/processes.ts";
import type { LabNews, LabOrder } from "./lab-process.ts";
import type { TimedPhrase } from "./phrase-times.ts";

const LAB = fileURLToPath(new URL("lab-process.ts", import.meta.url));
const LAB_CORE = "0";
const GIVE_UP_MS = 180_000;

export interface CallsTold {
  /** CPU of this process while the calls went on. */
  cores: number;
  /** CPU of the stand-ins meanwhile: near 1 means that they were the bottleneck. */
  standInCores: number;
  /** Per call: ms from its last sound until its transcriber was done. */
  afterEnd: number[];
  phrases: TimedPhrase[];
}

/**
 * Live calls through the real transcriber and the AWS SDK in this process; the stand-ins for AWS have a process and a core of
 * their own. What the transcriber says goes to `hub`, or to one of the stand-ins that compares the words.
 * @throws Error when a call fails or the words compared are not those that were said.
 */
export async function liveCalls(order: LabOrder, hub: { origin: string; instanceId: string } | null): Promise<CallsTold> {
  const args = hub === null ? [] : [hub.origin, hub.instanceId];
  const lab = fork(LAB, args, { execPath: "taskset", execArgv: ["-c", LAB_CORE, process.execPath] });
  try {
    return await transcribeAll(lab, order, hub === null);
  } finally {
    lab.kill("SIGKILL");
  }
}

async function transcribeAll(lab: ChildProcess, order: LabOrder, compareWords: boolean): Promise<CallsTold> {
  const ended = new Map<string, number>();
  const afterEnd: number[] = [];
  const phrases: TimedPhrase[] = [];
  let failure: unknown = null;
  let wrong: number | null = null;
  let env: Record<string, string> | null = null;
  lab.on("message", (news: LabNews) => {
    if ("env" in news) env = news.env;
    else if ("phrase" in news) phrases.push(news.phrase);
    else if ("over" in news) ended.set(news.over, performance.now());
    else if ("wrong" in news) wrong = news.wrong;
    else {
      const { contactId } = news.job;
      handler(news.job).then(
        () => afterEnd.push(performance.now() - (ended.get(contactId) ?? Number.NaN)),
        (error) => {
          failure = error;
        },
      );
    }
  });
  await until("the stand-ins to start", GIVE_UP_MS, () => env !== null);
  Object.assign(process.env, env);
  const used = () => ({ own: ownCpuSeconds(), standIns: cpuSeconds(lab.pid ?? 0), seconds: performance.now() / 1000 });
  const before = used();
  lab.send(order);
  await until("all calls to end", GIVE_UP_MS, () => failure !== null || afterEnd.length === order.contactIds.length);
  if (failure !== null) throw failure;
  const after = used();
  const seconds = after.seconds - before.seconds;
  const cores = (after.own - before.own) / seconds;
  const standInCores = (after.standIns - before.standIns) / seconds;
  if (compareWords) {
    lab.send("check");
    await until("the words to be compared", GIVE_UP_MS, () => wrong !== null);
    if (wrong !== 0) throw new Error(`${wrong} of ${order.contactIds.length} calls came out with other words than were said.`);
  }
  return { cores, standInCores, afterEnd, phrases };
}
