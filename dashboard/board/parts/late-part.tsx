import { type ComponentType, useContext, useEffect, useSyncExternalStore } from "react";
import { createText, loadWordGroup, type WordGroup } from "../text/text.ts";
import { BoardContext } from "./board-context.ts";
import { Icon } from "./Icon.tsx";
import { useWords } from "./words.ts";

const loaders = new Set<() => Promise<void>>();

/**
 * Returns a component whose code and words are loaded when it is first shown, or before by {@link loadLateParts}. Once they are
 * loaded it renders at once. `React.lazy` would show its fallback for 300 ms more.
 */
export function latePart<Props extends object>(
  words: WordGroup,
  load: () => Promise<{ default: ComponentType<Props> }>,
): ComponentType<Props> {
  let part: ComponentType<Props> | null = null;
  let asked: Promise<void> | null = null;
  const listeners = new Set<() => void>();
  const show = (found: ComponentType<Props>) => {
    part = found;
    for (const listener of listeners) listener();
  };
  const ask = () => {
    asked ??= withWords(words, load()).then(
      (module) => show(module.default),
      () => {
        asked = null;
        // A part that nobody has opened may still come with the next try.
        if (listeners.size > 0) show(MissingPart);
      },
    );
    return asked;
  };
  const subscribe = (listener: () => void) => {
    listeners.add(listener);
    return () => void listeners.delete(listener);
  };
  const current = () => part;
  loaders.add(ask);
  // biome-ignore lint/correctness/noComponentHookFactories: latePart runs once for each part, while the module loads
  return function LatePart(props: Props) {
    const Part = useSyncExternalStore(subscribe, current, current);
    useEffect(() => void ask(), []);
    return Part === null ? null : <Part {...props} />;
  };
}

/** Waits for a part and for its words. */
export async function withWords<Part>(words: WordGroup, part: Promise<Part>): Promise<Part> {
  const [loaded] = await Promise.all([part, loadWordGroup(words)]);
  return loaded;
}

/** Loads every late part, one after the other, so that none of them has to be waited for later. */
export async function loadLateParts(): Promise<void> {
  for (const load of loaders) await load();
}

/** A page that is older than the newest deployment finds no part of its own any more. */
function MissingPart(props: object) {
  const board = useContext(BoardContext);
  // The wallboard is a part that stands outside of a board.
  const english = useWords("en");
  const text = board?.text ?? (english === null ? null : createText(english));
  if (text === null) return null;
  const close: unknown = Reflect.get(props, "onClose");
  return (
    <div className="vg-missing" role="alert">
      <p>{text.text("part.missing")}</p>
      <button type="button" className="vg-button vg-primary" onClick={() => location.reload()}>
        {text.text("part.reload")}
      </button>
      {typeof close === "function" && (
        <button type="button" className="vg-button vg-quiet" aria-label={text.text("action.close")} onClick={() => void close()}>
          <Icon name="close" />
        </button>
      )}
    </div>
  );
}
