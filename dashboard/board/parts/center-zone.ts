import { useState } from "react";
import { useCenter } from "../../react/use-center.ts";

/** Returns the IANA name of the center's time zone. A hub that does not say it leaves the zone of this computer. */
export function useCenterZone(): string {
  const [own] = useState(() => Intl.DateTimeFormat().resolvedOptions().timeZone);
  return useCenter()?.timeZone ?? own;
}
