import type { Role, SentimentLabel, Update } from "../../protocol/updates.ts";
import { CallScore, type ContactScore } from "../scoring/sentiment-score.ts";
import type { SpeechEvent } from "./speech.ts";
import type { CallState } from "./transcriber-job.ts";

export type RecognisedTurn = Extract<SpeechEvent, { kind: "turn" }>;
type Sides = CallState["transcribedUntil"];

/** A turn that a session left open. When its speech is transcribed again, the turn keeps its id. Times in ms on the contact's timeline. */
type PendingTurn = CallState["pendingTurns"][number];

/** Speech that ends this close to a cut may go on behind it. Transcribe ends a turn at a pause well below this. */
const UNSURE_MS = 3000;
/** Transcribe may return words this long after their audio was sent, so the audio of a broken session counts only up to here. */
const LATENCY_MS = 10_000;
/** The begin and end of a repeated turn differ by less than this from those of the first time. */
const PENDING_SLACK_MS = 500;
/** A word that began this shortly before a cut has produced no turn yet. */
const ONSET_MS = 1000;
/** Transcribe recognises the first word better with a little silence before it. */
const RUN_UP_MS = 300;

/**
 * Turns the results of transcription sessions, one session after another, into the contact's turns and score. Turn ids and
 * times come from the contact's timeline, so repeated speech gives the same turn again. Pure: no clock, no randomness.
 */
export class TurnTracker {
  readonly #contact: { contactId: string; initialContactId: string | null };
  #t0Ms: number;
  readonly #score = new CallScore();
  readonly #categories: Set<string>;
  #transcribedUntil: Sides;
  #pendingTurns: PendingTurn[];
  #newestSentiment: number;
  /** When the conversation began, in ms on the contact's timeline; null before. Turns are posted and scored from there on. */
  #conversationMs: number | null;

  // The running session.
  #baseMs = 0;
  /** The time up to which the session has answered, by a result or because nobody spoke. */
  #answeredMs = 0;
  #cutMs = Number.POSITIVE_INFINITY;
  /** Utterance id -> turn id. */
  #turnIds = new Map<string, string>();
  /** Partial turns, by utterance id. */
  #open = new Map<string, PendingTurn>();
  /** Final turns that touch the cut. */
  #unsure: { turn: RecognisedTurn; pending: PendingTurn }[] = [];

  constructor(contact: { contactId: string; initialContactId: string | null }, state: CallState) {
    this.#contact = { contactId: contact.contactId, initialContactId: contact.initialContactId };
    this.#t0Ms = Math.round(state.t0Ms ?? 0);
    this.#transcribedUntil = { ...state.transcribedUntil };
    this.#pendingTurns = [...state.pendingTurns];
    this.#categories = new Set(state.categories);
    this.#newestSentiment = state.newestSentiment;
    this.#conversationMs = state.conversation === undefined ? 0 : state.conversation.beginMs;
    for (const [turnId, role, beginMs, endMs, sentiment] of state.turns)
      this.#score.addTurn({ turnId, role, beginMs, endMs, sentiment });
  }

  /** Per side, the time up to which all speech is in final turns. */
  get transcribedUntil(): Readonly<Sides> {
    return this.#transcribedUntil;
  }

  /** How many turns are scored. */
  get turnCount(): number {
    return this.#score.size;
  }

  get score(): ContactScore {
    return this.#score.current;
  }

  get categories(): readonly string[] {
    return [...this.#categories];
  }

  /** Sets the epoch ms at which the contact's timeline begins. */
  setStart(t0Ms: number): void {
    this.#t0Ms = Math.round(t0Ms);
  }

  /** When the conversation began, in ms on the contact's timeline; null while no agent has joined. */
  get conversationMs(): number | null {
    return this.#conversationMs;
  }

  /** Tells that an agent joined at `ms` on the contact's timeline. Posted turns count from there. */
  beginConversation(ms: number): void {
    this.#conversationMs = ms;
  }

  /** Begins a session whose first frame is at `baseMs` on the contact's timeline. */
  beginSession(baseMs: number): void {
    this.#baseMs = baseMs;
    this.#answeredMs = baseMs;
    this.#cutMs = Number.POSITIVE_INFINITY;
    this.#turnIds = new Map();
    this.#open = new Map();
    this.#unsure = [];
  }

  /** Tells that the session gets no audio behind `cutMs` although the speech may go on. Turns that touch the cut are not final yet. */
  cutSession(cutMs: number): void {
    this.#cutMs = cutMs;
  }

  /** Tells that nobody spoke between the session's last result and `untilMs`. */
  noteSilence(untilMs: number): void {
    this.#answeredMs = Math.max(this.#answeredMs, untilMs);
  }

  /** Returns the updates for a turn of the running session. Keeps back a final turn that touches the cut ({@link releaseUnsureTurns}). */
  addTurn(recognised: RecognisedTurn): Update[] {
    const turn = { ...recognised, beginMs: recognised.beginMs + this.#baseMs, endMs: recognised.endMs + this.#baseMs };
    this.#answeredMs = Math.max(this.#answeredMs, turn.endMs);
    if (turn.text === "") return this.#withdrawTurn(turn);
    const turnId = this.#turnIdOf(turn);
    const pending: PendingTurn = { turnId, role: turn.role, beginMs: turn.beginMs, endMs: turn.endMs };
    if (!turn.final) {
      this.#open.set(turn.utteranceId, pending);
      return [this.#turnUpdate(turn, turnId)];
    }
    this.#open.delete(turn.utteranceId);
    if (turn.endMs >= this.#cutMs - UNSURE_MS) {
      this.#unsure.push({ turn, pending });
      return [];
    }
    this.#transcribedUntil[turn.role] = Math.max(this.#transcribedUntil[turn.role], turn.endMs);
    return this.#settleTurn(turn, turnId);
  }

  /** Returns an update the first time that a category is matched. */
  addCategory(name: string, endMs: number | null): Update[] {
    if (this.#categories.has(name)) return [];
    this.#categories.add(name);
    const occurredAt = this.#t0Ms + (endMs === null ? this.#answeredMs : endMs + this.#baseMs);
    return [{ type: "contact.category", ...this.#contact, name, occurredAt }];
  }

  /**
   * Ends the running session.
   * @param drained true: the session has returned every result for the audio up to `sentMs`. false: it broke off, and only the
   * audio that it has answered counts as transcribed.
   */
  endSession(drained: boolean, sentMs: number): void {
    const interrupted = this.#interruptedTurns();
    const wasCut = Number.isFinite(this.#cutMs);
    const answeredMs = drained ? sentMs - (wasCut ? ONSET_MS : 0) : this.#answeredMs - LATENCY_MS;
    this.#transcribedUntil = this.#transcribedIfAnswered(answeredMs, interrupted);
    const stillPending = this.#pendingTurns.filter((pending) => pending.endMs > this.#transcribedUntil[pending.role]);
    this.#pendingTurns = [...stillPending, ...interrupted];
    this.#open = new Map();
  }

  /** Whether the running session has begun a turn and not finished it. */
  get hasOpenTurn(): boolean {
    return this.#open.size > 0;
  }

  /** The time up to which both sides would count as transcribed if the session broke off now. */
  get safeUntilMs(): number {
    const { customer, agent } = this.#transcribedIfAnswered(this.#answeredMs - LATENCY_MS, this.#interruptedTurns());
    return Math.min(customer, agent);
  }

  /** Gives up the speech before `ms`, because its audio is gone. */
  skipBefore(ms: number): void {
    const { customer, agent } = this.#transcribedUntil;
    this.#transcribedUntil = { customer: Math.max(customer, ms), agent: Math.max(agent, ms) };
  }

  /** Returns the updates of the turns that were kept back. Call when no audio follows the cut soon. A repetition replaces them. */
  releaseUnsureTurns(): Update[] {
    const updates = this.#unsure.flatMap(({ turn, pending }) => this.#settleTurn(turn, pending.turnId));
    this.#unsure = [];
    return updates;
  }

  /** Returns the part of the state that the next invocation needs. */
  state(): Pick<CallState, "transcribedUntil" | "pendingTurns" | "turns" | "categories" | "newestSentiment" | "conversation"> {
    return {
      transcribedUntil: { ...this.#transcribedUntil },
      pendingTurns: [...this.#pendingTurns],
      turns: [...this.#score.turns].map((turn) => [turn.turnId, turn.role, turn.beginMs, turn.endMs, turn.sentiment]),
      categories: [...this.#categories],
      newestSentiment: this.#newestSentiment,
      conversation: { beginMs: this.#conversationMs },
    };
  }

  /** Returns the state for a process that goes on if this one dies now: the running session counts as broken off. */
  stateIfCut(): ReturnType<TurnTracker["state"]> {
    const interrupted = this.#interruptedTurns();
    const transcribedUntil = this.#transcribedIfAnswered(this.#answeredMs - LATENCY_MS, interrupted);
    const ids = new Set(interrupted.map(({ turnId }) => turnId));
    const stillPending = this.#pendingTurns.filter(
      (pending) => pending.endMs > transcribedUntil[pending.role] && !ids.has(pending.turnId),
    );
    return { ...this.state(), transcribedUntil, pendingTurns: [...stillPending, ...interrupted] };
  }

  /** Returns the update that ends the contact, whose audio is over at `endMs`. */
  endContact(endMs: number): Update {
    return { type: "contact.ended", ...this.#contact, occurredAt: Math.max(this.#t0Ms + endMs, this.#newestSentiment) };
  }

  #interruptedTurns(): PendingTurn[] {
    return [...this.#open.values(), ...this.#unsure.map(({ pending }) => pending)];
  }

  /** Returns how far each side is transcribed if the session has answered up to `answeredMs`: never beyond an interrupted turn. */
  #transcribedIfAnswered(answeredMs: number, interrupted: readonly PendingTurn[]): Sides {
    const transcribed = (role: Role): number => {
      const begins = interrupted.filter((pending) => pending.role === role).map((pending) => pending.beginMs - RUN_UP_MS);
      return Math.max(this.#transcribedUntil[role], Math.min(answeredMs, ...begins));
    };
    return { customer: transcribed("customer"), agent: transcribed("agent") };
  }

  #settleTurn(turn: RecognisedTurn, turnId: string): Update[] {
    const update = this.#turnUpdate(turn, turnId);
    if (turn.sentiment === null) return [update];
    this.#score.addTurn({ turnId, role: turn.role, ...this.#spanOf(turn), sentiment: turn.sentiment });
    // Turns of the two sides become final in any order. The newest score must have the newest time, because it counts them all.
    this.#newestSentiment = Math.max(this.#t0Ms + turn.endMs, this.#newestSentiment + 1);
    const score = { type: "contact.sentiment" as const, ...this.#contact, occurredAt: this.#newestSentiment };
    return [update, { ...score, ...this.#score.current }];
  }

  /** Returns the withdrawal of a partial turn, or nothing when no partial turn was sent. */
  #withdrawTurn(turn: RecognisedTurn): Update[] {
    const pending = this.#open.get(turn.utteranceId);
    this.#open.delete(turn.utteranceId);
    return pending === undefined ? [] : [this.#turnUpdate({ ...turn, sentiment: null }, pending.turnId)];
  }

  #turnUpdate(turn: RecognisedTurn, turnId: string): Update {
    const { role, endMs, text, final, issues = [] } = turn;
    const sentiment: SentimentLabel | null = final ? turn.sentiment : null;
    const content = { role, ...this.#spanOf(turn), text, final, sentiment, ...(issues.length > 0 && { issues: [...issues] }) };
    return { type: "contact.turn", ...this.#contact, turnId, ...content, occurredAt: this.#t0Ms + endMs };
  }

  /** Returns the times of a turn in the conversation. */
  #spanOf({ beginMs, endMs }: { beginMs: number; endMs: number }): { beginMs: number; endMs: number } {
    const begun = this.#conversationMs ?? 0;
    return { beginMs: Math.max(0, beginMs - begun), endMs: Math.max(0, endMs - begun) };
  }

  /** Returns the id of the pending turn that this turn repeats, or a new one from role and begin time. */
  #turnIdOf(turn: RecognisedTurn): string {
    const known = this.#turnIds.get(turn.utteranceId);
    if (known !== undefined) return known;
    const index = this.#pendingTurns.findIndex(
      (pending) =>
        pending.role === turn.role &&
        turn.beginMs < pending.endMs + PENDING_SLACK_MS &&
        turn.endMs > pending.beginMs - PENDING_SLACK_MS,
    );
    const repeated = index === -1 ? undefined : this.#pendingTurns.splice(index, 1)[0];
    const turnId = repeated?.turnId ?? `${turn.role}-${turn.beginMs}`;
    this.#turnIds.set(turn.utteranceId, turnId);
    return turnId;
  }
}
