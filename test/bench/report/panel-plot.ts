import { number } from "./number-text.ts";

export interface Bar {
  label: string;
  value: number;
  ours: boolean;
}

export interface Panel {
  title: string;
  bars: readonly Bar[];
}

export interface Plot {
  title: string;
  subtitle: string;
  panels: readonly Panel[];
  /** A remark on single bars, below the panels. */
  foot: string;
}

const WIDTH = 760;
const EDGE = 20;
const ROW = 25;
const BAR = 16;
const HEAD = 62;
const FOOT = 36;
const PANEL_HEAD = 36;
const LEFT = 196;
/** Room for the number behind the longest bar. */
const RIGHT = 80;
const LONGEST = WIDTH - LEFT - RIGHT;
/** A bar that is so many times longer than the next one gets a gap. Drawn to scale, it would hide the others. */
const CUT_AT = 4;
/** The share of the width for the longest whole bar beside a bar with a gap. */
const WHOLE_BESIDE_CUT = 0.55;

/**
 * Draws panels of bars as SVG. Each panel has a linear scale of its own from zero. The plot has its own background and follows
 * the reader's light or dark setting, because an image does not know the theme of the page around it.
 */
export function panelPlot({ title, subtitle, panels, foot }: Plot): string {
  let y = HEAD;
  const drawn = panels.map((panel) => {
    const top = y;
    y += PANEL_HEAD + panel.bars.length * ROW + 8;
    return drawPanel(panel, top);
  });
  const height = y + FOOT;
  const description = panels.map(
    (panel) => `${panel.title}: ${panel.bars.map(({ label, value }) => `${label} ${number(value)}`).join(", ")}`,
  );
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif">
<title id="t">${escaped(title)}</title>
<desc id="d">${escaped(description.join(". "))}</desc>
<style>
  .ground { fill: #ffffff; stroke: #d5dbe0 } text { fill: #1f2933 } .dim { fill: #52606b } .bar { fill: #a9b4bd } .ours { fill: #0f766e }
  @media (prefers-color-scheme: dark) {
    .ground { fill: #14191d; stroke: #38434c } text { fill: #e6eaed } .dim { fill: #a6b2bb } .bar { fill: #5b6770 } .ours { fill: #2dd4bf }
  }
</style>
<rect class="ground" x="0.5" y="0.5" width="${WIDTH - 1}" height="${height - 1}" rx="8"/>
<text x="${EDGE}" y="31" font-size="16" font-weight="600">${escaped(title)}</text>
<text x="${EDGE}" y="51" font-size="12" class="dim">${escaped(subtitle)}</text>
${drawn.join("\n")}
<text x="${EDGE}" y="${height - 17}" font-size="11" class="dim">${escaped(foot)}</text>
</svg>
`;
}

function drawPanel({ title, bars }: Panel, top: number): string {
  const sorted = bars.map(({ value }) => value).sort((a, b) => a - b);
  const cutFrom = sorted.find((value, index) => index > 1 && value > CUT_AT * (sorted[index - 1] ?? value));
  const wholes = sorted.filter((value) => cutFrom === undefined || value < cutFrom);
  const full = Math.max(...wholes) / (cutFrom === undefined ? 1 : WHOLE_BESIDE_CUT);
  const rows = bars.map((bar, index) => {
    const isCut = cutFrom !== undefined && bar.value >= cutFrom;
    const length = Math.max(2, isCut ? LONGEST : (bar.value / full) * LONGEST);
    return drawBar(bar, length, isCut, top + PANEL_HEAD + index * ROW);
  });
  return [`<text x="${EDGE}" y="${top + 22}" font-size="13" font-weight="600">${escaped(title)}</text>`, ...rows].join("\n");
}

function drawBar({ label, value, ours }: Bar, length: number, isCut: boolean, y: number): string {
  const kind = ours ? "ours" : "bar";
  const rect = (x: number, width: number) =>
    `<rect class="${kind}" x="${x.toFixed(1)}" y="${y}" width="${width.toFixed(1)}" height="${BAR}" rx="2"/>`;
  // The gap is to the right of the longest whole bar.
  const gap = LEFT + length * 0.8;
  const body = isCut ? `${rect(LEFT, gap - 4 - LEFT)}${rect(gap + 4, LEFT + length - gap - 4)}` : rect(LEFT, length);
  const weight = ours ? ' font-weight="600"' : "";
  return `<text x="${LEFT - 10}" y="${y + 13}" font-size="13" text-anchor="end"${weight}>${escaped(label)}</text>${body}<text x="${(LEFT + length + 8).toFixed(1)}" y="${y + 13}" font-size="13"${weight}>${number(value)}</text>`;
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
