import { CARD_SORT_KEYS, columnOf, OPTIONAL_KEYS } from "../columns/column-keys.ts";
import { DENSITIES, GROUPINGS, type Sort, type SortKey, sortedBy, toggled, type View } from "../model/view.ts";
import { useText } from "./board-context.ts";
import { Choices, Menu } from "./Menu.tsx";

/** Cards have no headings, so a menu sorts them. */
const CARD_SORTS: readonly SortKey[] = ["attention", ...CARD_SORT_KEYS];

interface ViewMenusProps {
  view: View;
  /** The order of the list, chosen by the reader or not. */
  sort: Sort;
  onView: (view: View) => void;
  narrow: boolean;
}

/** The menus for the groups, for the columns of the table, and for the order of the cards. */
export function ViewMenus({ view, sort, onView, narrow }: ViewMenusProps) {
  const text = useText();
  return (
    <>
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
      {narrow && (
        <Menu label={text.text("sort.label")} align="end">
          <Choices
            legend={text.text("sort.label")}
            kind="radio"
            items={CARD_SORTS}
            chosen={[sort.column]}
            label={(key) => text.text(key === "attention" ? "sort.attention" : columnOf(key).heading)}
            onToggle={(key) => {
              if (key !== sort.column) onView({ ...view, sort: sortedBy(sort, key) });
            }}
          />
        </Menu>
      )}
      {!narrow && (
        <Menu label={text.text("columns.label")} icon="columns" align="end">
          <Choices
            legend={text.text("columns.label")}
            kind="checkbox"
            items={OPTIONAL_KEYS}
            chosen={view.columns}
            label={(key) => text.text(columnOf(key).heading)}
            onToggle={(key) => {
              const chosen = toggled(view.columns, key);
              onView({ ...view, columns: OPTIONAL_KEYS.filter((other) => chosen.includes(other)) });
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
      )}
    </>
  );
}
