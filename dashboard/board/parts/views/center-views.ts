import { useCallback, useEffect, useState } from "react";
import type { SharedView, SharedViewsAnswer } from "../../../../protocol/shared-views.ts";
import { useAgentClient } from "../../../react/provider.tsx";
import { readCenterViews, viewRefusal } from "../../model/center-views.ts";
import { useText } from "../board-context.ts";

export interface CenterViews {
  /** null = not known yet, or the hub has no such views. */
  views: readonly SharedView[] | null;
  /** What the last change did, or why it failed. */
  note: { failed: boolean; words: string } | null;
  isWaiting: boolean;
  share: (view: SharedView) => Promise<void>;
  unshare: (name: string) => Promise<void>;
}

/** Reads the views that the center shares, and changes them for an admin. */
export function useCenterViews(): CenterViews {
  const text = useText();
  const client = useAgentClient();
  const [answer, setAnswer] = useState<SharedViewsAnswer | null>(null);
  const [note, setNote] = useState<CenterViews["note"]>(null);
  const [isWaiting, setWaiting] = useState(false);
  const reload = useCallback(async () => {
    const { status, body } = await client.ask({ method: "GET", resource: "views" });
    if (status === 200) setAnswer(readCenterViews(body));
  }, [client]);
  useEffect(() => void reload(), [reload]);

  const save = async (views: readonly SharedView[], done: string) => {
    setWaiting(true);
    setNote(null);
    const request = { views, version: answer?.version ?? null };
    const { status, body } = await client.ask({ method: "PUT", resource: "views", body: request });
    const saved = status === 200 ? readCenterViews(body) : null;
    if (saved !== null) setAnswer(saved);
    else await reload();
    setNote(
      saved === null ? { failed: true, words: text.text(`views.refused.${viewRefusal(body)}`) } : { failed: false, words: done },
    );
    setWaiting(false);
  };
  const known = answer?.views ?? [];
  return {
    views: answer?.views ?? null,
    note,
    isWaiting,
    share: ({ name, query }) =>
      save([...known.filter((other) => other.name !== name), { name, query }], text.text("views.shared", { name })),
    unshare: (name) =>
      save(
        known.filter((other) => other.name !== name),
        text.text("views.unshared", { name }),
      ),
  };
}
