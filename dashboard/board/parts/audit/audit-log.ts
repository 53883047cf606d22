import { useCallback, useEffect, useRef, useState } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import {
  type AuditFilter,
  type AuditLine,
  auditPage,
  auditResource,
  NO_AUDIT_FILTER,
  readAuditEntries,
} from "../../model/audit/audit-entries.ts";

/** Entries that one press shows. */
const PAGE = 200;
/** Entries that a file has at most: what the hub gives in one answer. */
const FILE = 10_000;

export interface AuditLog {
  readonly filter: AuditFilter;
  /** null = nothing has arrived yet. */
  readonly entries: readonly AuditLine[] | null;
  readonly hasMore: boolean;
  readonly isWaiting: boolean;
  /** Why the last question failed. */
  readonly problem: "not_allowed" | "no_answer" | null;
  readonly choose: (filter: AuditFilter) => void;
  /** Asks for older entries, or again after a failure. */
  readonly more: () => void;
  /** Returns every entry that passes the filter, for a file; null = the hub did not answer. */
  readonly all: () => Promise<readonly AuditLine[] | null>;
}

/** Reads the log of a contact center part by part, the newest first. */
export function useAuditLog(ask: AgentClient["ask"]): AuditLog {
  const [filter, setFilter] = useState(NO_AUDIT_FILTER);
  const [entries, setEntries] = useState<AuditLog["entries"]>(null);
  const [before, setBefore] = useState<number | null>(null);
  const [isWaiting, setWaiting] = useState(false);
  const [problem, setProblem] = useState<AuditLog["problem"]>(null);
  /** Counts the questions, so that an answer to an older filter is dropped. */
  const asked = useRef(0);

  const load = useCallback(
    async (wanted: AuditFilter, known: readonly AuditLine[], until: number | null) => {
      asked.current += 1;
      const own = asked.current;
      setWaiting(true);
      setProblem(null);
      const { status, body } = await ask({ method: "GET", resource: auditResource(wanted, until, PAGE) });
      if (own !== asked.current) return;
      setWaiting(false);
      const read = status === 200 ? readAuditEntries(body) : null;
      if (read === null) return setProblem(status === 401 || status === 403 ? "not_allowed" : "no_answer");
      const page = auditPage(read, PAGE);
      setEntries([...known, ...page.entries]);
      setBefore(page.before);
    },
    [ask],
  );
  useEffect(() => void load(NO_AUDIT_FILTER, [], null), [load]);

  return {
    filter,
    entries,
    hasMore: before !== null,
    isWaiting,
    problem,
    choose: (next) => {
      setFilter(next);
      setBefore(null);
      setEntries(null);
      void load(next, [], null);
    },
    more: () => void load(filter, entries ?? [], before),
    all: async () => {
      const { status, body } = await ask({ method: "GET", resource: auditResource(filter, null, FILE) });
      return status === 200 ? readAuditEntries(body) : null;
    },
  };
}
