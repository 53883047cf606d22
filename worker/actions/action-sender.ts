import type { FunctionAnswer } from "../../core/actions/function-answer.ts";
import type { ActionOrder } from "../../protocol/actions.ts";
import { sign } from "../../protocol/signature.ts";
import { readBeginning } from "../alerts/receiver-answer.ts";
import { signingKeys } from "../auth/signed-body.ts";
import type { ActionFunction } from "./actions-settings.ts";

/** The function ends before, so that it can say what happened. A supervisor waits no longer than this. */
const TIMEOUT_MS = 10_000;

/** The address of a recording has some 2,000 characters. */
const MAX_ANSWER_BYTES = 12_288;

/** Sends orders to the function `actions`: one signed post for each, and never again. */
export class ActionSender {
  readonly #timeoutMs: number;

  constructor(timeoutMs = TIMEOUT_MS) {
    this.#timeoutMs = timeoutMs;
  }

  /**
   * Sends an order. It never throws. "not sent" = the secret is malformed, so nothing left the hub.
   * @param webhookId one that was never used
   */
  async send(target: ActionFunction, webhookId: string, order: ActionOrder): Promise<FunctionAnswer | "not sent"> {
    const keys = await signingKeys(target.secrets);
    if (typeof keys === "string") return "not sent";
    const body = JSON.stringify(order);
    const headers = {
      "Content-Type": "application/json",
      "User-Agent": "vigia",
      ...(await sign(keys, webhookId, Math.floor(Date.now() / 1000), body)),
    };
    const signal = AbortSignal.timeout(this.#timeoutMs);
    try {
      const response = await fetch(target.url, { method: "POST", headers, body, redirect: "manual", signal });
      return { status: response.status, body: await readBeginning(response, MAX_ANSWER_BYTES) };
    } catch {
      // The error may quote the address.
      return null;
    }
  }
}
