import { type AriaAttributes, type CSSProperties, type ReactNode, useMemo, useRef } from "react";
import type { Column } from "../columns/column.ts";
import { type ColumnKey, columnOf } from "../columns/column-keys.ts";
import type { AlertsByAgent } from "../model/alerts-by-agent.ts";
import type { BoardAlert } from "../model/board-alert.ts";
import { figuresByTeam } from "../model/day/team-figures.ts";
import { BY_ATTENTION, type Headings, type ListView } from "../model/list-view.ts";
import { placesInPage, rowKey, rowTops } from "../model/row-window.ts";
import type { ListRow } from "../model/rows.ts";
import { STATUS_ORDER } from "../model/status-order.ts";
import { teamName, teamPathOf } from "../model/team-path.ts";
import { type Sort, sortedBy, type View } from "../model/view.ts";
import { AgentRow } from "./AgentRow.tsx";
import { OutOfSightPill } from "./alerts/OutOfSightPill.tsx";
import { useText } from "./board-context.ts";
import { TeamHeading } from "./day/TeamHeading.tsx";
import { useFocusKeeper } from "./focus-keeper.ts";
import type { HeldOrder } from "./held-order.ts";
import { Icon } from "./Icon.tsx";
import { useOneTabStop } from "./keys/one-tab-stop.ts";
import { useRowFocus } from "./keys/row-focus.ts";
import { usePrinting } from "./printing.ts";
import { useRowWindow } from "./row-window.ts";
import { useShownColumns } from "./shown-columns.ts";
import { useStable } from "./stable.ts";

/** Pixels. styles/table.css has the same heights. */
const ROW_HEIGHTS = { comfortable: { agent: 40, group: 26 }, compact: { agent: 34, group: 26 } } as const;
/** All rows without alerts share this array, so that they do not render when the alerts change. */
export const NO_ALERTS: readonly BoardAlert[] = [];

export interface AgentListProps {
  rows: readonly ListRow[];
  /** The rows in the order of the view, which may be held back. */
  ordered: readonly ListRow[];
  view: ListView;
  alerts: AlertsByAgent;
  selected: string | null;
  held: HeldOrder;
  onOpen: (agentId: string) => void;
}

interface AgentTableProps extends AgentListProps {
  onView: (view: View) => void;
  /** Shown when there are no rows. */
  empty: ReactNode;
}

/** Shows the agents as a table. Of many rows, only those in sight are in the page. */
export function AgentTable({ rows, ordered, view, alerts, selected, held, onOpen, onView, empty }: AgentTableProps) {
  const text = useText();
  const scroller = useRef<HTMLDivElement>(null);
  const body = useRef<HTMLTableSectionElement>(null);
  const printing = usePrinting();
  const agentIds = useMemo(() => rows.flatMap((row) => (row.kind === "agent" ? [row.agentId] : [])), [rows]);
  const keeper = useFocusKeeper(scroller, agentIds);
  const rowFocus = useRowFocus({ list: scroller, agentIds, selected });
  const headings = useRef<HTMLTableRowElement>(null);
  const oneStop = useOneTabStop(headings, "button");
  const tops = useStable(
    useMemo(() => rowTops(rows, ROW_HEIGHTS[view.density]), [rows, view.density]),
    sameNumbers,
  );
  const { range, kept } = useRowWindow({ body, rows, tops });
  // The row with the focus stays in the page when it is out of sight, so that the focus is not lost.
  const hasFocus = (row: ListRow) =>
    row.kind === "agent" && (row.agentId === keeper.focused.current?.agentId || row.agentId === rowFocus.wanted);
  const places = placesInPage(rows, range, (row) => printing || hasFocus(row) || (kept.size > 0 && kept.has(rowKey(row))));
  const columns = useShownColumns(scroller, view.columns);
  const keys: ColumnKey[] = ["agent", ...view.columns.filter((key) => columns.some((column) => column.key === key))];
  const teams = useMemo(
    () => (view.headings === "team" ? figuresByTeam(held.placed.map(({ agent }) => agent)) : null),
    [view.headings, held.placed],
  );
  const widths = useMemo(() => widthStyles([columnOf("agent"), ...columns]), [columns]);

  const row = (item: ListRow | undefined, index: number): ReactNode => {
    if (item === undefined) return null;
    if (item.kind === "group") {
      const team = teams?.get(item.key);
      return (
        <tr key={rowKey(item)} className="vg-group" aria-rowindex={index + 2}>
          {/* No header cell: as one, it would be read as a header of all rows below, those of later groups too. */}
          <td colSpan={keys.length}>
            <GroupHeading headings={view.headings} row={item} />
            {team !== undefined && <TeamHeading figures={team} />}
          </td>
        </tr>
      );
    }
    return (
      <AgentRow
        key={rowKey(item)}
        agentId={item.agentId}
        rowIndex={index + 2}
        columns={columns}
        alerts={alerts.get(item.agentId) ?? NO_ALERTS}
        selected={selected === item.agentId}
        onOpen={onOpen}
      />
    );
  };

  return (
    <div className="vg-table-frame">
      <section ref={scroller} className="vg-scroller" aria-label={text.text("table.caption")} tabIndex={-1}>
        <table className="vg-table" data-density={view.density} style={widths.table} aria-rowcount={rows.length + 1}>
          <caption className="vg-hidden">{text.text("table.caption")}</caption>
          <colgroup>
            {widths.columns.map((style, index) => (
              <col key={keys[index]} className="vg-col" style={style} />
            ))}
          </colgroup>
          <thead>
            <tr ref={headings} aria-rowindex={1} {...oneStop}>
              {keys.map((key) => (
                <Heading key={key} columnKey={key} sort={view.sort} onSort={(sort) => onView({ ...view, sort })} />
              ))}
            </tr>
          </thead>
          <tbody
            ref={body}
            {...held.handlers}
            onClick={(event) => {
              // The button of the name has its own press. The rest of its row does the same.
              if (!(event.target instanceof Element) || event.target.closest("button") !== null) return;
              const row = event.target.closest<HTMLElement>("[data-agent]");
              if (row?.dataset["agent"] !== undefined) onOpen(row.dataset["agent"]);
            }}
            onKeyDown={rowFocus.onKeyDown}
            onFocus={(event) => {
              held.handlers.onFocus();
              keeper.onFocus(event);
              rowFocus.onFocus(event);
            }}
            onBlur={(event) => {
              held.handlers.onBlur(event);
              keeper.onBlur(event);
            }}
          >
            {places.flatMap((place, index) => {
              const end = tops[(places[index - 1] ?? -1) + 1] ?? 0;
              const item = rows[place];
              return [
                <Gap key={`gap before ${item && rowKey(item)}`} height={(tops[place] ?? 0) - end} columns={keys.length} />,
                row(item, place),
              ];
            })}
            <Gap height={(tops.at(-1) ?? 0) - (tops[(places.at(-1) ?? -1) + 1] ?? 0)} columns={keys.length} />
          </tbody>
        </table>
        {rows.length === 0 && <div className="vg-empty">{empty}</div>}
      </section>
      <OutOfSightPill scroller={scroller} rows={rows} ordered={ordered} alerts={alerts} held={held} body={body} tops={tops} />
    </div>
  );
}

function sameNumbers(one: readonly number[], other: readonly number[]): boolean {
  return one.length === other.length && one.every((number, index) => number === other[index]);
}

/** Fills the height of the rows that are not in the page. */
function Gap({ height, columns }: { height: number; columns: number }) {
  if (height <= 0) return null;
  return (
    // biome-ignore lint/a11y/noAriaHiddenOnFocusable: an empty row cannot take the focus
    <tr aria-hidden="true" className="vg-gap">
      <td colSpan={columns} style={{ height }} />
    </tr>
  );
}

/** Returns the least widths of all columns together, and each column's, as CSS variables. styles/table.css adds the shares. */
function widthStyles(columns: readonly Column[]): { table: CssVariables; columns: CssVariables[] } {
  const least = sum(columns.map(({ width }) => width.least));
  const shares = sum(columns.map(({ width }) => width.share ?? 0));
  return {
    table: { "--vg-least-all": `${least}px` },
    columns: columns.map(({ width }) => ({
      "--vg-least": `${width.least}px`,
      "--vg-share": shares === 0 ? 0 : (width.share ?? 0) / shares,
    })),
  };
}

type CssVariables = CSSProperties & Record<`--vg-${string}`, string | number>;

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0);
}

function Heading({ columnKey, sort, onSort }: { columnKey: ColumnKey; sort: Sort; onSort: (sort: Sort) => void }) {
  const text = useText();
  const { heading, numeric } = columnOf(columnKey);
  const active = sort.column === columnKey;
  // The reasons stand in the column, so its heading brings their order back.
  const isReasons = columnKey === "alerts";
  const icon = sort.descending ? "down" : "up";
  return (
    <th scope="col" className={numeric ? "vg-number" : undefined} aria-sort={ariaSort(columnKey, sort)}>
      <button type="button" className="vg-sort" onClick={() => onSort(isReasons ? BY_ATTENTION : sortedBy(sort, columnKey))}>
        {text.text(heading)}
        {(active || (isReasons && sort.column === "attention")) && <Icon name={isReasons ? "down" : icon} />}
      </button>
    </th>
  );
}

function ariaSort(columnKey: ColumnKey, { column, descending }: Sort): AriaAttributes["aria-sort"] {
  if (columnKey === "alerts" && column === "attention") return "other";
  if (column !== columnKey) return undefined;
  return descending ? "descending" : "ascending";
}

/** The words of a heading in the list, and how many agents are under it. */
export function GroupHeading({ headings, row }: { headings: Headings; row: Extract<ListRow, { kind: "group" }> }) {
  const text = useText();
  if (headings === "attention") {
    return <>{text.text(row.key === "needy" ? "section.needy" : "section.others", { count: text.number(row.count) })}</>;
  }
  return (
    <>
      <GroupName grouping={headings} name={row.key} /> <span className="vg-count">{text.number(row.count)}</span>
    </>
  );
}

/** `name` is the key of the row: the text of a team's path, or a status. */
export function GroupName({ grouping, name }: { grouping: Exclude<Headings, "attention">; name: string }) {
  const text = useText();
  if (grouping === "team") return <>{name === "" ? text.text("table.noGroup") : teamName(teamPathOf(name))}</>;
  const status = STATUS_ORDER.find((other) => other === name);
  return <>{status === undefined ? name : text.text(`status.${status}`)}</>;
}
