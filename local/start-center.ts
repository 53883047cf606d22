// The process of the simulated contact center: the AWS stand-ins, the light functions, and everybody who works or calls there.
import * as v from "valibot";
import { startSimulator } from "./simulator.ts";
import { type ChildService, runAsChild } from "./start-child.ts";
import { invokeFunction, startFunctions, startStandIns } from "./start-cloud.ts";
import { removeFormerStaff } from "./start-roster.ts";
import { startWorkers, type Workers } from "./start-workers.ts";

const configSchema = v.object({
  hubUrl: v.string(),
  instanceId: v.string(),
  ingestSecret: v.string(),
  agents: v.number(),
  calls: v.number(),
  speed: v.number(),
  transcriberLog: v.string(),
});
/** One process transcribes so many calls with half a processor. */
const CALLS_PER_WORKER = 120;
/** How often the figures go to the log. */
const FIGURES_EVERY_MS = 60_000;

runAsChild(async (config): Promise<ChildService> => {
  const { agents, calls, speed, transcriberLog, ...place } = v.parse(configSchema, config);
  // A call that has just ended is still being transcribed while the next one begins.
  const standIns = await startStandIns({ ...place, transcriptions: Math.max(25, calls * 2) });
  let workers: Workers | null = null;
  const lambda = await startFunctions(standIns.env, (event) => workers?.transcribe(event));
  const workerEnv = { ...standIns.env, AWS_ENDPOINT_URL_LAMBDA: lambda.url };
  workers = await startWorkers(Math.max(1, Math.ceil(calls / CALLS_PER_WORKER)), workerEnv, transcriberLog);
  const simulator = startSimulator({
    agents,
    calls,
    speed,
    seed: String(Date.now()),
    home: { accountId: "111122223333", region: "us-east-1", instanceId: place.instanceId },
    mediaStream: (name) => standIns.kinesisVideo.stream(name),
    invokeAgentEvents: (event) => invokeFunction(lambda, "agent-events", event),
    startFlow: (event) => invokeFunction(lambda, "trigger", event),
  });
  const report = setInterval(() => console.log(JSON.stringify(simulator.figures())), FIGURES_EVERY_MS);
  await simulator.opened;
  await removeFormerStaff(place.hubUrl, place.instanceId, agents);
  return {
    ready: {},
    async stop() {
      clearInterval(report);
      await simulator.stop();
      await workers?.stop();
      await Promise.all([standIns.close(), lambda.close()]);
    },
  };
});
