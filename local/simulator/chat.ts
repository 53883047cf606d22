import { SENTIMENT_ARCS, writeCall } from "../phrases/call-script.ts";
import type { Phrase, PhraseLanguage } from "../phrases/phrase.ts";
import type { RandomSource } from "./random.ts";
import type { Queue } from "./staff.ts";

/** One message of a chat. The bot talks before the chat enters its queue. */
export interface ChatMessage {
  id: string;
  role: "bot" | "customer" | "agent";
  text: string;
  /** The phrase of the book. null = a message to or from the bot. */
  phrase: Phrase | null;
}

/** A message and when it is sent. For messages of the bot's part, `atMs` counts from the chat's beginning, later from the answer. */
export interface TimedMessage extends ChatMessage {
  atMs: number;
}

/** The script of one chat. */
export interface ChatScript {
  language: PhraseLanguage;
  /** The messages before the queue, in order. */
  withBot: readonly TimedMessage[];
  /** The messages after the agent's answer, in order. */
  withAgent: readonly TimedMessage[];
  /** The time from the answer to the end of the chat. */
  durationMs: number;
}

/** A chat that goes on. It knows which messages were sent. */
export class RunningChat {
  readonly script: ChatScript;
  readonly #unsent: Record<"withBot" | "withAgent", readonly TimedMessage[]>;

  constructor(script: ChatScript) {
    this.script = script;
    this.#unsent = { withBot: script.withBot, withAgent: script.withAgent };
  }

  /** Returns the messages of this part that are due and were not returned yet. `elapsedMs` counts from the part's beginning. */
  nextMessages(part: "withBot" | "withAgent", elapsedMs: number): TimedMessage[] {
    const unsent = this.#unsent[part];
    const due = unsent.filter(({ atMs }) => atMs <= elapsedMs);
    if (due.length > 0) this.#unsent[part] = unsent.slice(due.length);
    return due;
  }
}

const BOT_TEXTS: Readonly<Record<PhraseLanguage, readonly (readonly [role: "bot" | "customer", text: string])[]>> = {
  es: [
    ["bot", "Hola, soy el asistente virtual. ¿En qué le puedo ayudar?"],
    ["customer", "Quiero hablar con una persona, por favor."],
    ["bot", "Con gusto. Le comunico con un asesor."],
  ],
  en: [
    ["bot", "Hello, I am the virtual assistant. How can I help you?"],
    ["customer", "I would like to talk to a person, please."],
    ["bot", "Of course. I am connecting you to an agent."],
  ],
};
// Durations are milliseconds at speed 1.
const BOT_ANSWERS_MS = 900;
const CUSTOMER_WRITES = [3_000, 14_000] as const;
const AGENT_WRITES = [4_000, 18_000] as const;
/** Now and then the customer waits long for an answer. */
const SLOW_ANSWER_CHANCE = 0.08;
const SLOW_ANSWER = [30_000, 75_000] as const;
const LEAVES_AFTER_MS = 3_000;
const TURNS = { min: 8, max: 22 };
const SPANISH_CHANCE = 0.85;

/**
 * Writes a chat. A chat that another agent handed over has no bot.
 * @param queue the topic of the chat
 */
export function planChat(random: RandomSource, queue: Queue, speed: number, bot = true): ChatScript {
  const language = random.chance(SPANISH_CHANCE) ? "es" : "en";
  const arc = random.pick(SENTIMENT_ARCS);
  const turns = Math.round(random.between(TURNS.min, TURNS.max));
  let atMs = BOT_ANSWERS_MS / speed;
  const withBot = (bot ? BOT_TEXTS[language] : []).map(([role, text]) => {
    atMs += (role === "bot" ? BOT_ANSWERS_MS : 2 * BOT_ANSWERS_MS) / speed;
    return { id: random.uuid(), role, text, phrase: null, atMs: Math.round(atMs) };
  });
  atMs = 0;
  const withAgent = writeCall({ language, topic: queue.topic, arc, turns, random: random.next }).map((phrase) => {
    atMs += writingTime(random, phrase.role) / speed;
    return { id: random.uuid(), role: phrase.role, text: phrase.text, phrase, atMs: Math.round(atMs) };
  });
  return { language, withBot, withAgent, durationMs: Math.round(atMs + LEAVES_AFTER_MS / speed) };
}

function writingTime(random: RandomSource, role: Phrase["role"]): number {
  if (role === "customer") return random.between(...CUSTOMER_WRITES);
  return random.chance(SLOW_ANSWER_CHANCE) ? random.between(...SLOW_ANSWER) : random.between(...AGENT_WRITES);
}
