import { useMemo } from "react";
import { useCenter } from "../../react/use-center.ts";
import { createText, type Locale, type Text } from "../text/text.ts";

/**
 * Returns the name of the center, and the texts of the board. The past is that of the center, so its times are on the center's clocks,
 * as those of the day. A live board has the reader's own.
 * @param title the name that the page around the board gives; without it the hub's
 */
export function useShownCenter(locale: Locale, isPast: boolean, title: string | undefined): { text: Text; title: string } {
  const center = useCenter();
  const zone = isPast ? center?.timeZone : undefined;
  const text = useMemo(() => createText(locale, zone), [locale, zone]);
  return { text, title: title ?? center?.name ?? "" };
}
