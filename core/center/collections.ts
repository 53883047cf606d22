import { ALERTS } from "../alerts/alert-row.ts";
import type { CollectionDefinition, RowFields } from "../board/collection.ts";
import { QUEUES } from "../queues/queue-row.ts";
import { AGENTS } from "../state/agent-row.ts";

/** The collections of a contact center's board, the same in the primary and in its relays. The first stands at the top level. */
export const COLLECTIONS: readonly CollectionDefinition<RowFields>[] = [AGENTS, QUEUES, ALERTS];
