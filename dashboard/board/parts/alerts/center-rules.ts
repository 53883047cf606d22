import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import type { AgentClient } from "../../../client/contract.ts";
import { type RulesAnswer, STANDARD_RULES } from "../../model/rules-answer.ts";

/** Milliseconds between two questions while the hub has not answered. Each costs a ticket, and a person gets 60 a minute. */
const ASK_AGAIN_MS = 30_000;

export interface CenterRulesReading {
  answer: RulesAnswer;
  /** Asks the hub again. Null: there was no readable answer. */
  reload: () => Promise<RulesAnswer | null>;
}

/**
 * Reads the center's rules once there is a connection, and again when an alert has a rule that the board does not know. `ruleIds`
 * are those of the alerts.
 */
export function useCenterRules(client: AgentClient, isLive: boolean, ruleIds: readonly string[]): CenterRulesReading {
  const [answer, setAnswer] = useState(STANDARD_RULES);
  const asked = useRef<{ client: AgentClient; missing: ReadonlySet<string> } | null>(null);
  const reload = useCallback(async () => {
    const [{ status, body }, reading] = await Promise.all([
      client.ask({ method: "GET", resource: "rules" }),
      // The check of what the hub answers is not part of the first view.
      import("../../model/rules-reading.ts").catch(() => null),
    ]);
    const read = status === 200 && reading !== null ? reading.readRules(body) : null;
    if (read !== null) setAnswer(read);
    return read;
  }, [client]);
  const missing = useMemo(() => {
    const known = new Set(answer.rules.map(({ id }) => id));
    return ruleIds.filter((id) => !known.has(id)).join(" ");
  }, [ruleIds, answer]);
  useEffect(() => {
    if (!isLive) return;
    const before = asked.current?.client === client ? asked.current.missing : null;
    const lacking = missing === "" ? [] : missing.split(" ");
    if (before !== null && lacking.every((id) => before.has(id))) return;
    // A rule that stays unknown was deleted: to ask again for it would be for nothing.
    asked.current = { client, missing: new Set([...(before ?? []), ...lacking]) };
    let timer: ReturnType<typeof setTimeout> | undefined;
    const ask = async () => {
      if ((await reload()) === null) timer = setTimeout(() => void ask(), ASK_AGAIN_MS);
    };
    void ask();
    return () => clearTimeout(timer);
  }, [client, isLive, missing, reload]);
  return useMemo(() => ({ answer, reload }), [answer, reload]);
}
