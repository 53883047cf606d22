import { type ReactNode, useMemo } from "react";
import { ALL_ALERTS, type AlertFilter } from "../../model/alert-filter.ts";
import { ALERT_LEVELS } from "../../model/alert-levels.ts";
import type { BoardAlert } from "../../model/board-alert.ts";
import { choices } from "../../model/grouping.ts";
import { ruleNameOf } from "../../model/rule-words.ts";
import { useBoard } from "../board-context.ts";

interface AlertFiltersProps {
  alerts: readonly BoardAlert[];
  filter: AlertFilter;
  onFilter: (filter: AlertFilter) => void;
}

/** Chooses the alerts of the list by rule, team, level and acknowledgement. */
export function AlertFilters({ alerts, filter, onFilter }: AlertFiltersProps) {
  const { text, rules } = useBoard();
  const ruleIds = useMemo(
    () =>
      [...new Set(alerts.map(({ rule }) => rule))].sort((a, b) =>
        text.compare(ruleNameOf(a, rules.rules, text), ruleNameOf(b, rules.rules, text)),
      ),
    [alerts, rules, text],
  );
  const groups = useMemo(
    () =>
      choices(
        alerts.flatMap((alert) => alert.groups),
        text.compare,
      ),
    [alerts, text],
  );
  const active = Object.values(filter).filter((word) => word !== "").length;
  return (
    <details className="vg-alert-filters">
      <summary>
        {text.text("filter.label")}
        {active > 0 && <span className="vg-count"> {text.number(active)}</span>}
      </summary>
      <div className="vg-fields">
        <Select label={text.text("alerts.rule")} value={filter.rule} onValue={(rule) => onFilter({ ...filter, rule })}>
          {ruleIds.map((id) => (
            <option key={id} value={id}>
              {ruleNameOf(id, rules.rules, text)}
            </option>
          ))}
        </Select>
        <Select label={text.text("filter.group")} value={filter.group} onValue={(group) => onFilter({ ...filter, group })}>
          {groups.map((group) => (
            <option key={group}>{group}</option>
          ))}
        </Select>
        <Select
          label={text.text("alerts.level")}
          value={filter.level}
          onValue={(word) => onFilter({ ...filter, level: ALERT_LEVELS.find((level) => level === word) ?? "" })}
        >
          {ALERT_LEVELS.map((level) => (
            <option key={level} value={level}>
              {text.text(`alertLevel.${level}`)}
            </option>
          ))}
        </Select>
        <Select
          label={text.text("alerts.acknowledged")}
          value={filter.acknowledged}
          onValue={(word) => onFilter({ ...filter, acknowledged: word === "yes" || word === "no" ? word : "" })}
        >
          <option value="yes">{text.text("alerts.yes")}</option>
          <option value="no">{text.text("alerts.no")}</option>
        </Select>
        {active > 0 && (
          <button type="button" className="vg-button vg-quiet" onClick={() => onFilter(ALL_ALERTS)}>
            {text.text("action.clear")}
          </button>
        )}
      </div>
    </details>
  );
}

interface SelectProps {
  label: string;
  value: string;
  onValue: (value: string) => void;
  children: ReactNode;
}

function Select({ label, value, onValue, children }: SelectProps) {
  const { text } = useBoard();
  return (
    <label className="vg-field">
      <span>{label}</span>
      <select value={value} onChange={(event) => onValue(event.target.value)}>
        <option value="">{text.text("alerts.all")}</option>
        {children}
      </select>
    </label>
  );
}
