import { setTimeout as sleep } from "node:timers/promises";
import * as v from "valibot";
import { createHubClient } from "../../aws-ingest/clients/hub.ts";
import { keyRing } from "../../aws-ingest/clients/secrets.ts";
import type { Update } from "../../protocol/updates.ts";
import { type LocalCloud, startCloud } from "../start/cloud.ts";
import { DEMO_INSTANCE, loadDevVars } from "../start/dev-vars.ts";
import { readTranscripts } from "../start/hub-transcripts.ts";
import { createExampleCall } from "./example-call.ts";
import { readReplayedEvent } from "./replayed-event.ts";

/** The demo lists its agents every few minutes. An agent who is not listed is shown as offline until the next post. */
const AGENT_EVERY_MS = 5_000;
const SILENCE_EVERY_MS = 1_000;
/** The call of half a minute is transcribed four times as fast as it was spoken. */
const TURNS_WITHIN_MS = 60_000;
const ASK_EVERY_MS = 500;
/** Without a hub, the transcriber repeats its posts for minutes. The caller ends the process. */
const CLOSES_WITHIN_MS = 3_000;
/** The transcriber ends within two seconds of its call, unless the hub has been stopped before. */
const CALL_ENDS_WITHIN_MS = 10_000;
const answerSchema = v.looseObject({ result: v.string() });

/**
 * Runs the trigger on the event, with the sound of an example call. Prints the answer and the turns that the hub has, and keeps the
 * call open until `stop`.
 * @param root the folder with `.dev.vars`
 * @returns 1 when the trigger started nothing, or when turns are missing after a minute
 */
export async function runTrigger(root: string, hubUrl: string, event: unknown, stop: AbortSignal): Promise<0 | 1> {
  const { ingestSecret } = loadDevVars(root);
  const cloud = await startCloud({ instanceId: DEMO_INSTANCE, hubUrl, ingestSecret, transcriptions: 1 });
  try {
    return await playCall(cloud, hubUrl, event, stop);
  } finally {
    await Promise.race([cloud.close(), sleep(CLOSES_WITHIN_MS, undefined, { ref: false })]);
  }
}

async function playCall(cloud: LocalCloud, hubUrl: string, event: unknown, stop: AbortSignal): Promise<0 | 1> {
  const hub = createHubClient({ hubUrl, instanceId: DEMO_INSTANCE, keys: keyRing(String(cloud.env["HUB_SECRET_ID"])) });
  let reported = false;
  const post = async (update: Update): Promise<void> => {
    const [refused] = (await hub.post([update])).undelivered;
    if (refused === undefined || reported) return;
    reported = true;
    console.error(`The hub refused the agent: ${refused.reason}. Restart npm start, then repeat this command.`);
  };
  const replayed = readReplayedEvent(event);
  const call = createExampleCall(replayed?.language ?? "en", Date.now());
  const stream = cloud.kinesisVideo.stream(`vigia-connect-example-contact-${call.contactId}`);
  const sound = call.writeSpeech(stream);
  cloud.connect.contacts.set(call.contactId, null);
  cloud.connect.contactTimes.set(call.contactId, { initiatedAt: call.beganAt, connectedToAgentAt: call.beganAt });
  await post(call.agentState());
  const answer = v.parse(answerSchema, await cloud.invoke("trigger", replayed?.withSound(call.contactId, sound) ?? event));
  console.log(`The trigger answers: ${JSON.stringify(answer)}`);
  if (answer.result !== "started") {
    console.log('docs/connect.md, "What the trigger answers", says what it means.');
    await post(call.agentRemoved());
    return 1;
  }
  const timers = [
    setInterval(() => call.writeSilence(stream), SILENCE_EVERY_MS),
    setInterval(() => void post(call.agentState()), AGENT_EVERY_MS),
  ];
  const { customer = true, agent = true } = replayed?.sides ?? {};
  const expected = (customer ? call.turns.customer : 0) + (agent ? call.turns.agent : 0);
  const missing = await printTurns(hubUrl, call.contactId, expected, stop);
  if (missing > 0 && !stop.aborted) console.error(`The hub lacks ${missing} of ${expected} turns. See .vigia/hub.log.`);
  if (missing === 0) {
    console.log(`\nThe board has the call: ${hubUrl}/ (Agente Uno). Ctrl-C ends it.`);
    await aborted(stop);
  }
  for (const timer of timers) clearInterval(timer);
  call.writeEnd(stream);
  cloud.connect.contacts.set(call.contactId, Date.now());
  await Promise.race([cloud.lambda.drain("transcriber"), sleep(CALL_ENDS_WITHIN_MS, undefined, { ref: false })]);
  await post(call.agentRemoved());
  return stop.aborted ? 0 : 1;
}

/** Prints each sentence of the call as the hub has it. Returns how many are missing after a minute, or when `stop` aborts. */
async function printTurns(hubUrl: string, contactId: string, turns: number, stop: AbortSignal): Promise<number> {
  const printed = new Set<string>();
  for (const deadline = Date.now() + TURNS_WITHIN_MS; Date.now() < deadline && !stop.aborted; await sleep(ASK_EVERY_MS)) {
    const onHub = (await readTranscripts(hubUrl, DEMO_INSTANCE, [contactId])).get(contactId) ?? [];
    for (const { turnId, role, text, sentiment, final } of onHub) {
      if (!final || printed.has(turnId)) continue;
      printed.add(turnId);
      console.log(`  ${role}: ${text} (${sentiment ?? "no sentiment"})`);
    }
    if (printed.size >= turns) return 0;
  }
  return turns - printed.size;
}

function aborted(stop: AbortSignal): Promise<void> {
  return stop.aborted ? Promise.resolve() : new Promise((resolve) => stop.addEventListener("abort", () => resolve()));
}
