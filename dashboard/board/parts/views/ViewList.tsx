import "../../styles/tools.css";
import { useState } from "react";
import type { SavedView } from "../../model/preferences.ts";
import { START_VIEW, type View } from "../../model/view.ts";
import { viewFromQuery } from "../../model/view-query.ts";
import { useBoard } from "../board-context.ts";
import { Icon } from "../Icon.tsx";
import { CopyLink } from "./CopyLink.tsx";
import { useCenterViews } from "./center-views.ts";

export interface ViewListProps {
  /** The shown view, as a query. */
  query: string;
  /** The reader's own views. */
  views: readonly SavedView[];
  onView: (view: View) => void;
  onViews: (views: readonly SavedView[]) => void;
  /** Returns the address of the shown view for somebody else. */
  link: () => string;
}

/** The reader's own views and those of the center. An admin shares the own ones, and stops sharing. */
export default function ViewList({ query, views, onView, onViews, link }: ViewListProps) {
  const { text, rules } = useBoard();
  const center = useCenterViews();
  const isAdmin = rules.roles?.includes("admin") === true && center.views !== null;
  const shared = center.views ?? [];
  const isShared = (view: SavedView) => shared.some(({ name, query: other }) => name === view.name && other === view.query);
  const openButton = (view: SavedView) => (
    <button
      type="button"
      className="vg-link"
      aria-current={view.query === query || undefined}
      onClick={() => onView(viewFromQuery(new URLSearchParams(view.query)))}
    >
      {view.name}
    </button>
  );
  return (
    <>
      <ul className="vg-views">
        <li>
          <button type="button" className="vg-link" onClick={() => onView(START_VIEW)}>
            {text.text("views.reset")}
          </button>
        </li>
      </ul>
      {shared.length > 0 && (
        <section className="vg-center-views" aria-label={text.text("views.center")}>
          <p className="vg-sub">{text.text("views.center")}</p>
          <ul className="vg-views">
            {shared.map((view) => (
              <li key={view.name}>
                {openButton(view)}
                {isAdmin && (
                  <button
                    type="button"
                    className="vg-button vg-quiet"
                    aria-label={text.text("views.unshareFor", { name: view.name })}
                    disabled={center.isWaiting}
                    onClick={() => void center.unshare(view.name)}
                  >
                    {text.text("views.unshare")}
                  </button>
                )}
              </li>
            ))}
          </ul>
        </section>
      )}
      <section className="vg-center-views" aria-label={text.text("views.own")}>
        <p className="vg-sub">{text.text("views.own")}</p>
        <ul className="vg-views">
          {views.map((view) => (
            <li key={view.name}>
              {openButton(view)}
              <span>
                {isAdmin && !isShared(view) && (
                  <button
                    type="button"
                    className="vg-button vg-quiet"
                    aria-label={text.text("views.shareFor", { name: view.name })}
                    disabled={center.isWaiting}
                    onClick={() => void center.share(view)}
                  >
                    {text.text("views.share")}
                  </button>
                )}
                <button
                  type="button"
                  className="vg-button vg-quiet"
                  aria-label={text.text("action.delete", { name: view.name })}
                  onClick={() => onViews(views.filter((other) => other !== view))}
                >
                  <Icon name="close" />
                </button>
              </span>
            </li>
          ))}
        </ul>
        {views.length === 0 && <p className="vg-sub">{text.text("views.none")}</p>}
      </section>
      <p className="vg-sub" role="status" data-failed={center.note?.failed || undefined}>
        {center.note?.words}
      </p>
      <CopyLink link={link} />
      <SaveView onSave={(name) => onViews([...views.filter((other) => other.name !== name), { name, query }])} />
    </>
  );
}

function SaveView({ onSave }: { onSave: (name: string) => void }) {
  const { text } = useBoard();
  const [name, setName] = useState("");
  return (
    <form
      className="vg-save-view"
      onSubmit={(event) => {
        event.preventDefault();
        const wanted = name.trim();
        if (wanted === "") return;
        onSave(wanted);
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
  );
}
