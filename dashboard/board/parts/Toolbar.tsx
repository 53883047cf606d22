import type { ReactNode } from "react";
import type { AgentView } from "../../client/contract.ts";
import { choices, groupOf } from "../model/grouping.ts";
import {
  ALERT_LEVELS,
  COLUMNS,
  DENSITIES,
  GROUPINGS,
  hasFilters,
  MOODS,
  STATUS_ORDER,
  toggled,
  type View,
  withoutFilters,
} from "../model/view.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import { Choices, Menu } from "./Menu.tsx";

interface ToolbarProps {
  agents: readonly AgentView[];
  view: View;
  onView: (view: View) => void;
  onCsv: () => void;
  children?: ReactNode;
}

/** Search, filters, grouping, columns. */
export function Toolbar({ agents, view, onView, onCsv, children }: ToolbarProps) {
  const text = useText();
  const groups = choices([...agents.map(groupOf), ...view.groups], text.compare);
  const queues = choices([...agents.map((agent) => agent.queue), ...view.queues], text.compare);
  return (
    <section className="vg-toolbar" aria-label={text.text("search.label")}>
      <label className="vg-search">
        <span className="vg-hidden">{text.text("search.label")}</span>
        <Icon name="search" />
        <input
          type="search"
          value={view.search}
          placeholder={text.text("search.placeholder")}
          onChange={(event) => onView({ ...view, search: event.target.value })}
        />
      </label>
      <Filter
        name={text.text("filter.status")}
        items={STATUS_ORDER}
        chosen={view.statuses}
        label={(status) => text.text(`status.${status}`)}
        onChange={(statuses) => onView({ ...view, statuses })}
      />
      <Filter
        name={text.text("filter.group")}
        items={groups}
        chosen={view.groups}
        label={(group) => group}
        onChange={(chosen) => onView({ ...view, groups: chosen })}
      />
      <Filter
        name={text.text("filter.queue")}
        items={queues}
        chosen={view.queues}
        label={(queue) => queue}
        onChange={(chosen) => onView({ ...view, queues: chosen })}
      />
      <Filter
        name={text.text("filter.mood")}
        items={MOODS}
        chosen={view.moods}
        label={(mood) => text.text(`mood.${mood}`)}
        onChange={(moods) => onView({ ...view, moods })}
      />
      <Filter
        name={text.text("filter.alert")}
        items={ALERT_LEVELS}
        chosen={view.alerts}
        label={(level) => text.text(`alertLevel.${level}`)}
        onChange={(alerts) => onView({ ...view, alerts })}
      />
      {hasFilters(view) && (
        <button type="button" className="vg-button vg-quiet" onClick={() => onView(withoutFilters(view))}>
          <Icon name="close" />
          {text.text("action.clear")}
        </button>
      )}
      <span className="vg-space" />
      <Menu
        label={text.text("groupBy.label")}
        icon="layers"
        align="end"
        active={view.groupBy !== "none"}
        {...(view.groupBy === "none" ? {} : { value: text.text(`groupBy.${view.groupBy}`) })}
      >
        <Choices
          legend={text.text("groupBy.label")}
          kind="radio"
          items={GROUPINGS}
          chosen={[view.groupBy]}
          label={(grouping) => text.text(`groupBy.${grouping}`)}
          onToggle={(groupBy) => onView({ ...view, groupBy })}
        />
      </Menu>
      <Menu label={text.text("columns.label")} icon="columns" align="end">
        <Choices
          legend={text.text("columns.label")}
          kind="checkbox"
          items={COLUMNS}
          chosen={view.columns}
          label={(column) => text.text(`column.${column}`)}
          onToggle={(column) => {
            const chosen = toggled(view.columns, column);
            onView({ ...view, columns: COLUMNS.filter((other) => chosen.includes(other)) });
          }}
        />
        <Choices
          legend={text.text("density.label")}
          kind="radio"
          items={DENSITIES}
          chosen={[view.density]}
          label={(density) => text.text(`density.${density}`)}
          onToggle={(density) => onView({ ...view, density })}
        />
      </Menu>
      {children}
      <button type="button" className="vg-button" title={text.text("action.csvHint")} onClick={onCsv}>
        <Icon name="download" />
        {text.text("action.csv")}
      </button>
    </section>
  );
}

interface FilterProps<Item extends string> {
  name: string;
  items: readonly Item[];
  chosen: readonly Item[];
  label: (item: Item) => string;
  onChange: (chosen: readonly Item[]) => void;
}

function Filter<Item extends string>({ name, items, chosen, label, onChange }: FilterProps<Item>) {
  const text = useText();
  const [only] = chosen;
  const value = only === undefined ? undefined : chosen.length === 1 ? label(only) : text.count("filter.some", chosen.length);
  return (
    <Menu label={name} active={chosen.length > 0} {...(value === undefined ? {} : { value })}>
      {items.length === 0 ? (
        <p className="vg-sub">{text.text("filter.nothing")}</p>
      ) : (
        <Choices
          legend={name}
          kind="checkbox"
          items={items}
          chosen={chosen}
          label={label}
          onToggle={(item) => onChange(toggled(chosen, item))}
        />
      )}
    </Menu>
  );
}
