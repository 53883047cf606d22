// The process of the simulated contact center: the AWS stand-ins, the simulator, and all functions but the transcriber.
import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { addChatSegments } from "../aws/connect-chat-analysis.ts";
import { startFunctionUrl } from "../aws/function-url.ts";
import type { LambdaContext } from "../aws/lambda-function.ts";
import { instanceArn } from "../simulator/agent-event.ts";
import { connectDirectory } from "../simulator/connect-directory.ts";
import { startSimulator } from "../simulator/simulator.ts";
import { type ChildService, runAsChild } from "./child.ts";
import { FAILED_QUEUE, invokeFunction, RECORDINGS_BUCKET, startFunctions, startStandIns, UNDELIVERED_QUEUE } from "./cloud.ts";
import { startEventSources } from "./events.ts";
import { readTranscripts } from "./hub-transcripts.ts";
import { startRecordingsPage } from "./recordings-page.ts";
import { removeFormerStaff } from "./roster.ts";
import { TranscriberWorkers } from "./transcriber-workers.ts";
import { TurnAudit } from "./turn-audit.ts";
import { settleTurns } from "./turn-count.ts";

const configSchema = v.object({
  hubUrl: v.string(),
  instanceId: v.string(),
  ingestSecret: v.string(),
  actionsSecret: v.string(),
  /** Where the hub sends what supervisors order. */
  actionsPort: v.number(),
  agents: v.number(),
  calls: v.number(),
  speed: v.number(),
  transcriberLog: v.string(),
  /** Whether processes are killed, and so whether the turns are counted. */
  chaos: v.boolean(),
});
/** One process transcribes this many calls with half a CPU core. */
const CALLS_PER_WORKER = 120;
/** With two, a kill leaves some calls alone. */
const LEAST_WORKERS_UNDER_CHAOS = 2;
/** Contact events come after a part of a second, so that some overtake others. Nothing is lost: the demo shows the true queues. */
const BUS_CONDITIONS = { lost: 0, repeated: 0, delayMs: [30, 400], late: 0, lateMs: [0, 0] } as const;
/** A busy machine works on more contact events at once than it can end. Each one holds a part of a megabyte. */
const MOST_EVENTS_UNDER_WAY = 30;
/** The parent ends this process by force after five seconds. */
const LAST_EVENTS_WITHIN_MS = 3_000;
/** How often the hub is asked for the turns of calls that are over. */
const AUDIT_EVERY_MS = 3_000;
/** The interval at which the figures go to the log. */
const FIGURES_EVERY_MS = 60_000;

/** The times of checkpoints by the clock of the simulated calls. S3 keeps whole seconds, so none is much shorter than three. */
function timesAt(speed: number): Record<string, string> {
  return {
    CHECKPOINT_SECONDS: String(20 / speed),
    LEASE_SECONDS: String(Math.max(3, 45 / speed)),
    OVERDUE_SECONDS: String(Math.max(4, 60 / speed)),
  };
}

runAsChild(async (config): Promise<ChildService> => {
  const { agents, calls, speed, transcriberLog, chaos, actionsPort, ...hub } = v.parse(configSchema, config);
  // The quota is twice the calls, because the last turns of a call are transcribed while the next call begins.
  const standIns = await startStandIns({ ...hub, transcriptions: Math.max(25, calls * 2), env: timesAt(speed), chaos });
  const stored = () => standIns.s3.objects().filter(({ bucket }) => bucket === RECORDINGS_BUCKET);
  const recordings = await startRecordingsPage(stored);
  let workers: TranscriberWorkers | null = null;
  const sendToDeadLetterQueue = (body: string) => standIns.sqs.sendMessage(FAILED_QUEUE, body);
  const transcribe = (event: unknown, context: LambdaContext) => workers?.transcribe(event, context);
  const onFailure = (record: object) => sendToDeadLetterQueue(JSON.stringify(record));
  const lambda = await startFunctions(standIns.env, { transcribe, onFailure, speed });
  const actionsUrl = await startFunctionUrl(lambda, "actions", actionsPort);
  const workerEnv = { ...standIns.env, AWS_ENDPOINT_URL_LAMBDA: lambda.url };
  const leastWorkers = chaos ? LEAST_WORKERS_UNDER_CHAOS : 1;
  workers = await TranscriberWorkers.start(
    Math.max(leastWorkers, Math.ceil(calls / CALLS_PER_WORKER)),
    workerEnv,
    transcriberLog,
  );
  const home = { accountId: "111122223333", region: "us-east-1", instanceId: hub.instanceId };
  const events = startEventSources(lambda, instanceArn(home), sendToDeadLetterQueue, speed);
  events.bus.faults.conditions = { ...BUS_CONDITIONS, random: Math.random };
  const audit = new TurnAudit((contactIds) => readTranscripts(hub.hubUrl, hub.instanceId, contactIds));
  const simulator = startSimulator({
    agents,
    calls,
    speed,
    seed: String(Date.now()),
    home,
    mediaStream: (name) => standIns.kinesisVideo.stream(name),
    agentEvents: events.agentEvents,
    isBehind: () => lambda.underWay("contact-events") > MOST_EVENTS_UNDER_WAY,
    putEvent: (event) => void events.bus.putEvent(event),
    putAnalysis(record) {
      const { ContactId, Segments = [] } = record;
      if (record.Channel === "VOICE") standIns.contactLens.addSegments(ContactId, Segments);
      else addChatSegments(standIns.connect.chatAnalyses, ContactId, Segments);
      events.putAnalysis(record);
    },
    startFlow: (event) => invokeFunction(lambda, "trigger", event),
    ...(chaos && { callOver: (contactId, said) => audit.addCall(contactId, said, Date.now()) }),
  });
  standIns.connect.roster = connectDirectory(home.instanceId, simulator.staff, () => [simulator.panel.entry]);
  standIns.connect.watchFloor(simulator.truth);
  standIns.connect.actions.openPanels.add(simulator.panel.id);
  const { orders, panel } = simulator;
  panel.onEnd = (monitorContactId) => standIns.connect.actions.endMonitor(monitorContactId);
  standIns.connect.actions.effects = {
    setStatus: (agentId, statusName) => orders.setStatus(agentId, statusName, Date.now()),
    clearContact: (agentId, contactId) => orders.clearContact(agentId, contactId, Date.now()),
    stopContact: (contactId) => orders.stopContact(contactId, Date.now()),
    ring: (monitor) => panel.ring(monitor, Date.now()),
  };
  const report = setInterval(() => {
    const [undelivered, failed] = [UNDELIVERED_QUEUE, FAILED_QUEUE].map((queue) => standIns.sqs.bodies(queue).length);
    console.log(JSON.stringify({ ...simulator.figures(), recordings: stored().length, undelivered, failed }));
  }, FIGURES_EVERY_MS);
  const auditTimer = chaos ? setInterval(() => void audit.check(Date.now()), AUDIT_EVERY_MS) : undefined;
  await simulator.opened;
  lambda.invokeLater("reconcile", { once: true });
  lambda.invokeLater("queues", { once: true });
  await removeFormerStaff(hub.hubUrl, hub.instanceId, agents);
  return {
    ready: { recordingsUrl: recordings.url },
    actions: {
      killTranscriber: async () => workers?.killWorker(),
      countTurns: () => {
        clearInterval(auditTimer);
        return settleTurns(audit, simulator, lambda, standIns);
      },
    },
    async stop() {
      clearInterval(report);
      clearInterval(auditTimer);
      // The last contact events are not to be delayed, because the bus closes at once.
      events.bus.faults.conditions = null;
      await actionsUrl.close();
      await simulator.stop();
      await events.close();
      await Promise.race([lambda.drain("contact-events"), sleep(LAST_EVENTS_WITHIN_MS)]);
      await workers?.stop();
      await Promise.all([standIns.close(), lambda.close(), recordings.close()]);
    },
  };
});
