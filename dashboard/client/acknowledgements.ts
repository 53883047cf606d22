import type { CenterAlert } from "../../protocol/alert.ts";
import type { ClientMessage } from "../../protocol/messages.ts";
import type { AcknowledgeAnswer, Clock } from "./contract.ts";
import { ANSWER_DEADLINE_MS, Timer } from "./timer.ts";

interface Pending {
  answer: Promise<AcknowledgeAnswer>;
  settle: (error: string | null) => void;
}

/**
 * The acknowledgements that the hub has not answered. Its answer is the alert itself, which then has a name and a time. To repeat
 * one is harmless, so a new connection repeats those that are open.
 */
export class PendingAcknowledgements {
  readonly #clock: Clock;
  readonly #alertOf: (alertId: string) => CenterAlert | undefined;
  readonly #send: (message: ClientMessage) => boolean;
  readonly #pending = new Map<string, Pending>();

  /** `send` may drop a message, because {@link repeat} sends it again. */
  constructor(clock: Clock, alertOf: (alertId: string) => CenterAlert | undefined, send: (message: ClientMessage) => boolean) {
    this.#clock = clock;
    this.#alertOf = alertOf;
    this.#send = send;
  }

  /** Asks the hub. The promise is never rejected. */
  request(alertId: string): Promise<AcknowledgeAnswer> {
    const known = this.#pending.get(alertId);
    if (known !== undefined) return known.answer;
    const deadline = new Timer(this.#clock);
    let settle: Pending["settle"] = () => {};
    const answer = new Promise<AcknowledgeAnswer>((resolve) => {
      settle = (error) => {
        deadline.stop();
        this.#pending.delete(alertId);
        resolve({ alertId, status: error === null ? "acknowledged" : "refused", error });
      };
    });
    this.#pending.set(alertId, { answer, settle });
    deadline.start(ANSWER_DEADLINE_MS, () => settle("timeout"));
    this.check();
    if (this.#pending.has(alertId)) this.#ask(alertId);
    return answer;
  }

  /** Call after each frame: it may have the answer. */
  check(): void {
    for (const [alertId, { settle }] of this.#pending) {
      const alert = this.#alertOf(alertId);
      // The alert may be acknowledged and over in one frame.
      if (alert !== undefined && alert.acknowledgedAt !== null) settle(null);
      else if (alert?.state !== "firing") settle("gone");
    }
  }

  /** Call on a new connection. */
  repeat(): void {
    for (const alertId of this.#pending.keys()) this.#ask(alertId);
  }

  /** Ends one acknowledgement, or all with null. */
  refuse(alertId: string | null, error: string): void {
    for (const [id, { settle }] of this.#pending) if (id === (alertId ?? id)) settle(error);
  }

  #ask(alertId: string): void {
    this.#send({ type: "acknowledge", alertId });
  }
}
