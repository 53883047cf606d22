import "../../styles/tools.css";
import { useId, useLayoutEffect, useMemo, useRef, useState } from "react";
import { useAgentClient } from "../../../react/provider.tsx";
import { useAlerts } from "../../../react/use-alerts.ts";
import { alertName } from "../../model/alert-words.ts";
import type { AuditLine } from "../../model/audit/audit-entries.ts";
import { type AuditNames, aboutEntry, DEEDS, deedOfEntry, resultOfEntry } from "../../model/audit/audit-words.ts";
import { boardAlerts } from "../../model/board-alert.ts";
import { csvText } from "../../model/csv-text.ts";
import { csvFileName } from "../../model/file-name.ts";
import { isoInZone } from "../../model/local-iso.ts";
import { useBoard } from "../board-context.ts";
import { useCenterZone } from "../center-zone.ts";
import { downloadFile } from "../download-file.ts";
import { Icon } from "../Icon.tsx";
import { type AuditLog, useAuditLog } from "./audit-log.ts";

/** Who did what from the board, over the whole board. For an admin: the hub tells it to nobody else. */
export default function AuditDialog({ center, onClose }: { center: string; onClose: () => void }) {
  const { text, clock } = useBoard();
  const client = useAgentClient();
  const id = useId();
  const dialog = useRef<HTMLDialogElement>(null);
  const log = useAuditLog(client.ask);
  const zone = useBoard().reader?.rights.timeZone ?? null;
  const centerZone = useCenterZone();
  const fileZone = zone ?? centerZone;
  const names = useAuditNames();
  const time = useMemo(() => {
    const format = new Intl.DateTimeFormat(text.locale, {
      dateStyle: "medium",
      timeStyle: "medium",
      hourCycle: "h23",
      ...(zone !== null && { timeZone: zone }),
    });
    return (at: number) => format.format(at);
  }, [text, zone]);
  useLayoutEffect(() => {
    const element = dialog.current;
    element?.showModal();
    return () => element?.close();
  }, []);
  const cellsOf = (entry: AuditLine) => [
    time(entry.at),
    entry.name,
    deedOfEntry(entry, text),
    aboutEntry(entry, names, text),
    resultOfEntry(entry, text),
  ];
  const headings = HEADINGS.map((key) => text.text(key));
  const download = async () => {
    const entries = await log.all();
    if (entries === null) return;
    const lines = entries.map((entry) => {
      const { at, who, what, subject, result, detail } = entry;
      return [...cellsOf(entry), isoInZone(at, fileZone), who, what, subject, result, detail ?? ""];
    });
    const raw = [text.text("csv.at", { zone: fileZone }), ...RAW_HEADINGS.map((key) => text.text(key))];
    downloadFile(csvFileName(`audit ${center}`, clock.now(), fileZone), csvText([[...headings, ...raw], ...lines]));
  };
  return (
    <dialog ref={dialog} className="vg-dialog vg-audit" aria-labelledby={id} onCancel={onClose}>
      <header className="vg-audit-head">
        <h2 id={id}>{text.text("audit.title")}</h2>
        <button type="button" className="vg-button vg-quiet" aria-label={text.text("action.close")} onClick={onClose}>
          <Icon name="close" />
        </button>
      </header>
      <p className="vg-sub">{text.text("audit.lead", { zone: zone ?? text.text("audit.ownZone") })}</p>
      <div className="vg-audit-bar">
        <AuditFilters log={log} />
        <button type="button" className="vg-button" onClick={() => void download()}>
          <Icon name="download" />
          {text.text("audit.csv")}
        </button>
      </div>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: a region that scrolls must be reachable by keyboard (WCAG 2.1.1) */}
      <section className="vg-audit-list" aria-label={text.text("audit.title")} tabIndex={0}>
        <table>
          <thead>
            <tr>
              {headings.map((heading) => (
                <th key={heading} scope="col">
                  {heading}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {(log.entries ?? []).map((entry, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: entries have no id, and the list only grows at its end
              <tr key={index}>
                {cellsOf(entry).map((words, place) => (
                  <td key={HEADINGS[place]} data-heading={headings[place]}>
                    {words}
                  </td>
                ))}
              </tr>
            ))}
          </tbody>
        </table>
      </section>
      <AuditFoot log={log} />
    </dialog>
  );
}

const HEADINGS = ["audit.when", "audit.who", "audit.what", "audit.about", "audit.result"] as const;

/** The columns of the file that have the log's own words. */
const RAW_HEADINGS = ["audit.csv.who", "audit.csv.what", "audit.csv.subject", "audit.csv.result", "audit.csv.detail"] as const;

function AuditFilters({ log: { filter, entries, choose } }: { log: AuditLog }) {
  const { text } = useBoard();
  // Somebody stays in the list after a filter has hidden what else was seen.
  const [people, setPeople] = useState<ReadonlyMap<string, string>>(new Map());
  const added = (entries ?? []).filter(({ who }) => !people.has(who));
  if (added.length > 0) setPeople(new Map([...people, ...added.map(({ who, name }) => [who, name] as const)]));
  const sorted = [...people].sort(([, a], [, b]) => text.compare(a, b));
  return (
    <>
      <label className="vg-audit-filter">
        <span>{text.text("audit.who")}</span>
        <select value={filter.who ?? ""} onChange={({ target }) => choose({ ...filter, who: target.value || null })}>
          <option value="">{text.text("audit.everybody")}</option>
          {sorted.map(([who, name]) => (
            <option key={who} value={who}>
              {name}
            </option>
          ))}
        </select>
      </label>
      <label className="vg-audit-filter">
        <span>{text.text("audit.what")}</span>
        <select value={filter.what ?? ""} onChange={({ target }) => choose({ ...filter, what: target.value || null })}>
          <option value="">{text.text("audit.everything")}</option>
          {Object.entries(DEEDS).map(([deed, key]) => (
            <option key={deed} value={deed}>
              {text.text(key)}
            </option>
          ))}
        </select>
      </label>
    </>
  );
}

function AuditFoot({ log: { filter, entries, hasMore, isWaiting, problem, more } }: { log: AuditLog }) {
  const { text } = useBoard();
  const words = () => {
    if (problem !== null) return text.text(problem === "not_allowed" ? "audit.notAllowed" : "audit.failed");
    if (isWaiting || entries === null) return text.text("audit.loading");
    if (entries.length > 0) return text.count("audit.shown", entries.length);
    return text.text(filter.who === null && filter.what === null ? "audit.none" : "audit.noneFiltered");
  };
  return (
    <footer className="vg-audit-foot">
      <p role="status" data-failed={problem !== null || undefined}>
        {words()}
      </p>
      {(hasMore || problem === "no_answer") && (
        <button type="button" className="vg-button" disabled={isWaiting} onClick={more}>
          {text.text(problem === null ? "audit.more" : "audit.again")}
        </button>
      )}
    </footer>
  );
}

/** The names of who and what is on the board now. */
function useAuditNames(): AuditNames {
  const { text, rules } = useBoard();
  const client = useAgentClient();
  const alerts = useAlerts((all) => all);
  return useMemo(() => {
    const queueNames = Object.fromEntries(client.queues().map(({ queueId, name }) => [queueId, name]));
    const known = boardAlerts(alerts, { agents: client.agents(), queueNames, rules: rules.rules });
    const alertWords = new Map(known.map((alert) => [alert.id, alertName(alert, text)]));
    return {
      agent: (agentId) => client.agent(agentId)?.name ?? null,
      alert: (alertId) => alertWords.get(alertId) ?? null,
    };
  }, [client, alerts, rules, text]);
}
