import { globSync, readFileSync } from "node:fs";
import { renderToStaticMarkup } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { DRAWINGS, Icon } from "../../../dashboard/board/parts/Icon.tsx";

/** What each icon means, and where it stands. An icon in another place either means the same, or it is another icon. */
const MEANINGS: Readonly<Record<keyof typeof DRAWINGS, readonly [meaning: string, places: string]>> = {
  check: ["available", "status-look"],
  phone: ["a call", "status-look channel-look"],
  chat: ["a chat", "status-look channel-look"],
  task: ["a task", "channel-look"],
  mail: ["an e-mail", "channel-look"],
  ear: ["somebody listens", "contact-notes AgentActions"],
  enter: ["barge in", "AgentActions"],
  free: ["free the agent", "AgentActions"],
  stop: ["end the contact", "AgentActions"],
  history: ["the past of the board", "Header ReplayBar"],
  funnel: ["only this queue", "QueueTile QueuePanel"],
  ring: ["ringing", "status-look WaitingList"],
  flag: ["alerts", "AlertButton ReplayBar ReplayControls"],
  hold: ["on hold", "status-look"],
  pen: ["after contact work", "status-look"],
  missed: ["not answered", "status-look"],
  error: ["the agent is in error", "status-look"],
  critical: ["a critical alert", "AlertItem QueueTile"],
  warning: ["a warning", "AlertItem QueueTile ReplayProblemLine"],
  lost: ["no connection", "Banner"],
  away: ["away", "status-look"],
  offline: ["offline", "status-look"],
  stale: ["no recent data", "cells CalmCards"],
  unheard: ["no transcription", "TranscriptionNote transcription-mark"],
  lock: ["words that are hidden", "TurnWords"],
  tag: ["why the customer calls", "TranscriptLog"],
  seen: ["acknowledge", "AlertPanel"],
  pause: ["stop for now", "Header ConnectionPill Banner WallboardControls ReplayControls"],
  play: ["go on", "Header WallboardControls RecordingLink ReplayControls"],
  screen: ["wallboard", "Header"],
  leave: ["leave the wallboard", "WallboardControls"],
  close: ["close or remove", "SidePanel Toolbar late-part ActionNotes ViewList AuditDialog"],
  down: ["below", "Menu TranscriptLog AgentTable QueueStrip OutOfSightPill AgentActions"],
  up: ["above", "AgentTable QueueStrip OutOfSightPill"],
  left: ["before", "DayDate"],
  right: ["next", "DayDate EndedContact"],
  timeline: ["the day", "BoardMain"],
  gear: ["settings", "Header"],
  search: ["search", "Toolbar"],
  download: ["a file", "BoardMain DaySection TeamDayFiles AuditDialog"],
  out: ["another page", "EndedContact RecordingLink"],
  columns: ["columns", "ViewMenus"],
  dots: ["menu of a row", "RowMenuButton"],
  layers: ["groups of rows", "ViewMenus"],
  people: ["teams", "TeamPicker"],
  star: ["saved views", "SavedViews"],
  rows: ["menu", "HeaderMenu"],
};
const NAMES = Object.keys(DRAWINGS).filter((name): name is keyof typeof DRAWINGS => name in DRAWINGS);

describe("Each icon", () => {
  it("has one meaning, and stands only where it means that.", () => {
    const used = new Map<string, Set<string>>();
    for (const file of globSync("dashboard/board/{parts,columns}/**/*.{ts,tsx}")) {
      const place = file.replace(/^.*\/|\.tsx?$/g, "");
      if (place === "Icon") continue;
      const source = readFileSync(file, "utf8");
      for (const [, expression = ""] of source.matchAll(/(?:<Icon name=|\bicon ?[=:]|_ICON.*?= )(.*)/g)) {
        for (const [, name = ""] of expression.matchAll(/"([a-z]+)"/g)) used.set(name, (used.get(name) ?? new Set()).add(place));
      }
      // The level of a queue is the name of its icon.
      if (place === "QueueTile")
        for (const name of ["critical", "warning"]) used.set(name, (used.get(name) ?? new Set()).add(place));
    }
    for (const name of NAMES) {
      const [meaning, places] = MEANINGS[name];
      expect([...(used.get(name) ?? [])].sort(), `${name}: ${meaning}`).toEqual(places.split(" ").sort());
    }
    expect(new Set(Object.values(MEANINGS).map(([meaning]) => meaning)).size).toBe(NAMES.length);
  });

  it("has a drawing of its own, wherever it stands in its square.", () => {
    const shapes = NAMES.map((name) => shapeOf(renderToStaticMarkup(<Icon name={name} />)));
    expect(new Set(shapes).size).toBe(NAMES.length);
  });
});

/** The commands and rounded lengths of all paths, without the place of their beginning. */
function shapeOf(markup: string): string {
  const paths = [...markup.matchAll(/ d="([^"]*)"/g)].map(([, path = ""]) =>
    path.replaceAll(/[mM]\s*-?[\d.]+[ ,-]-?[\d.]+/g, "m"),
  );
  return `${markup.match(/<(circle|svg)/g)?.length} ${paths.join(" ").replaceAll(/\d+\.?\d*/g, (number) => String(Math.round(Number(number))))}`;
}
