import { type ChildProcess, fork } from "node:child_process";
import { fileURLToPath } from "node:url";
import { handler } from "../../../aws-ingest/handlers/transcriber.ts";
import { cpuSeconds, ownCpuSeconds, until } from "../measure/processes.ts";
import type { LabMessage, LabOrder } from "./lab-process.ts";
import type { TimedPhrase } from "./phrase-times.ts";

const LAB = fileURLToPath(new URL("lab-process.ts", import.meta.url));
const LAB_CORE = "0";
const GIVE_UP_MS = 180_000;

export interface LiveCallResults {
  /** CPU of this process while the calls went on. */
  cores: number;
  /** CPU of the stand-ins at the same time. Near 1 they were the bottleneck. */
  standInCores: number;
  /** Per call: ms from its last audio until its transcriber was done. */
  afterEnd: number[];
  phrases: TimedPhrase[];
}

/**
 * Runs live calls through the real transcriber and the AWS SDK in this process. The stand-ins for AWS have a process and a core
 * of their own. The transcriber posts to `hub`, or to a stand-in that compares the words.
 * @throws Error when a call fails or its words differ from the script.
 */
export async function liveCalls(order: LabOrder, hub: { origin: string; instanceId: string } | null): Promise<LiveCallResults> {
  const args = hub === null ? [] : [hub.origin, hub.instanceId];
  const lab = fork(LAB, args, { execPath: "taskset", execArgv: ["-c", LAB_CORE, process.execPath] });
  try {
    return await transcribeAll(lab, order, hub === null);
  } finally {
    lab.kill("SIGKILL");
  }
}

async function transcribeAll(lab: ChildProcess, order: LabOrder, compareWords: boolean): Promise<LiveCallResults> {
  const ended = new Map<string, number>();
  const afterEnd: number[] = [];
  const phrases: TimedPhrase[] = [];
  let failure: unknown = null;
  let wrong: number | null = null;
  let env: Record<string, string> | null = null;
  lab.on("message", (message: LabMessage) => {
    if ("env" in message) env = message.env;
    else if ("phrase" in message) phrases.push(message.phrase);
    else if ("over" in message) ended.set(message.over, performance.now());
    else if ("wrong" in message) wrong = message.wrong;
    else {
      const { contactId } = message.job;
      handler(message.job).then(
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
    if (wrong !== 0)
      throw new Error(
        `${wrong} of ${order.contactIds.length} calls came out with other words than their scripts. Run the call tests of test/aws-ingest first.`,
      );
  }
  return { cores, standInCores, afterEnd, phrases };
}
