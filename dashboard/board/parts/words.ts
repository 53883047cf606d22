import { useEffect, useState } from "react";
import { hasWords, type Locale, loadWords } from "../text/text.ts";

/** Between two tries to load the words, while the network is away (ms). */
const TRY_AGAIN_MS = 3_000;

/**
 * Loads the words of the wanted language. Returns the language to show: the wanted one, the one before while its words are on
 * their way, or null while there are no words at all.
 */
export function useWords(wanted: Locale): Locale | null {
  const [last, setLast] = useState<Locale | null>(null);
  useEffect(() => {
    let isOver = false;
    let timer: ReturnType<typeof setTimeout> | undefined;
    const load = () =>
      loadWords(wanted).then(
        () => {
          if (!isOver) setLast(wanted);
        },
        () => {
          if (!isOver) timer = setTimeout(() => void load(), TRY_AGAIN_MS);
        },
      );
    void load();
    return () => {
      isOver = true;
      clearTimeout(timer);
    };
  }, [wanted]);
  return hasWords(wanted) ? wanted : last;
}
