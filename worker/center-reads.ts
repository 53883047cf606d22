import type { CenterCore } from "../core/center/center-core.ts";
import { QUEUES } from "../core/queues/queue-row.ts";
import type { PolledBoard, Polls } from "./polls.ts";
import { type HistoryAnswer, HistoryAnswers } from "./replay/history-answers.ts";
import type { StoredReplay } from "./replay/stored-replay.ts";
import { readPollRequest } from "./rpc-arguments.ts";
import type { ViewerTickets } from "./viewer-tickets.ts";
import type { WatchedQueue } from "./watched-queue.ts";

/** What there is to be read: the board of now, and the boards of the past. */
interface WhatIsRead {
  readonly core: CenterCore;
  readonly replay: StoredReplay;
}

/** What a relay, or a viewer without a socket, reads of a contact center. */
export class CenterReads {
  readonly #center: WhatIsRead;
  readonly #polls: Polls;
  readonly #tickets: ViewerTickets;
  readonly #history: HistoryAnswers;

  constructor(center: WhatIsRead, polls: Polls, tickets: ViewerTickets) {
    this.#center = center;
    this.#polls = polls;
    this.#tickets = tickets;
    this.#history = new HistoryAnswers(center.replay);
  }

  /** Returns the board of a past moment, or what happened in a span of time. */
  async history([asker, question]: readonly unknown[]): Promise<HistoryAnswer> {
    const now = Date.now();
    return this.#history.answer(asker, question, ({ subject, ticket }) => this.#tickets.mayAsk(subject, ticket, now), now);
  }

  /** Returns the board as one JSON text. null = the ticket was used, or its owner revoked. */
  async poll([filter, subject, ticket, ifNoneMatch]: readonly unknown[]): Promise<PolledBoard | null> {
    const now = Date.now();
    const asked = readPollRequest({ filter, subject, ticket, ifNoneMatch });
    if (asked === null || !this.#tickets.mayAsk(asked.subject, asked.ticket, now)) return null;
    return this.#polls.answer(asked, this.#center.core.board, now);
  }

  /** Returns the queues as one JSON text. null = the ticket was used, or its owner revoked. */
  pollQueues([filter, subject, ticket, ifNoneMatch]: readonly unknown[]): PolledBoard | null {
    const now = Date.now();
    const asked = readPollRequest({ filter, subject, ticket, ifNoneMatch });
    if (asked === null || !this.#tickets.mayAsk(asked.subject, asked.ticket, now)) return null;
    return this.#polls.answerCollection(asked, QUEUES.name, this.#center.core.board, now);
  }

  /** Returns the waiting contacts of a queue, its last hours, and the groups that may see it. null = there is no such queue. */
  watchedQueue(queueId: string): WatchedQueue | null {
    const { queues } = this.#center.core;
    const groups = queues.groupsOf(queueId);
    if (groups === null) return null;
    return { contacts: queues.waitingContacts(queueId), quarters: queues.quarters(queueId, Date.now()), groups: [...groups] };
  }
}
