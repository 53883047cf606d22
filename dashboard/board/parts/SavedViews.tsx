import { lazy, Suspense } from "react";
import type { SavedView } from "../model/preferences.ts";
import type { TeamPath } from "../model/team-path.ts";
import type { View } from "../model/view.ts";
import { viewLink } from "../model/view-link.ts";
import { viewToQuery } from "../model/view-query.ts";
import { useText } from "./board-context.ts";
import { withWords } from "./late-part.tsx";
import { Menu } from "./Menu.tsx";

const ViewList = lazy(() => withWords("tools", import("./views/ViewList.tsx")).catch(() => ({ default: NoViewList })));

interface SavedViewsProps {
  view: View;
  views: readonly SavedView[];
  onView: (view: View) => void;
  onViews: (views: readonly SavedView[]) => void;
  /** The teams that the reader has chosen; none of them = all. */
  teams: readonly TeamPath[];
}

/** Saves and opens views by name. A view that is saved under an existing name replaces the other one. */
export function SavedViews({ view, views, onView, onViews, teams }: SavedViewsProps) {
  const text = useText();
  const query = viewToQuery(view, new URLSearchParams()).toString();
  const current = views.find((saved) => saved.query === query);
  return (
    <Menu label={text.text("views.label")} icon="star" align="end" {...(current === undefined ? {} : { value: current.name })}>
      <Suspense>
        <ViewList
          query={query}
          views={views}
          onView={onView}
          onViews={onViews}
          link={() => viewLink(location.href, view, teams)}
        />
      </Suspense>
    </Menu>
  );
}

/** Stands where the page could not load the list, for example after an upgrade of the hub. */
function NoViewList() {
  return <p className="vg-sub">{useText().text("views.missing")}</p>;
}
