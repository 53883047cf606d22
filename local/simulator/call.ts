import type { SentimentArc } from "../phrases/call-script.ts";
import type { RandomSource } from "./random.ts";
import type { Queue } from "./staff.ts";

/** One customer's call whose audio streams, so that it is transcribed. */
export interface Call {
  contactId: string;
  kind: "webrtc" | "pstn";
  languageCode: string;
  customerNumber: string | null;
  /** Whether the flow asks for a recording. */
  recorded: boolean;
  queue: Queue;
  /** The course of the customer's sentiment. */
  arc: SentimentArc;
}

const WEBRTC_CHANCE = 0.35;
const RECORDED_CHANCE = 0.25;
/** es-ES is not a language of Call Analytics. The demo's LANGUAGE_MAP sends it to standard streaming and Comprehend. */
const LANGUAGES: readonly [string, ...string[]] = ["es-MX", "es-MX", "es-MX", "es-US", "es-ES", "en-US"];

export function newCall(queue: Queue, arc: SentimentArc, random: RandomSource): Call {
  const kind = random.chance(WEBRTC_CHANCE) ? "webrtc" : "pstn";
  return {
    contactId: random.uuid(),
    kind,
    languageCode: random.pick(LANGUAGES),
    recorded: random.chance(RECORDED_CHANCE),
    // These numbers are reserved for fiction.
    customerNumber: kind === "pstn" ? `+1555555${String(Math.floor(random.between(100, 200))).padStart(4, "0")}` : null,
    queue,
    arc,
  };
}
