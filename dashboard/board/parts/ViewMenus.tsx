import { COLUMNS, DENSITIES, GROUPINGS, toggled, type View } from "../model/view.ts";
import { useText } from "./board-context.ts";
import { Choices, Menu } from "./Menu.tsx";

/** How the agents are grouped, and which columns a table has. */
export function ViewMenus({ view, onView, narrow }: { view: View; onView: (view: View) => void; narrow: boolean }) {
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
      {!narrow && (
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
      )}
    </>
  );
}
