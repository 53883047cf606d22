import { array, list, member, number, optional, shape, text } from "../guards.ts";

interface PastRows {
  data: readonly unknown[];
  removed: readonly string[];
}

/** What changed at one moment of the past, in the form of a batch. */
export interface PastChange extends PastRows {
  /** Epoch ms. */
  at: number;
  queues?: PastRows | undefined;
  alerts?: PastRows | undefined;
}

/** The whole lists of a board of the past. */
export interface PastLists {
  /** Epoch ms. */
  at: number;
  /** The oldest moment that can be asked for; null = unknown. */
  keptSince: number | null;
  data: readonly unknown[];
  queues?: readonly unknown[] | undefined;
  alerts?: readonly unknown[] | undefined;
}

/** A stretch of the past, whole: the board at `from`, and each change after it up to `to` (epoch ms). */
export interface PastPiece {
  from: number;
  to: number;
  lists: PastLists;
  changes: readonly PastChange[];
}

const rows = optional(array);
const news = optional(shape<PastRows>({ data: array, removed: list(text) }));
const isLists = shape<Omit<PastLists, "keptSince">>({ at: number, data: array, queues: rows, alerts: rows });
const isChange = shape<PastChange>({ at: number, data: array, removed: list(text), queues: news, alerts: news });

/** Reads the answer for one moment. Returns a piece of no length; null = it is no such answer. */
export function readMoment(body: unknown): PastPiece | null {
  if (!isLists(body)) return null;
  const keptSince = member(body, "keptSince");
  return { from: body.at, to: body.at, lists: { ...body, keptSince: number(keptSince) ? keptSince : null }, changes: [] };
}

/** Reads the lines of a span. It ends where they end, which may be earlier than what was asked for. Null = they are no span. */
export function readSpan(lines: unknown): PastPiece | null {
  if (!array(lines)) return null;
  const [first, ...changes] = lines;
  const start = readMoment(first);
  if (start === null || !changes.every(isChange)) return null;
  return { ...start, to: changes.at(-1)?.at ?? start.to, changes };
}

/**
 * Returns the changes of a piece in (`after`, `until`], joined to as few as have the same effect. A row that is removed and comes
 * back needs two, because what comes back is no part of what was.
 */
export function changesBetween({ changes }: PastPiece, after: number, until: number): PastChange[] {
  const joined: JoinedChange[] = [];
  for (const change of changes) {
    if (change.at <= after || change.at > until) continue;
    const last = joined.at(-1);
    if (last === undefined || last.bringsBack(change)) joined.push(new JoinedChange(change));
    else last.add(change);
  }
  return joined.map((each) => each.change());
}

/** The field that names a row: of agents, queues and alerts. */
const KEY_FIELDS = ["agentId", "queueId", "alertId"] as const;

interface JoinedRows {
  keyField: string;
  /** What became of each row, by its key. */
  data: Map<string, object>;
  removed: Set<string>;
}

class JoinedChange {
  #at = 0;
  readonly #rows = KEY_FIELDS.map((keyField): JoinedRows => ({ keyField, data: new Map(), removed: new Set() }));

  constructor(first: PastChange) {
    this.add(first);
  }

  add(change: PastChange): void {
    this.#at = change.at;
    for (const [index, { keyField, data, removed }] of this.#rows.entries()) {
      const news = newsOf(change, index);
      for (const row of news?.data ?? []) {
        const key = String(member(row, keyField));
        data.set(key, { ...data.get(key), ...Object(row) });
      }
      for (const key of news?.removed ?? []) removed.add(key);
    }
  }

  bringsBack(change: PastChange): boolean {
    return this.#rows.some(({ keyField, removed }, index) => {
      return newsOf(change, index)?.data.some((row) => removed.has(String(member(row, keyField)))) ?? false;
    });
  }

  change(): PastChange {
    const [agents, queues, alerts] = this.#rows.map(({ data, removed }) => ({ data: [...data.values()], removed: [...removed] }));
    return { at: this.#at, data: agents?.data ?? [], removed: agents?.removed ?? [], queues, alerts };
  }
}

function newsOf(change: PastChange, index: number): PastRows | undefined {
  return [change, change.queues, change.alerts][index];
}
