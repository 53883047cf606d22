import * as v from "valibot";
import { digest } from "../core/board/digest.ts";
import { filterKey, type GroupFilter, viewEpoch } from "../core/board/visibility.ts";
import { WorkLimiter } from "../core/broadcast/work-limiter.ts";
import type { AskedDay } from "../core/center/agent-days.ts";
import { type AlertRules, type ParsedAlertRules, parseAlertRules } from "../protocol/alert-rules.ts";
import { sharedViewSchema } from "../protocol/shared-views.ts";
import { RecordingLinks } from "./actions/recording-links.ts";
import { type AuditEntry, type AuditQuery, ROWS_PER_STEP } from "./audit-table.ts";
import { auditView } from "./audit-view.ts";
import { storedRolesSchema } from "./auth/viewer-roles.ts";
import { answered, type CenterAnswer } from "./center-answer.ts";
import { DisplayLinks } from "./displays/display-links.ts";
import { isKnownTag } from "./known-tag.ts";
import { nextEvent } from "./replay/next-event.ts";
import type { Settings } from "./settings.ts";
import type { SqliteStore } from "./sqlite-store.ts";
import type { StoredCenter } from "./stored-center.ts";
import type { ViewerTickets } from "./viewer-tickets.ts";
import { SharedViews } from "./views/shared-views.ts";
import { WorkQueue } from "./work-queue.ts";

/** Characters of answers that one subject may get at once, and per second. */
const BURST = 4 * 1024 * 1024;
const PER_SECOND = 512 * 1024;
/** A preview looks at every subject with every rule: 100 ms at 20,000 agents. So it counts as that many characters. */
const PREVIEW_WEIGHT = 512 * 1024;
/** A day is compared with the days of all agents: 3 ms at 10,000 agents. So each of them counts as so many characters. */
const DAY_WEIGHT = 4;
/** Rows of the audit that are read, found or not: 2,000 in a few ms. */
const AUDIT_ROW_WEIGHT = 4;

/** null = everything. A filter that is absent or unreadable shows nothing. */
const filterSchema = v.fallback(v.nullable(v.array(v.string())), []);
export const askerSchema = v.object({
  subject: v.string(),
  name: v.string(),
  filter: filterSchema,
  ticket: v.nullable(v.object({ id: v.string(), expiresAt: v.number() })),
});
/** A viewer without a socket, whom the Worker has identified and whose role it has checked. */
export type Asker = v.InferOutput<typeof askerSchema>;

const questionSchema = v.variant("what", [
  v.object({ what: v.literal("alerts"), state: v.picklist(["firing", "all"]), ifNoneMatch: v.nullable(v.string()) }),
  // An older Worker sends neither.
  v.object({
    what: v.literal("rules"),
    roles: storedRolesSchema,
    targets: v.optional(v.array(v.string()), []),
  }),
  v.object({ what: v.literal("save-rules"), rules: v.unknown(), version: v.nullable(v.number()) }),
  v.object({ what: v.literal("preview-rules"), rules: v.unknown() }),
  v.object({ what: v.literal("day"), agentId: v.string(), date: v.nullable(v.string()) }),
  v.object({
    what: v.literal("recording"),
    agentId: v.string(),
    contactId: v.string(),
    date: v.nullable(v.string()),
    roles: storedRolesSchema,
  }),
  v.object({
    what: v.literal("audit"),
    from: v.number(),
    to: v.number(),
    limit: v.number(),
    // An older Worker sends neither.
    who: v.optional(v.nullable(v.string()), null),
    did: v.optional(v.nullable(v.string()), null),
  }),
  v.object({
    what: v.literal("me"),
    name: v.string(),
    roles: storedRolesSchema,
    actions: v.array(v.string()),
    timeZone: v.string(),
  }),
  v.object({ what: v.literal("views") }),
  v.object({ what: v.literal("save-views"), views: v.array(sharedViewSchema), version: v.nullable(v.number()) }),
  v.object({ what: v.literal("displays") }),
  v.object({ what: v.literal("make-display"), name: v.string(), filter: filterSchema, secretHash: v.string() }),
  v.object({ what: v.literal("remove-display"), name: v.string() }),
  v.object({ what: v.literal("open-display"), secretHash: v.string() }),
]);
export type CenterQuestion = v.InferOutput<typeof questionSchema>;

/** Answers what viewers ask without a socket about themselves, alerts, rules, the audit, recordings, views and display links. */
export class CenterQuestions {
  readonly #center: StoredCenter;
  readonly #store: SqliteStore;
  readonly #displays: DisplayLinks;
  readonly #views: SharedViews;
  readonly #recordings: RecordingLinks;
  readonly #limiter = new WorkLimiter(BURST, PER_SECOND);
  /** What takes long goes one by one, so that many questions at once hold up no post for longer than one of them. */
  readonly #heavy = new WorkQueue();

  constructor(center: StoredCenter, store: SqliteStore, instance: string, settings: Settings) {
    this.#recordings = new RecordingLinks(instance, settings, center, store);
    this.#center = center;
    this.#store = store;
    this.#displays = new DisplayLinks(center.guard, store);
    this.#views = new SharedViews(center.guard, store);
  }

  /** @param tickets uses up the ticket of the asker, and says whether it is welcome */
  async answer(asker: unknown, question: unknown, tickets: Pick<ViewerTickets, "mayAsk">, now: number): Promise<CenterAnswer> {
    const who = v.parse(askerSchema, asker);
    const asked = v.parse(questionSchema, question);
    if (!tickets.mayAsk(who.subject, who.ticket, now)) return { ok: false, status: 401, error: "unauthorized" };
    const freeAt = this.#limiter.freeAt(who.subject, now);
    if (freeAt > now) {
      const message = "This identity asks for more than its share. Wait for Retry-After.";
      const retryAfterSeconds = Math.ceil((freeAt - now) / 1000);
      return { ok: false, status: 429, error: "too_many_requests", message, retryAfterSeconds };
    }
    this.#limiter.cleanUp(now);
    const weight = this.#weightOf(asked);
    // Before the work, because the next question may come while this one waits.
    this.#limiter.count(who.subject, weight, now);
    const answer = await (weight === 0 ? this.#answer(who, asked, now) : this.#heavy.run(() => this.#answer(who, asked, now)));
    this.#limiter.count(who.subject, answer.ok ? (answer.body?.length ?? 0) : 0, now);
    return answer;
  }

  /** What a question costs beside its answer, in characters. */
  #weightOf({ what }: CenterQuestion): number {
    switch (what) {
      case "preview-rules":
      case "save-rules":
        return PREVIEW_WEIGHT;
      case "day":
        return DAY_WEIGHT * this.#center.core.state.visibleAgents(null).length;
      case "audit":
        return AUDIT_ROW_WEIGHT * ROWS_PER_STEP;
      default:
        return 0;
    }
  }

  #answer({ subject, name, filter }: Asker, asked: CenterQuestion, now: number): CenterAnswer | Promise<CenterAnswer> {
    const { alerts } = this.#center.core;
    switch (asked.what) {
      case "alerts":
        return this.#alerts(filter, asked.state, asked.ifNoneMatch, now);
      case "rules":
        return answered({ ...alerts.rules, roles: asked.roles, targets: asked.targets });
      case "save-rules": {
        const parsed = parseAlertRules({ rules: asked.rules });
        if (!parsed.ok) return wrongRules(parsed);
        if (asked.version !== null && asked.version !== alerts.rules.version) {
          const message = "Somebody has saved other rules meanwhile. Read them, and send yours again.";
          return { ok: false, status: 409, error: "changed_meanwhile", message };
        }
        return answered(this.#center.saveRules(parsed.rules, { subject, name }, now));
      }
      case "preview-rules": {
        const parsed = parseAlertRules({ rules: asked.rules });
        return parsed.ok ? this.#preview(parsed.rules, filter, now) : wrongRules(parsed);
      }
      case "day":
        return dayAnswer(this.#center.core.days.day(asked.agentId, asked.date, filter, now));
      case "recording":
        return this.#recordings.openLink({ subject, name, filter, ...asked }, now);
      case "audit":
        return this.#audit(subject, filter, asked, now);
      case "me": {
        const { roles, actions, timeZone } = asked;
        return answered({ name: asked.name, roles, actions, timeZone });
      }
      case "views":
        return answered(this.#views.list(filter));
      case "save-views":
        return this.#views.replace(asked.views, asked.version, { subject, name }, filter, now);
      case "displays":
        return answered({ data: this.#displays.list(filter, now) });
      case "make-display":
        return this.#displays.makeLink(asked, { subject, name, filter }, now);
      case "remove-display":
        return this.#displays.removeLink(asked.name, { subject, name, filter }, now);
      case "open-display":
        return this.#displays.openLink(asked.secretHash, now);
    }
  }

  async #preview(rules: AlertRules, filter: GroupFilter, now: number): Promise<CenterAnswer> {
    const steps = this.#center.core.alerts.preview(rules, filter, now);
    for (;;) {
      const { value, done } = steps.next();
      if (done === true) return answered({ data: value });
      await nextEvent();
    }
  }

  async #audit(subject: string, filter: GroupFilter, query: AuditQuery, now: number): Promise<CenterAnswer> {
    const data: AuditEntry[] = [];
    const mayRead = auditView(subject, filter, this.#center.core);
    for (let before: number | null = null; ; ) {
      const { entries, next } = this.#store.audit.step({ ...query, limit: query.limit - data.length }, before, mayRead);
      data.push(...entries);
      if (next === null) return answered({ data });
      before = next;
      this.#limiter.count(subject, AUDIT_ROW_WEIGHT * ROWS_PER_STEP, now);
      await nextEvent();
    }
  }

  #alerts(filter: GroupFilter, state: "firing" | "all", ifNoneMatch: string | null, now: number): CenterAnswer {
    const { alerts, board } = this.#center.core;
    const epoch = viewEpoch(board.epoch, filter);
    const etag = `"${epoch}-${board.seq}-${digest(filterKey(filter))}-${state}"`;
    if (isKnownTag(ifNoneMatch, etag)) return { ok: true, body: null, etag };
    return { ...answered({ epoch, seq: board.seq, serverTime: now, data: alerts.list(filter, state) }), etag };
  }
}

/** The same answer for an agent out of sight as for an unknown one. */
function dayAnswer(asked: AskedDay): CenterAnswer {
  if (asked.ok) return answered(asked.day);
  if (asked.reason === "unknown_agent") return { ok: false, status: 404, error: "not_found" };
  const message = "There is no such day. Send date as YYYY-MM-DD, or leave it out for today.";
  return { ok: false, status: 400, error: "invalid_date", path: "date", message };
}

function wrongRules({ path, message }: Extract<ParsedAlertRules, { ok: false }>): CenterAnswer {
  return { ok: false, status: 400, error: "invalid_rules", path, message };
}
