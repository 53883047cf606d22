import { useState } from "react";
import type { SavedView } from "../model/preferences.ts";
import { START_VIEW, type View } from "../model/view.ts";
import { viewFromQuery, viewToQuery } from "../model/view-query.ts";
import { useText } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import { Menu } from "./Menu.tsx";

interface SavedViewsProps {
  view: View;
  views: readonly SavedView[];
  onView: (view: View) => void;
  onViews: (views: readonly SavedView[]) => void;
}

/** Saves and opens views by name. A view that is saved under an existing name replaces the other one. */
export function SavedViews({ view, views, onView, onViews }: SavedViewsProps) {
  const text = useText();
  const [name, setName] = useState("");
  const query = viewToQuery(view, new URLSearchParams()).toString();
  const current = views.find((saved) => saved.query === query);
  return (
    <Menu label={text.text("views.label")} icon="star" align="end" {...(current === undefined ? {} : { value: current.name })}>
      <ul className="vg-views">
        <li>
          <button type="button" className="vg-link" onClick={() => onView(START_VIEW)}>
            {text.text("views.reset")}
          </button>
        </li>
        {views.map((saved) => (
          <li key={saved.name}>
            <button
              type="button"
              className="vg-link"
              aria-current={saved === current || undefined}
              onClick={() => onView(viewFromQuery(new URLSearchParams(saved.query)))}
            >
              {saved.name}
            </button>
            <button
              type="button"
              className="vg-button vg-quiet"
              aria-label={text.text("action.delete", { name: saved.name })}
              onClick={() => onViews(views.filter((other) => other !== saved))}
            >
              <Icon name="close" />
            </button>
          </li>
        ))}
      </ul>
      {views.length === 0 && <p className="vg-sub">{text.text("views.none")}</p>}
      <form
        className="vg-save-view"
        onSubmit={(event) => {
          event.preventDefault();
          const wanted = name.trim();
          if (wanted === "") return;
          onViews([...views.filter((other) => other.name !== wanted), { name: wanted, query }]);
          setName("");
        }}
      >
        <label className="vg-field">
          <span>{text.text("views.name")}</span>
          <input type="text" maxLength={40} required value={name} onChange={(event) => setName(event.target.value)} />
        </label>
        <button type="submit" className="vg-button">
          {text.text("views.save")}
        </button>
      </form>
    </Menu>
  );
}
