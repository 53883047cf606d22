import type { Role, SentimentLabel, Update } from "../../protocol/updates.ts";
import { CallScore, type ContactScore } from "../scoring/sentiment-score.ts";
import type { SpeechEvent } from "./speech.ts";
import type { CallState } from "./transcriber-job.ts";

export type RecognisedTurn = Extract<SpeechEvent, { kind: "turn" }>;
type Sides = CallState["transcribedUntil"];

/** A turn that was cut off: when its speech is heard again it keeps its id. Times in ms on the contact's timeline. */
type PendingTurn = CallState["pendingTurns"][number];

/** Speech that ends this close to a cut may go on behind it. Transcribe closes a turn at a pause well below this. */
const UNSURE_MS = 3000;
/** How far behind the last event a recogniser may be with words it has not mentioned yet. */
const LATENCY_MS = 10_000;
/** A repeated turn begins where it began before, give or take the recogniser's own measure. */
const PENDING_SLACK_MS = 500;
/** A word that has only just begun at a cut leaves no turn at all. */
const ONSET_MS = 1000;
/** A little silence before the first word helps to hear it. */
const RUN_UP_MS = 300;

/**
 * Turns what recogniser sessions say, one session after another, into the contact's turns and score. Turn ids and times come
 * from the contact's timeline and not from the session, so that whoever hears the same speech again says the same about it.
 * Pure: no clock, no randomness.
 */
export class TurnTracker {
  readonly #contact: { contactId: string; initialContactId: string | null };
  #t0Ms: number;
  readonly #score = new CallScore();
  readonly #categories: Set<string>;
  #transcribedUntil: Sides;
  #pendingTurns: PendingTurn[];
  #newestSentiment: number;
  /** The running session. */
  #baseMs = 0;
  #lastEventMs = 0;
  #cutMs = Number.POSITIVE_INFINITY;
  #ids = new Map<string, string>();
  #open = new Map<string, PendingTurn>();
  #unsure: { turn: RecognisedTurn; pending: PendingTurn }[] = [];

  constructor(contact: { contactId: string; initialContactId: string | null }, state: CallState) {
    this.#contact = { contactId: contact.contactId, initialContactId: contact.initialContactId };
    this.#t0Ms = Math.round(state.t0Ms ?? 0);
    this.#transcribedUntil = { ...state.transcribedUntil };
    this.#pendingTurns = [...state.pendingTurns];
    this.#categories = new Set(state.categories);
    this.#newestSentiment = state.newestSentiment;
    for (const [turnId, role, beginMs, endMs, sentiment] of state.turns)
      this.#score.take({ turnId, role, beginMs, endMs, sentiment });
  }

  /** Up to where each side's speech needs no further hearing. */
  get transcribedUntil(): Readonly<Sides> {
    return this.#transcribedUntil;
  }

  get turnCount(): number {
    return this.#score.size;
  }

  get score(): ContactScore {
    return this.#score.current;
  }

  get categories(): readonly string[] {
    return [...this.#categories];
  }

  /** The contact's timeline begins at this time (epoch ms). */
  setStart(t0Ms: number): void {
    this.#t0Ms = Math.round(t0Ms);
  }

  /** A session begins whose first sample is `baseMs` on the contact's timeline. */
  beginSession(baseMs: number): void {
    this.#baseMs = baseMs;
    this.#lastEventMs = baseMs;
    this.#cutMs = Number.POSITIVE_INFINITY;
    this.#ids = new Map();
    this.#open = new Map();
    this.#unsure = [];
  }

  /** The session gets no audio behind `cutMs` although the speech may go on there: turns that touch it are not final yet. */
  cutSession(cutMs: number): void {
    this.#cutMs = cutMs;
  }

  /** There was nothing to say before `ms`. */
  noteSilence(ms: number): void {
    this.#lastEventMs = Math.max(this.#lastEventMs, ms);
  }

  /** What a turn of the running session means. A turn cut off is kept back (see {@link releaseUnsureTurns}). */
  addTurn(spoken: RecognisedTurn): Update[] {
    const turn = { ...spoken, beginMs: spoken.beginMs + this.#baseMs, endMs: spoken.endMs + this.#baseMs };
    this.#lastEventMs = Math.max(this.#lastEventMs, turn.endMs);
    if (turn.text === "") return this.#withdraw(turn);
    const turnId = this.#turnId(turn);
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
    return this.#settle(turn, turnId);
  }

  /** The first time a category is matched. */
  addCategory(name: string, endMs: number | null): Update[] {
    if (this.#categories.has(name)) return [];
    this.#categories.add(name);
    const occurredAt = this.#t0Ms + (endMs === null ? this.#lastEventMs : endMs + this.#baseMs);
    return [{ type: "contact.category", ...this.#contact, name, occurredAt }];
  }

  /**
   * The session is over. `drained`: it has said everything about the audio up to `sentMs`; else it broke off, and only what it
   * has said something about counts as heard.
   */
  endSession(drained: boolean, sentMs: number): void {
    const interrupted = this.#interrupted();
    const wasCut = Number.isFinite(this.#cutMs);
    this.#transcribedUntil = this.#reach(
      drained ? sentMs - (wasCut ? ONSET_MS : 0) : this.#lastEventMs - LATENCY_MS,
      interrupted,
    );
    this.#pendingTurns = [
      ...this.#pendingTurns.filter((pending) => pending.endMs > this.#transcribedUntil[pending.role]),
      ...interrupted,
    ];
    this.#open = new Map();
  }

  /** The running session has begun a turn and not finished it. */
  get hasOpenTurn(): boolean {
    return this.#open.size > 0;
  }

  /** Up to where both sides would count as heard if the session broke off now. */
  get safeUntilMs(): number {
    const { customer, agent } = this.#reach(this.#lastEventMs - LATENCY_MS, this.#interrupted());
    return Math.min(customer, agent);
  }

  /** Speech before `ms` will not be heard again: it is lost if it was not heard. */
  skipBefore(ms: number): void {
    this.#transcribedUntil = {
      customer: Math.max(this.#transcribedUntil.customer, ms),
      agent: Math.max(this.#transcribedUntil.agent, ms),
    };
  }

  /** Nothing follows the cut, or not soon: the turns kept back are the best there is. Heard again, they are replaced. */
  releaseUnsureTurns(): Update[] {
    const updates = this.#unsure.flatMap(({ turn, pending }) => this.#settle(turn, pending.turnId));
    this.#unsure = [];
    return updates;
  }

  /** What the next invocation needs to go on. */
  state(): Pick<CallState, "transcribedUntil" | "pendingTurns" | "turns" | "categories" | "newestSentiment"> {
    return {
      transcribedUntil: { ...this.#transcribedUntil },
      pendingTurns: [...this.#pendingTurns],
      turns: [...this.#score.turns].map((turn) => [turn.turnId, turn.role, turn.beginMs, turn.endMs, turn.sentiment]),
      categories: [...this.#categories],
      newestSentiment: this.#newestSentiment,
    };
  }

  /** The contact's audio is over at `endMs`. */
  endContact(endMs: number): Update {
    return { type: "contact.ended", ...this.#contact, occurredAt: Math.max(this.#t0Ms + endMs, this.#newestSentiment) };
  }

  #interrupted(): PendingTurn[] {
    return [...this.#open.values(), ...this.#unsure.map(({ pending }) => pending)];
  }

  /** Heard is what was final, and what was listened to without leaving a turn open. */
  #reach(listenedMs: number, interrupted: readonly PendingTurn[]): Sides {
    const reach = (role: Role): number => {
      const begins = interrupted.filter((pending) => pending.role === role).map((pending) => pending.beginMs - RUN_UP_MS);
      return Math.max(this.#transcribedUntil[role], Math.min(listenedMs, ...begins));
    };
    return { customer: reach("customer"), agent: reach("agent") };
  }

  #settle(turn: RecognisedTurn, turnId: string): Update[] {
    const update = this.#turnUpdate(turn, turnId);
    if (turn.sentiment === null) return [update];
    this.#score.take({ turnId, role: turn.role, beginMs: turn.beginMs, endMs: turn.endMs, sentiment: turn.sentiment });
    // Turns of the two sides are final in any order, but the newest sentiment must be the one with all of them.
    this.#newestSentiment = Math.max(this.#t0Ms + turn.endMs, this.#newestSentiment + 1);
    return [
      update,
      {
        type: "contact.sentiment",
        ...this.#contact,
        occurredAt: this.#newestSentiment,
        ...this.#score.current,
      },
    ];
  }

  /** Whoever was shown the partial turn is told that it is none. */
  #withdraw(turn: RecognisedTurn): Update[] {
    const pending = this.#open.get(turn.utteranceId);
    this.#open.delete(turn.utteranceId);
    return pending === undefined ? [] : [this.#turnUpdate({ ...turn, sentiment: null }, pending.turnId)];
  }

  #turnUpdate(turn: RecognisedTurn, turnId: string): Update {
    const { role, beginMs, endMs, text, final, issues = [] } = turn;
    const sentiment: SentimentLabel | null = final ? turn.sentiment : null;
    const said = { role, beginMs, endMs, text, final, sentiment, ...(issues.length > 0 && { issues: [...issues] }) };
    return { type: "contact.turn", ...this.#contact, turnId, ...said, occurredAt: this.#t0Ms + endMs };
  }

  #turnId(turn: RecognisedTurn): string {
    const known = this.#ids.get(turn.utteranceId);
    if (known !== undefined) return known;
    const index = this.#pendingTurns.findIndex(
      (pending) =>
        pending.role === turn.role &&
        turn.beginMs < pending.endMs + PENDING_SLACK_MS &&
        turn.endMs > pending.beginMs - PENDING_SLACK_MS,
    );
    const resumed = index === -1 ? undefined : this.#pendingTurns.splice(index, 1)[0];
    const turnId = resumed?.turnId ?? `${turn.role}-${turn.beginMs}`;
    this.#ids.set(turn.utteranceId, turnId);
    return turnId;
  }
}
