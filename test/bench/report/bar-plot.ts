import type { Figure } from "../measure/figure.ts";
import { number } from "./table.ts";

const WIDTH = 720;
const ROW = 34;
const LEFT = 200;
const RIGHT = 90;
const TOP = 58;

/** Bars of one figure, Vigía first, on a logarithmic scale: what is 40 times longer would leave nothing of the short one. */
export function barPlot(title: string, subtitle: string, figures: readonly Figure[]): string {
  const bars = [
    { label: "Vigía", value: figures[0]?.ours ?? 0, ours: true },
    ...figures
      .map((figure) => ({ label: figure.peerName ?? "", value: figure.peer ?? 0, ours: false }))
      .sort((a, b) => a.value - b.value),
  ];
  const values = bars.map((bar) => bar.value);
  const low = 10 ** Math.floor(Math.log10(Math.min(...values)) - 0.001);
  const high = Math.max(...values);
  const length = (value: number) => (Math.log10(value / low) / Math.log10(high / low)) * (WIDTH - LEFT - RIGHT);
  const height = TOP + bars.length * ROW + 14;
  const ticks: number[] = [];
  for (let tick = low; tick <= high; tick *= 10) ticks.push(tick);
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${height}" role="img" aria-labelledby="t d" font-family="system-ui, sans-serif">
<title id="t">${escaped(title)}</title>
<desc id="d">${escaped(bars.map((bar) => `${bar.label}: ${number(bar.value)}`).join("; "))}</desc>
<style>
  text { fill: #1f2933 } .dim { fill: #5b6770 } .grid { stroke: #d5dbe0 } .bar { fill: #a9b4bd } .ours { fill: #0f766e }
  @media (prefers-color-scheme: dark) {
    text { fill: #e6eaed } .dim { fill: #9aa7b1 } .grid { stroke: #38434c } .bar { fill: #5b6770 } .ours { fill: #2dd4bf }
  }
</style>
<text x="0" y="18" font-size="15" font-weight="600">${escaped(title)}</text>
<text x="0" y="38" font-size="12" class="dim">${escaped(subtitle)}</text>
${ticks.map((tick) => `<line class="grid" x1="${x(length(tick))}" x2="${x(length(tick))}" y1="${TOP - 6}" y2="${height - 14}"/><text class="dim" font-size="11" x="${x(length(tick))}" y="${height - 2}" text-anchor="middle">${number(tick)}</text>`).join("\n")}
${bars
  .map((bar, index) => {
    const y = TOP + index * ROW;
    return `<text x="${LEFT - 10}" y="${y + 16}" font-size="13" text-anchor="end"${bar.ours ? ' font-weight="600"' : ""}>${escaped(bar.label)}</text><rect class="${bar.ours ? "ours" : "bar"}" x="${LEFT}" y="${y}" width="${Math.max(2, length(bar.value)).toFixed(1)}" height="22" rx="3"/><text x="${x(length(bar.value) + 8)}" y="${y + 16}" font-size="13">${number(bar.value)}</text>`;
  })
  .join("\n")}
</svg>
`;
}

function x(along: number): string {
  return (LEFT + along).toFixed(1);
}

function escaped(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}
