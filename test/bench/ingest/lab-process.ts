// Runs the AWS side of the live calls in a process and on a core of its own: the stand-ins, a hub that keeps all posts, and
// calls whose audio arrives in real time. Usage: node lab-process.ts [<origin of another hub> <its instance>]
import { startTranscribe } from "../../../local/aws/transcribe.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import { PhraseTimes, type TimedPhrase } from "./phrase-times.ts";

export interface LabOrder {
  /** One call each. */
  contactIds: readonly string[];
  turns: number;
  /** Each seed gives other phrases. */
  seed: number;
}

export type LabMessage =
  | { env: Record<string, string> }
  | { job: ReturnType<typeof jobFor> }
  | { phrase: TimedPhrase }
  /** The last audio of this call has been sent. */
  | { over: string }
  /** How many of the ended calls came out with other words than their script. */
  | { wrong: number };

const SAMPLES_PER_FRAGMENT = 8192;
const FRAGMENT_MS = 1024;

const [HUB_URL, INSTANCE_ID] = process.argv.slice(2);
const hub = HUB_URL === undefined || INSTANCE_ID === undefined ? {} : { HUB_URL, INSTANCE_ID };
// A fragment comes every 1.024 s. The next contact's audio ends a call, not silence. The catch-up speed is the product's own.
const lab = await startIngestLab({ IDLE_SECONDS: "10", CATCH_UP_SPEED: "4", ...hub });
const sounds = new Map<string, CallSound>();
const times = new PhraseTimes((phrase) => sendMessage({ phrase }));
// A contact center of this size has a higher quota than the default of 25 streams.
const transcribe = await startTranscribe({ maxStreams: 1000, tap: times });
sendMessage({ env: { ...lab.env, AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url } });

process.on("message", (order: LabOrder | "check") => {
  if (order === "check") sendMessage({ wrong: [...sounds].filter(([contactId, sound]) => !isComplete(contactId, sound)).length });
  else for (const [call, contactId] of order.contactIds.entries()) beginCall(call, contactId, order);
});
process.on("disconnect", () => process.exit(0));

/** The calls begin at different moments of one fragment's time, as real calls do. */
function beginCall(call: number, contactId: string, { contactIds, turns, seed }: LabOrder): void {
  const sound = callSound(seeded(seed * contactIds.length + call + 1), turns);
  sounds.set(contactId, sound);
  setTimeout(() => streamAudio(contactId, sound), (call / contactIds.length) * FRAGMENT_MS);
}

function streamAudio(contactId: string, sound: CallSound): void {
  const startedAt = Date.now();
  const stream = lab.kinesisVideo.stream(`vigia-connect-bench-contact-${contactId}`);
  let from = 0;
  const timer = setInterval(() => {
    const atMs = startedAt + from / 8;
    if (from >= sound.fromCustomer.length) {
      clearInterval(timer);
      endCall(stream, atMs);
      sendMessage({ over: contactId });
      return;
    }
    const to = from + SAMPLES_PER_FRAGMENT;
    const part = { fromCustomer: fragmentOf(sound.fromCustomer, from, to), toCustomer: fragmentOf(sound.toCustomer, from, to) };
    times.noteWritten(contactId, to / 8);
    stream.write({ contactId, atMs, ...part });
    if (from === 0) sendMessage({ job: jobFor(contactId, stream, startedAt, null) });
    from = to;
  }, FRAGMENT_MS);
}

/** Returns the samples of one fragment. Silence fills it behind the end of the call. */
function fragmentOf(samples: Int16Array, from: number, to: number): Int16Array {
  const part = new Int16Array(to - from);
  part.set(samples.subarray(from, to));
  return part;
}

function isComplete(contactId: string, sound: CallSound): boolean {
  const texts = storyOf(lab.hub, contactId).turns.map((turn) => turn.text);
  return JSON.stringify(texts) === JSON.stringify(sound.lines.map((line) => line.phrase.text));
}

function sendMessage(message: LabMessage): void {
  process.send?.(message);
}
