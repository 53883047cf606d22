// The AWS side of the live calls, in a process and on a core of its own: stand-ins, a hub that keeps what it is told, and calls
// that are spoken in real time: node lab-process.ts [<origin of another hub> <its instance>]
import { startTranscribe } from "../../../local/aws/transcribe.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";
import { PhraseTimes, type TimedPhrase } from "./phrase-times.ts";

export interface LabOrder {
  /** One call each. */
  contactIds: readonly string[];
  turns: number;
  /** Another run says other things. */
  seed: number;
}

export type LabNews =
  | { env: Record<string, string> }
  | { job: ReturnType<typeof jobFor> }
  | { phrase: TimedPhrase }
  /** The last sound of this call has been sent. */
  | { over: string }
  /** All calls are over and told: how many came out with other words than were said. */
  | { wrong: number };

const SAMPLES_PER_FRAGMENT = 8192;
const FRAGMENT_MS = 1024;

const [HUB_URL, INSTANCE_ID] = process.argv.slice(2);
const hub = HUB_URL === undefined || INSTANCE_ID === undefined ? {} : { HUB_URL, INSTANCE_ID };
// A fragment comes every 1.024 s; the calls end by the next contact's first sound, not by silence. The pace is the product's own.
const lab = await startIngestLab({ IDLE_SECONDS: "10", CATCH_UP_SPEED: "4", ...hub });
const sounds = new Map<string, CallSound>();
const times = new PhraseTimes((phrase) => tell({ phrase }));
// The service's quota of 25 streams is raised for a contact center of this size.
const transcribe = await startTranscribe({ maxStreams: 1000, tap: times });
tell({ env: { ...lab.env, AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url } });

process.on("message", (order: LabOrder | "check") => {
  if (order === "check") tell({ wrong: [...sounds].filter(([contactId, sound]) => !isTold(contactId, sound)).length });
  else for (const [call, contactId] of order.contactIds.entries()) begin(call, contactId, order);
});
process.on("disconnect", () => process.exit(0));

/** The calls begin evenly over one fragment's time, as they would. */
function begin(call: number, contactId: string, { contactIds, turns, seed }: LabOrder): void {
  const sound = callSound(seeded(seed * contactIds.length + call + 1), turns);
  sounds.set(contactId, sound);
  setTimeout(() => speak(contactId, sound), (call / contactIds.length) * FRAGMENT_MS);
}

function speak(contactId: string, sound: CallSound): void {
  const startedAt = Date.now();
  const stream = lab.kinesisVideo.stream(`vigia-connect-bench-contact-${contactId}`);
  let from = 0;
  const timer = setInterval(() => {
    const atMs = startedAt + from / 8;
    if (from >= sound.fromCustomer.length) {
      clearInterval(timer);
      endCall(stream, atMs);
      tell({ over: contactId });
      return;
    }
    const to = from + SAMPLES_PER_FRAGMENT;
    const part = { fromCustomer: whole(sound.fromCustomer, from, to), toCustomer: whole(sound.toCustomer, from, to) };
    times.writing(contactId, to / 8);
    stream.write({ contactId, atMs, ...part });
    if (from === 0) tell({ job: jobFor(contactId, stream, startedAt) });
    from = to;
  }, FRAGMENT_MS);
}

/** A whole fragment's samples, silence behind the end. */
function whole(samples: Int16Array, from: number, to: number): Int16Array {
  const part = new Int16Array(to - from);
  part.set(samples.subarray(from, to));
  return part;
}

function isTold(contactId: string, sound: CallSound): boolean {
  const told = storyOf(lab.hub, contactId).turns.map((turn) => turn.text);
  return JSON.stringify(told) === JSON.stringify(sound.lines.map((line) => line.phrase.text));
}

function tell(news: LabNews): void {
  process.send?.(news);
}
