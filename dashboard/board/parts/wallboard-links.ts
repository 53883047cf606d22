import { useCallback, useEffect, useState } from "react";
import { readLinkAddress, readLinks, readRefusal, type WallboardLink } from "../model/display-links.ts";
import { useText } from "./board-context.ts";

/** Asks the hub below the address of the instance. It is never rejected; status 0 = there was no answer. */
export type AskHub = (question: {
  method: "GET" | "POST" | "DELETE";
  resource: string;
  body?: unknown;
}) => Promise<{ status: number; body: unknown }>;

export interface WallboardLinks {
  /** null = not known yet. */
  links: readonly WallboardLink[] | null;
  /** The link that was just made. */
  made: { name: string; url: string } | null;
  /** What the last change did, or why it failed. */
  note: { failed: boolean; words: string } | null;
  isWaiting: boolean;
  /** Returns whether the hub made the link. */
  make: (name: string, groups: readonly string[]) => Promise<boolean>;
  remove: (name: string) => Promise<void>;
}

/** Reads the links of a contact center from the hub, and changes them. */
export function useWallboardLinks(ask: AskHub): WallboardLinks {
  const text = useText();
  const [links, setLinks] = useState<WallboardLinks["links"]>(null);
  const [made, setMade] = useState<WallboardLinks["made"]>(null);
  const [note, setNote] = useState<WallboardLinks["note"]>(null);
  const [isWaiting, setWaiting] = useState(false);
  const reload = useCallback(async () => {
    const { body } = await ask({ method: "GET", resource: "displays" });
    const read = readLinks(body);
    if (read === null) setNote({ failed: true, words: readRefusal(body) ?? text.text("displays.failed") });
    else setLinks(read);
  }, [ask, text]);
  useEffect(() => void reload(), [reload]);

  const change = async (question: Parameters<AskHub>[0]): Promise<{ isDone: boolean; body: unknown }> => {
    setWaiting(true);
    setMade(null);
    setNote(null);
    const { status, body } = await ask(question);
    const isDone = status === 200;
    if (isDone) await reload();
    setWaiting(false);
    if (!isDone) setNote({ failed: true, words: readRefusal(body) ?? text.text("displays.failed") });
    return { isDone, body };
  };
  const make = async (name: string, groups: readonly string[]) => {
    const { isDone, body } = await change({ method: "POST", resource: "displays", body: { name, groups } });
    const url = readLinkAddress(body);
    if (isDone && url !== null) setMade({ name, url });
    return isDone;
  };
  const remove = async (name: string) => {
    const { isDone } = await change({ method: "DELETE", resource: `displays/${encodeURIComponent(name)}` });
    if (isDone) setNote({ failed: false, words: text.text("displays.removed", { name }) });
  };
  return { links, made, note, isWaiting, make, remove };
}
