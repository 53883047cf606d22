import { useMemo } from "react";
import { ZoneDays } from "../../model/replay/zone-days.ts";
import { useCenterZone } from "../center-zone.ts";

/** Returns the days of the past, as the center's clocks count them. */
export function useCenterDays(): ZoneDays {
  const zone = useCenterZone();
  return useMemo(() => new ZoneDays(zone), [zone]);
}
