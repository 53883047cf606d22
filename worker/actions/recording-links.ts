import type { ActionResult } from "../../core/actions/action-result.ts";
import { refusal } from "../../core/actions/action-result.ts";
import { decideRecording, recordingResult } from "../../core/actions/decide-recording.ts";
import { readFunctionAnswer } from "../../core/actions/function-answer.ts";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { WorkLimiter } from "../../core/broadcast/work-limiter.ts";
import { answered, type CenterAnswer } from "../center-answer.ts";
import type { Settings } from "../settings.ts";
import type { SqliteStore } from "../sqlite-store.ts";
import type { StoredCenter } from "../stored-center.ts";
import { ActionSender } from "./action-sender.ts";
import { actionFunctionOf } from "./actions-settings.ts";

/** Links that one person may ask for at once, and per second. */
const BURST = 10;
const PER_SECOND = 0.5;

/** Who asks for the recording of which contact. */
export interface AskedRecording {
  readonly subject: string;
  /** What people read for who asks. */
  readonly name: string;
  readonly filter: GroupFilter;
  readonly roles: readonly string[];
  readonly agentId: string;
  readonly contactId: string;
  /** YYYY-MM-DD; null = today. */
  readonly date: string | null;
}

/** Gets links to recordings: decides, notes it in the audit, asks the function, and notes what it said. It never notes the link. */
export class RecordingLinks {
  readonly #instanceId: string;
  readonly #settings: Pick<Settings, "actions" | "recordingRole">;
  readonly #center: StoredCenter;
  readonly #store: SqliteStore;
  readonly #sender = new ActionSender();
  readonly #limiter = new WorkLimiter(BURST, PER_SECOND);

  constructor(
    instanceId: string,
    settings: Pick<Settings, "actions" | "recordingRole">,
    center: StoredCenter,
    store: SqliteStore,
  ) {
    this.#instanceId = instanceId;
    this.#settings = settings;
    this.#center = center;
    this.#store = store;
  }

  /** @throws Error when the audit cannot be written. Then nobody gets a link. */
  async openLink(asked: AskedRecording, now: number): Promise<CenterAnswer> {
    const wait = this.#waitSeconds(asked.subject, now);
    if (wait > 0) {
      const message = "This identity asks for too many recordings. Wait for Retry-After.";
      return { ok: false, status: 429, error: "too_many_requests", message, retryAfterSeconds: wait };
    }
    const result = await this.#resultOf(asked, now);
    this.#audit(asked, result.ok ? "ok" : result.code, Date.now());
    if (result.recording !== undefined) return answered(result.recording);
    const { status, code, message } = result;
    return { ok: false, status: status === 200 ? 503 : status, error: code, message };
  }

  async #resultOf(asked: AskedRecording, now: number): Promise<ActionResult> {
    const { core } = this.#center;
    const { agentId, date, filter } = asked;
    const known = core.days.day(agentId, date, filter, now);
    const decision = decideRecording(asked, asked, {
      instanceId: this.#instanceId,
      role: this.#settings.recordingRole,
      agent: core.state.presenceOf(agentId).row,
      contacts: known.ok ? known.day.contacts : [],
      now,
    });
    if (!decision.ok) return decision.refused;
    const target = actionFunctionOf(this.#settings.actions, this.#instanceId);
    if (typeof target === "string") return refusal(503, "not_configured", target);
    this.#audit(asked, "sent", now);
    const answer = await this.#sender.send(target, crypto.randomUUID(), decision.order);
    if (answer === "not sent") return MALFORMED;
    return recordingResult(readFunctionAnswer(answer), decision.mayComeYet);
  }

  #audit({ subject, name, agentId, contactId }: AskedRecording, result: string, now: number): void {
    const entry = { at: now, who: subject, name, what: "recording.open", subject: agentId, result, agentId, contactId };
    const detail = JSON.stringify({ contactId });
    this.#center.guard.transaction(now, () => this.#store.audit.addEntry({ ...entry, detail }));
  }

  #waitSeconds(subject: string, now: number): number {
    const freeAt = this.#limiter.freeAt(subject, now);
    if (freeAt > now) return Math.ceil((freeAt - now) / 1000);
    this.#limiter.cleanUp(now);
    this.#limiter.count(subject, 1, now);
    return 0;
  }
}

const MALFORMED = refusal(503, "not_configured", "The signing secret for actions is malformed. Run npm run secret -- actions.");
