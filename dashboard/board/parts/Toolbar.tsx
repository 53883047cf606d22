import { type ReactNode, useMemo, useRef } from "react";
import type { CenterQueue } from "../../../protocol/queue.ts";
import type { AgentView } from "../../client/contract.ts";
import { ALERT_LEVELS } from "../model/alert-levels.ts";
import { CHANNELS } from "../model/contacts.ts";
import { choices } from "../model/grouping.ts";
import { SENTIMENT_FILTERS } from "../model/sentiment-label.ts";
import { STATUS_ORDER } from "../model/status-order.ts";
import { hasFilters, toggled, type View, withoutFilters } from "../model/view.ts";
import type { Text } from "../text/text.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import { useOneTabStop } from "./keys/one-tab-stop.ts";
import { Choices, Menu } from "./Menu.tsx";

interface ToolbarProps {
  /** All agents whom the reader may see. */
  agents: readonly AgentView[];
  /** The agents and the queues in the reader's scope. */
  scoped: readonly AgentView[];
  queues: readonly CenterQueue[];
  view: View;
  onView: (view: View) => void;
  /** Puts all filters behind one button. */
  narrow: boolean;
  children?: ReactNode;
}

/** Shows the search and the filters, then `children`. */
export function Toolbar({ agents, scoped, queues: known, view, onView, narrow, children }: ToolbarProps) {
  const text = useText();
  const tools = useRef<HTMLDivElement>(null);
  const oneStop = useOneTabStop(tools, "button.vg-button");
  // A link of an earlier version may have groups. Today a reader chooses teams.
  const groups = useMemo(
    () => (view.groups.length === 0 ? [] : choices([...agents.flatMap((agent) => agent.groups), ...view.groups], text.compare)),
    [agents, view.groups, text],
  );
  const queues = useMemo(
    () => choices([...known.map(({ name }) => name), ...scoped.map((agent) => agent.queue), ...view.queues], text.compare),
    [scoped, known, view.queues, text],
  );
  const filters = filtersOf({ groups, queues }, view, text, onView);
  const active = filters.filter((filter) => filter.chosen.length > 0);
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
      <div ref={tools} className="vg-tools" role="toolbar" aria-label={text.text("toolbar.tools")} {...oneStop}>
        {narrow ? (
          <Menu
            label={text.text("filter.label")}
            active={active.length > 0}
            {...(active.length === 0 ? {} : { value: text.number(active.length) })}
          >
            {filters.map((filter) => (
              <FilterChoices key={filter.name} filter={filter} />
            ))}
          </Menu>
        ) : (
          filters.map((filter) => (
            <Menu
              key={filter.name}
              label={filter.name}
              active={filter.chosen.length > 0}
              {...(filter.chosen.length === 0 ? {} : { value: chosenWords(filter, text) })}
            >
              <FilterChoices filter={filter} />
            </Menu>
          ))
        )}
        {hasFilters(view) && (
          <button type="button" className="vg-button vg-quiet" onClick={() => onView(withoutFilters(view))}>
            <Icon name="close" />
            {text.text("action.clear")}
          </button>
        )}
        <span className="vg-space" />
        {children}
      </div>
    </section>
  );
}

interface Filter {
  name: string;
  items: readonly string[];
  chosen: readonly string[];
  label: (item: string) => string;
  toggle: (item: string) => void;
}

function filtersOf(
  { groups, queues }: { groups: readonly string[]; queues: readonly string[] },
  view: View,
  text: Text,
  onView: (view: View) => void,
): Filter[] {
  /** Hides the type of a filter's items, so that all filters fit into one list. */
  function filter<Item extends string>(
    name: string,
    items: readonly Item[],
    chosen: readonly Item[],
    label: (item: Item) => string,
    change: (chosen: readonly Item[]) => Partial<View>,
  ): Filter {
    const find = (text: string) => items.find((item) => item === text);
    return {
      name,
      items,
      chosen,
      label: (text) => {
        const item = find(text);
        return item === undefined ? text : label(item);
      },
      toggle: (text) => {
        const item = find(text);
        if (item !== undefined) onView({ ...view, ...change(toggled(chosen, item)) });
      },
    };
  }
  const itself = (word: string) => word;
  return [
    filter(
      text.text("filter.status"),
      STATUS_ORDER,
      view.statuses,
      (status) => text.text(`status.${status}`),
      (statuses) => ({ statuses }),
    ),
    ...(groups.length === 0
      ? []
      : [filter(text.text("filter.group"), groups, view.groups, itself, (chosen) => ({ groups: chosen }))]),
    filter(text.text("filter.queue"), queues, view.queues, itself, (chosen) => ({ queues: chosen })),
    filter(
      text.text("filter.channel"),
      CHANNELS,
      view.channels,
      (channel) => text.text(`channel.${channel}`),
      (channels) => ({ channels }),
    ),
    filter(
      text.text("filter.sentiment"),
      SENTIMENT_FILTERS,
      view.sentiments,
      (sentiment) => text.text(`sentiment.${sentiment}`),
      (sentiments) => ({ sentiments }),
    ),
    filter(
      text.text("filter.alert"),
      ALERT_LEVELS,
      view.alerts,
      (level) => text.text(`alertLevel.${level}`),
      (alerts) => ({ alerts }),
    ),
  ];
}

function chosenWords({ chosen, label }: Filter, text: Text): string {
  const [only] = chosen;
  return only !== undefined && chosen.length === 1 ? label(only) : text.count("filter.some", chosen.length);
}

function FilterChoices({ filter }: { filter: Filter }) {
  const text = useText();
  if (filter.items.length === 0) {
    return (
      <p className="vg-sub">
        {filter.name}: {text.text("filter.nothing")}
      </p>
    );
  }
  return (
    <Choices
      legend={filter.name}
      kind="checkbox"
      items={filter.items}
      chosen={filter.chosen}
      label={filter.label}
      onToggle={filter.toggle}
    />
  );
}
