import { type ActionResult, refusal, UNKNOWN } from "../../core/actions/action-result.ts";
import { decideAction } from "../../core/actions/decide-action.ts";
import { readFunctionAnswer } from "../../core/actions/function-answer.ts";
import { WorkLimiter } from "../../core/broadcast/work-limiter.ts";
import type { ActionOrder } from "../../protocol/actions.ts";
import type { Settings } from "../settings.ts";
import type { SqliteStore } from "../sqlite-store.ts";
import type { StoredCenter } from "../stored-center.ts";
import type { ViewerTickets } from "../viewer-tickets.ts";
import { ActionSender } from "./action-sender.ts";
import type { AskedAction } from "./action-table.ts";
import { type ActionFunction, type ActionsSettings, actionFunctionOf } from "./actions-settings.ts";
import { type ActionFromViewer, readAskedAction } from "./asked-action.ts";

/** Actions that one person may do at once, and per second. Amazon Connect takes two a second of most kinds from the whole account. */
const BURST = 10;
const PER_SECOND = 0.5;

/** What became of an action, or why nobody looked at it. */
export type AnsweredAction =
  | { readonly type: "answered"; readonly result: ActionResult }
  | { readonly type: "unauthorized" }
  | { readonly type: "too_many_requests"; readonly retryAfterSeconds: number };

interface ActionParts {
  readonly instanceId: string;
  readonly settings: ActionsSettings;
  readonly center: StoredCenter;
  readonly store: SqliteStore;
  readonly tickets: ViewerTickets;
  readonly sender: ActionSender;
  /** Keeps the object awake until the promise has settled. */
  readonly waitUntil: (promise: Promise<unknown>) => void;
}

/** Makes the actions of one contact center. */
export function openActions(
  ctx: DurableObjectState,
  { actions: settings }: Settings,
  parts: Pick<ActionParts, "center" | "store" | "tickets">,
): CenterActions {
  const waitUntil = (promise: Promise<unknown>) => ctx.waitUntil(promise);
  return new CenterActions({ ...parts, instanceId: ctx.id.name ?? "", settings, sender: new ActionSender(), waitUntil });
}

/**
 * Does what supervisors ask: decides, notes it in the audit, sends one order, and notes the answer. The same id of the same person is
 * one action, also while it runs and after a restart of the object.
 */
class CenterActions {
  readonly #parts: ActionParts;
  readonly #running = new Map<string, Promise<ActionResult>>();
  readonly #limiter = new WorkLimiter(BURST, PER_SECOND);
  /** Those whose last request went beyond the limit. The audit gets one entry for all of them in a row. */
  readonly #limited = new Set<string>();

  constructor(parts: ActionParts) {
    this.#parts = parts;
    this.#settleLost(Date.now());
  }

  /** Does an action unless it may not be. @throws Error when nothing can be stored. Then nothing was sent. */
  async act(asked: unknown): Promise<AnsweredAction> {
    const now = Date.now();
    const from = readAskedAction(asked);
    const { asker, request } = from;
    const { instanceId, settings, center, store, tickets } = this.#parts;
    if (!tickets.mayAsk(asker.subject, asker.ticket, now)) return { type: "unauthorized" };
    const { row: agent } = center.core.state.presenceOf(request.agentId);
    const decision = decideAction(request, asker, { instanceId, enabled: settings.enabled, agent });
    const chosen = decision.ok && "contactId" in decision.order ? decision.order.contactId : request.contactId;
    const action = actionOf(from, chosen, now);
    const mayAct = decision.ok || decision.refused.status !== 403;
    const known = store.actions.action(asker.subject, request.id);
    const isReused = known !== null && known.request !== action.request;
    if (mayAct && known !== null && !isReused) {
      const running = this.#running.get(keyOf(known));
      return answered(known.result ?? (running === undefined ? UNKNOWN : await running));
    }
    const wait = this.#waitSeconds(action, now);
    if (wait > 0) return { type: "too_many_requests", retryAfterSeconds: wait };
    if (mayAct && isReused) {
      this.#note(action, REUSED, false, now);
      return answered(REUSED);
    }
    if (!decision.ok) {
      this.#note(action, decision.refused, mayAct, now);
      return answered(decision.refused);
    }
    const target = actionFunctionOf(settings, instanceId);
    if (typeof target === "string") {
      const missing = refusal(503, "not_configured", target);
      this.#note(action, missing, false, now);
      return answered(missing);
    }
    center.guard.transaction(now, () => {
      store.actions.saveAction(action, null);
      this.#audit(action, "sent", now);
    });
    const running = this.#send(action, target, decision.order);
    this.#running.set(keyOf(action), running);
    this.#parts.waitUntil(running);
    return answered(await running);
  }

  async #send(action: AskedAction, target: ActionFunction, order: ActionOrder): Promise<ActionResult> {
    const answer = await this.#parts.sender.send(target, crypto.randomUUID(), order);
    const result = answer === "not sent" ? MALFORMED : readFunctionAnswer(answer);
    try {
      this.#note(action, result, true, Date.now());
      this.#running.delete(keyOf(action));
    } catch {
      // The guard has logged why. This object still knows the answer, and after a restart nobody does.
    }
    return result;
  }

  /** Writes what became of an action. @param keep whether the same id gets this answer again */
  #note(action: AskedAction, result: ActionResult, keep: boolean, now: number): void {
    this.#parts.center.guard.transaction(now, () => {
      if (keep) this.#parts.store.actions.saveAction(action, result);
      this.#audit(action, result.ok ? "ok" : result.code, now);
    });
  }

  #audit({ subject, name, id, request, agentId, contactId }: AskedAction, result: string, now: number): void {
    const { action, statusName } = JSON.parse(request);
    const detail = JSON.stringify({ id, ...(contactId !== null && { contactId }), ...(statusName !== null && { statusName }) });
    const entry = { at: now, who: subject, name, what: `action.${action}`, subject: agentId, result, detail };
    this.#parts.store.audit.addEntry({ ...entry, agentId, contactId });
  }

  /** Returns how long somebody has to wait, in seconds; 0 = not at all, and this action counts. */
  #waitSeconds(action: AskedAction, now: number): number {
    const { subject } = action;
    const freeAt = this.#limiter.freeAt(subject, now);
    if (freeAt <= now) {
      this.#limiter.cleanUp(now);
      this.#limiter.count(subject, 1, now);
      this.#limited.delete(subject);
      return 0;
    }
    if (!this.#limited.has(subject)) this.#audit(action, "too_many_requests", now);
    this.#limited.add(subject);
    return Math.ceil((freeAt - now) / 1000);
  }

  /** Notes the actions that another life of this object sent, and whose answers nobody has heard. */
  #settleLost(now: number): void {
    const lost = this.#parts.store.actions.unanswered();
    try {
      for (const action of lost) this.#note(action, UNKNOWN, true, now);
    } catch {
      // The guard has logged why. Whoever asks again is told that nobody knows, all the same.
    }
  }
}

const REUSED = refusal(409, "id_reused", "You have used this id for another action. Send a new id.");
const MALFORMED = refusal(503, "not_configured", "The signing secret for actions is malformed. Run npm run secret -- actions.");

function answered(result: ActionResult): AnsweredAction {
  return { type: "answered", result };
}

/** @param contactId the contact that the action is about, also if the request leaves the choice to the hub */
function actionOf({ asker, request }: ActionFromViewer, contactId: string | null, at: number): AskedAction {
  const { id, action, agentId, contactId: named, statusName } = request;
  const { subject, name } = asker;
  const asked = JSON.stringify({ action, agentId, contactId: named, statusName });
  return { subject, name, id, at, request: asked, agentId, contactId };
}

function keyOf({ subject, id }: Pick<AskedAction, "subject" | "id">): string {
  return JSON.stringify([subject, id]);
}
