import { type App, Duration, Stack, Tags, Validations } from "aws-cdk-lib";
import { Secret } from "aws-cdk-lib/aws-secretsmanager";
import type { IQueue } from "aws-cdk-lib/aws-sqs";
import type { QueueName } from "./alarm-words.ts";
import { Alarms, type AlarmsProps } from "./alarms.ts";
import { CallTranscription } from "./call-transcription.ts";
import { ContactEvents, Reconcile } from "./connect-watch.ts";
import { createDashboard } from "./dashboard.ts";
import { type ConnectStream, DataStream } from "./data-stream.ts";
import { DeadLetterQueues } from "./dead-letter-queues.ts";
import { createKey } from "./encryption.ts";
import { FunctionFactory } from "./function-factory.ts";
import { createFlows } from "./instance-flows.ts";
import { writeOutputs } from "./outputs.ts";
import { QueueWatch } from "./queue-watch.ts";
import { type DeploymentSettings, hasQueues, type Instance } from "./settings.ts";
import { SupervisorActions } from "./supervisor-actions.ts";

const AGENT_EVENTS: ConnectStream = {
  entry: "agent-events",
  description: "Posts the states of agents, from the agent event stream",
  resourceType: "AGENT_EVENTS",
  chatResourceType: null,
  batchSize: 100,
  timeout: Duration.seconds(60),
  // The function sends what is older than two hours to the dead-letter queue with its content, and needs time for that.
  maxRecordAge: Duration.hours(12),
  contactReads: [],
};
const CONTACT_LENS: ConnectStream = {
  entry: "contact-lens",
  description: "Posts turns and sentiment, from Contact Lens' real-time segments",
  resourceType: "REAL_TIME_CONTACT_ANALYSIS_VOICE_SEGMENTS",
  chatResourceType: "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS",
  batchSize: 100,
  // A backfill may take 50 of them.
  timeout: Duration.seconds(120),
  // What the hub refuses goes to the dead-letter queue at once. So records get old only if the function itself fails.
  maxRecordAge: Duration.minutes(15),
  contactReads: ["connect:ListRealtimeContactAnalysisSegments", "connect:ListRealtimeContactAnalysisSegmentsV2"],
};

/** The stack with all AWS resources of one Amazon Connect instance. Each instance has a stack of its own. */
export class IngestStack extends Stack {
  constructor(app: App, settings: DeploymentSettings, instance: Instance) {
    super(app, settings.stackName, {
      env: { account: instance.account, region: instance.region },
      description: "Vigia: live agents and calls of one Amazon Connect instance, posted to the hub",
    });
    Tags.of(this).add("application", "vigia");
    const key = createKey(this, instance, settings.recording.mode === "on");
    const secret = createSigningSecret(this);
    const { undelivered, failed } = new DeadLetterQueues(this, "DeadLetters");
    const functions = new FunctionFactory({ settings, instance, secret, undelivered });
    const watch = { instance, functions, failed };

    const { media, agentEvents, contactLens } = settings;
    const audio = media.mode === "off" ? null : new CallTranscription(this, "CallAudio", { ...watch, settings, media, key });
    if (agentEvents.mode !== "off") {
      new DataStream(this, "AgentEvents", { ...watch, key, setting: agentEvents, connectStream: AGENT_EVENTS });
    }
    if (contactLens.mode !== "off") {
      new DataStream(this, "ContactLens", { ...watch, key, setting: contactLens, connectStream: CONTACT_LENS });
    }
    if (settings.reconcileMinutes > 0) new Reconcile(this, "Reconcile", { ...watch, minutes: settings.reconcileMinutes });
    const queues = hasQueues(settings);
    if (settings.contactEvents) {
      const { connectRules } = settings;
      new ContactEvents(this, "ContactEvents", { ...watch, checkpoints: audio?.checkpoints ?? null, queues, connectRules });
    }
    if (queues) new QueueWatch(this, "QueueWatch", { ...watch, settings });
    const { actions: enabled, recordingLinks } = settings;
    const recordings = recordingLinks.mode === "on" ? { setting: recordingLinks, own: audio?.recordings?.bucket ?? null } : null;
    const actions =
      enabled.length > 0 || recordings !== null
        ? new SupervisorActions(this, "SupervisorActions", { instance, functions, key, actions: enabled, recordings })
        : null;
    const flows = settings.flow.mode === "create" ? createFlows(this, instance, { settings, flow: settings.flow, audio }) : null;

    const deadLetters = new Map<QueueName, IQueue>([
      ["undelivered", undelivered],
      ["failed", failed],
    ]);
    const watched: AlarmsProps = {
      namespace: settings.stackName,
      functions: functions.all,
      streamReaders: [AGENT_EVENTS.entry, CONTACT_LENS.entry].filter((entry) => functions.all.has(entry)),
      queues: deadLetters,
      email: settings.alarmEmail,
      docs: settings.docsUrl ?? "docs",
      language: settings.operatorLanguage,
      key,
    };
    const dashboard = createDashboard(this, new Alarms(this, "Alarms", watched), watched);
    writeOutputs(this, { instance, secret, undelivered, failed, dashboard, audio, flows, actions });
  }
}

/**
 * Makes the secret that holds the signing secrets. CloudFormation fills it with a random word that is no signing secret. So no
 * post is signed until `npm run secret` has put the same value here and into the hub. Later deployments keep the value.
 */
function createSigningSecret(stack: Stack): Secret {
  const secret = new Secret(stack, "SigningSecret", {
    description: "Vigia: signs the posts to the hub; space-separated whsec_ values, newest first (npm run secret)",
    generateSecretString: { excludePunctuation: true, passwordLength: 32 },
  });
  Validations.of(secret).acknowledge({
    id: "AwsSolutions-SMG4",
    reason: "Both clouds must hold the same value, so `npm run secret` rotates it in two steps (docs/maintain.md).",
  });
  return secret;
}
