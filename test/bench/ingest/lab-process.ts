// The AWS side of the simultaneous calls, in a process and on a core of its own: stand-ins, a hub that keeps what it is told,
// and calls that are spoken in real time.
import { randomUUID } from "node:crypto";
import { startTranscribe } from "../../../local/aws/transcribe.ts";
import { type CallSound, callSound, seeded } from "../../support/call-sound.ts";
import { endCall, jobFor, startIngestLab, storyOf } from "../../support/ingest-lab.ts";

export interface LabOrder {
  calls: number;
  turns: number;
}

export type LabNews =
  | { env: Record<string, string> }
  | { job: ReturnType<typeof jobFor> }
  /** The last sound of this call has been sent. */
  | { over: string }
  /** All calls are over and told: how many came out with other words than were said. */
  | { wrong: number };

const SAMPLES_PER_FRAGMENT = 8192;
const FRAGMENT_MS = 1024;

// A fragment comes every 1.024 s; the calls end by the next contact's first sound, not by silence.
const lab = await startIngestLab({ IDLE_SECONDS: "10" });
const sounds = new Map<string, CallSound>();
// The service's quota of 25 streams is raised for a contact center of this size.
const transcribe = await startTranscribe({ maxStreams: 1000 });
tell({ env: { ...lab.env, AWS_ENDPOINT_URL_TRANSCRIBE_STREAMING: transcribe.url } });

process.on("message", (order: LabOrder | "check") => {
  if (order === "check") tell({ wrong: [...sounds].filter(([contactId, sound]) => !isTold(contactId, sound)).length });
  else for (let call = 0; call < order.calls; call += 1) begin(call, order);
});
process.on("disconnect", () => process.exit(0));

/** The calls begin evenly over one fragment's time, as they would. */
function begin(call: number, { calls, turns }: LabOrder): void {
  setTimeout(() => speak(callSound(seeded(call + 1), turns)), (call / calls) * FRAGMENT_MS);
}

function speak(sound: CallSound): void {
  const contactId = randomUUID();
  sounds.set(contactId, sound);
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
