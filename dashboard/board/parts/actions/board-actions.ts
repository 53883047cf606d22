import type { ActionName } from "../../../../protocol/actions.ts";
import type { HubQuestion, HubReply } from "../../../client/contract.ts";
import { Listeners } from "../../../client/listeners.ts";
import { type ActionEnd, readActionAnswer } from "../../model/actions/action-answer.ts";

/** Milliseconds before the same id is sent again after a broken connection. A question itself ends after 15 s. */
const SEND_AGAIN_MS = [1_000, 3_000, 8_000, 15_000];
/** Milliseconds for which a success stays on the page. A failure stays until the reader has seen it. */
const DONE_SHOWN_MS = 10_000;

/** What the reader wants to be done to an agent. */
export interface WantedAction {
  readonly action: ActionName;
  readonly agentId: string;
  /** The agent's name when the reader pressed. */
  readonly name: string;
  readonly contactId: string | null;
  /** The contact in words; null = the action is about the agent. */
  readonly contactWords: string | null;
  readonly statusName: string | null;
}

/** One press and what became of it. */
export interface Press extends WantedAction {
  /** One press is one id, however often it is sent. */
  readonly id: string;
  /** null = it is on its way. */
  readonly end: ActionEnd | null;
}

/** What the parts of the board share about actions. Each change makes a new object. */
export interface ActionsState {
  /** What is on its way or was not seen yet, the oldest first. */
  readonly presses: readonly Press[];
  /** The row whose menu is open, and where its button stands. */
  readonly menu: { readonly agentId: string; readonly anchor: HTMLElement } | null;
  /** What waits for the reader's confirmation. */
  readonly question: WantedAction | null;
}

interface Surroundings {
  readonly ask: (question: HubQuestion) => Promise<HubReply>;
  /** The hub refused: the reader's rights may have changed. */
  readonly onRefused: () => void;
  readonly newId: () => string;
  readonly sleep: (ms: number) => Promise<void>;
}

/** Sends what the reader presses, and keeps what became of it. It changes no row: the effect arrives as the agent's own news. */
export class BoardActions {
  readonly #surroundings: Surroundings;
  readonly #listeners = new Listeners();
  #state: ActionsState = { presses: [], menu: null, question: null };

  constructor(surroundings: Surroundings) {
    this.#surroundings = surroundings;
  }

  readonly subscribe = (listener: () => void): (() => void) => this.#listeners.add(listener);
  readonly state = (): ActionsState => this.#state;

  openMenu(agentId: string, anchor: HTMLElement): void {
    this.#change({ menu: { agentId, anchor } });
  }

  closeMenu(): void {
    if (this.#state.menu !== null) this.#change({ menu: null });
  }

  /** Asks the reader first. */
  confirm(question: WantedAction): void {
    this.#change({ question });
  }

  answerQuestion(isYes: boolean): void {
    const { question } = this.#state;
    this.#change({ question: null });
    if (isYes && question !== null) this.start(question);
  }

  /** Sends an action, unless the same one is on its way. */
  start(wanted: WantedAction): void {
    const { presses } = this.#state;
    if (presses.some((press) => press.end === null && keyOf(press) === keyOf(wanted))) return;
    const press: Press = { ...wanted, id: this.#surroundings.newId(), end: null };
    // A new press takes older results of the agent off the page.
    this.#change({ presses: [...presses.filter(({ agentId, end }) => agentId !== wanted.agentId || end === null), press] });
    void this.#send(press);
  }

  /** Asks once more what became of a press, with its own id: the hub does it once at most. */
  askAgain(id: string): void {
    const press = this.#state.presses.find((other) => other.id === id);
    if (press?.end?.kind !== "unanswered") return;
    this.#settle(id, null);
    void this.#send(press);
  }

  /** Takes a result off the page. */
  dismiss(id: string): void {
    this.#change({ presses: this.#state.presses.filter((press) => press.id !== id) });
  }

  async #send({ id, action, agentId, contactId, statusName }: Press): Promise<void> {
    const { ask, sleep, onRefused } = this.#surroundings;
    const body = { id, action, agentId, ...(contactId !== null && { contactId }), ...(statusName !== null && { statusName }) };
    for (const pause of [...SEND_AGAIN_MS, null]) {
      const reply = await ask({ method: "POST", resource: "actions", body });
      const end = readActionAnswer(reply);
      if (end !== null || pause === null) {
        this.#settle(id, end ?? { kind: "unanswered", code: "unanswered", message: "" });
        if (reply.status === 401 || reply.status === 403) onRefused();
        break;
      }
      await sleep(pause);
    }
    if (this.#state.presses.find((press) => press.id === id)?.end?.kind !== "done") return;
    await sleep(DONE_SHOWN_MS);
    this.dismiss(id);
  }

  #settle(id: string, end: ActionEnd | null): void {
    this.#change({ presses: this.#state.presses.map((press) => (press.id === id ? { ...press, end } : press)) });
  }

  #change(change: Partial<ActionsState>): void {
    this.#state = { ...this.#state, ...change };
    this.#listeners.notify();
  }
}

function keyOf({ action, agentId, contactId, statusName }: WantedAction): string {
  return JSON.stringify([action, agentId, contactId, statusName]);
}

/** Makes an id as the hub takes it. `crypto.randomUUID` is missing on pages without https. */
export function newActionId(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, "0")).join("");
}
