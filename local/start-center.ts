// The process of the simulated contact center: the AWS stand-ins, the Lambda handlers and everybody who works or calls there.
import * as v from "valibot";
import { startSimulator } from "./simulator.ts";
import { type ChildService, runAsChild } from "./start-child.ts";
import { startCloud } from "./start-cloud.ts";
import { removeFormerStaff } from "./start-roster.ts";

const configSchema = v.object({
  hubUrl: v.string(),
  instanceId: v.string(),
  ingestSecret: v.string(),
  agents: v.number(),
  calls: v.number(),
  speed: v.number(),
});

runAsChild(async (config): Promise<ChildService> => {
  const { agents, calls, speed, ...place } = v.parse(configSchema, config);
  // A call that has just ended is still being transcribed while the next one begins.
  const cloud = await startCloud({ ...place, transcriptions: Math.max(25, calls * 2) });
  const simulator = startSimulator({
    agents,
    calls,
    speed,
    seed: String(Date.now()),
    home: { accountId: "111122223333", region: "us-east-1", instanceId: place.instanceId },
    mediaStream: (name) => cloud.kinesisVideo.stream(name),
    invokeAgentEvents: (event) => cloud.invoke("agent-events", event),
    startFlow: (event) => cloud.invoke("trigger", event),
  });
  await simulator.opened;
  await removeFormerStaff(place.hubUrl, place.instanceId, agents);
  return {
    ready: {},
    async stop() {
      await simulator.stop();
      await cloud.close();
    },
  };
});
