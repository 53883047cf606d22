import type { Catalogue } from "./catalogue.ts";

/** The English texts about the keyboard. */
export const keysEn = {
  "keys.title": "Keyboard",
  "keys.search": "Search",
  "keys.alerts": "Show or hide the alerts",
  "keys.sheet": "Show these keys",
  "keys.step": "Previous or next agent",
  "keys.page": "Ten agents up or down",
  "keys.end": "First or last agent",
  "keys.open": "Open the agent",
  "keys.menu": "Menu of the agent",
  "keys.close": "Close the panel",
  "keys.across": "Move within a row of buttons, queues or headings",
  "keys.single": "Single keys ({keys}) work. They never do while you type.",
  "keys.or": "or",
  "keys.cap.home": "Home",
  "keys.cap.end": "End",
  "keys.cap.pageUp": "Page up",
  "keys.cap.pageDown": "Page down",
  "keys.cap.shift": "Shift",
  "keys.cap.up": "up arrow",
  "keys.cap.down": "down arrow",
  "keys.cap.left": "left arrow",
  "keys.cap.right": "right arrow",
} satisfies Catalogue;
