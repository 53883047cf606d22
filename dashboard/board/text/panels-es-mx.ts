import { callEsMX } from "./call-es-mx.ts";
import { dayEsMX } from "./day-es-mx.ts";
import type { Messages } from "./messages.ts";
import type { panelsEn } from "./panels-en.ts";
import { queuePanelEsMX } from "./queue-panel-es-mx.ts";

/** Spanish texts of the panels of an agent and of a queue, and of the day. */
export const panelsEsMX: Pick<Messages, keyof typeof panelsEn> = {
  ...callEsMX,
  ...dayEsMX,
  ...queuePanelEsMX,
};
