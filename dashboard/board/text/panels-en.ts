import { callEn } from "./call-en.ts";
import { dayEn } from "./day-en.ts";
import { queuePanelEn } from "./queue-panel-en.ts";

/** English texts of the panels of an agent and of a queue, and of the day. */
export const panelsEn = {
  ...callEn,
  ...dayEn,
  ...queuePanelEn,
};
