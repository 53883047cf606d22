import { useEffect, useRef, useState } from "react";
import type { AgentView } from "../../../client/contract.ts";
import { useAgentClient } from "../../../react/provider.tsx";
import { teamCsvFile } from "../../model/day/day-file.ts";
import { useText } from "../board-context.ts";
import { downloadFile } from "../download-file.ts";
import { Icon } from "../Icon.tsx";
import { collectDays } from "./collect-days.ts";
import { dayCacheOf } from "./day-cache.ts";

/** Downloads the days of all agents of the list. The hub answers about fifty a minute, so the page says how far it is. */
export function TeamDayFiles({ agents, date }: { agents: readonly AgentView[]; date: string | null }) {
  const text = useText();
  const client = useAgentClient();
  const [done, setDone] = useState<{ done: number; count: number } | null>(null);
  const stop = useRef<AbortController | null>(null);
  useEffect(() => () => stop.current?.abort(), []);
  const download = async (ending: "csv" | "json") => {
    const controller = new AbortController();
    stop.current = controller;
    const known = new Map(agents.map((agent) => [agent.agentId, agent]));
    setDone({ done: 0, count: known.size });
    const days = await collectDays(dayCacheOf(client), [...known.keys()], date, {
      onProgress: (read) => setDone({ done: read, count: known.size }),
      stop: controller.signal,
    });
    setDone(null);
    if (controller.signal.aborted) return;
    const file = `vigia-days-${days[0]?.date ?? date ?? ""}`;
    if (ending === "json") downloadFile(`${file}.json`, JSON.stringify(days, null, 2));
    else {
      const named = days.map((day) => {
        const agent = known.get(day.agentId);
        return { name: agent?.name ?? day.agentId, groups: agent?.groups ?? [], day };
      });
      downloadFile(`${file}.csv`, teamCsvFile(named, text));
    }
  };
  if (done !== null) {
    return (
      <span className="vg-day-files" role="status">
        {text.count("teamDay.collect", done.count, { done: text.number(done.done) })}
        <button type="button" className="vg-button" onClick={() => stop.current?.abort()}>
          {text.text("teamDay.stop")}
        </button>
      </span>
    );
  }
  return (
    <span className="vg-day-files">
      {(["csv", "json"] as const).map((ending) => (
        <button
          key={ending}
          type="button"
          className="vg-button"
          aria-label={text.text(`teamDay.${ending}`)}
          onClick={() => void download(ending)}
        >
          <Icon name="download" />
          {ending.toUpperCase()}
        </button>
      ))}
    </span>
  );
}
