import type { Figure } from "../measure/figure.ts";
import { BYTES, CPU, LAST_VIEWER, type ReadmeLanguage } from "./headline.ts";
import { type Panel, panelPlot } from "./panel-plot.ts";

interface Words {
  title: string;
  subtitle: string;
  panels: Readonly<Record<string, string>>;
  /** Shorter names of peers, by their names in the figures. */
  peers: Readonly<Record<string, string>>;
  foot: string;
}

const WORDS: Readonly<Record<ReadmeLanguage, Words>> = {
  en: {
    title: "Vigía beside its peers: the shorter the better",
    subtitle: "500 agents, 500 updates/s, 1,000 viewers; one core for each server. A bar with a gap is longer than drawn.",
    panels: {
      [CPU]: "Server CPU per million updates delivered, seconds",
      [LAST_VIEWER]: "From the POST to the last of 1,000 viewers, p99, ms (the others fall behind at this rate)",
      [BYTES]: "Bytes per viewer and update, without compression",
    },
    peers: { "bare Durable Object loop (the same agent whole, in the seed's frame)": "whole agent per update" },
    foot: "The Agents SDK sends its whole state per update, so it had fewer viewers and updates; counted per update and viewer.",
  },
  es: {
    title: "Vigía al lado de los demás: mientras más corto, mejor",
    subtitle: "500 agentes, 500 cambios/s, 1,000 tableros; un núcleo por servidor. Una barra con un corte es más larga.",
    panels: {
      [CPU]: "CPU del servidor por millón de cambios entregados, segundos",
      [LAST_VIEWER]: "Del envío al último de 1,000 tableros, p99, ms (a este ritmo los demás se quedan atrás)",
      [BYTES]: "Bytes por tablero y cambio, sin compresión",
    },
    peers: {
      "ws on Node": "ws en Node",
      "socket.io on Node": "socket.io en Node",
      "bare Durable Object loop": "Durable Object a secas",
      "bare Durable Object loop (the same agent whole, in the seed's frame)": "agente entero por cambio",
    },
    foot: "El Agents SDK manda su estado entero: se midió con menos tableros y cambios. Todo es por cambio y tablero.",
  },
};

/** Returns the README's plot as SVG: one panel for each figure of its line, Vigía first. */
export function headlinePlot(figures: readonly Figure[], language: ReadmeLanguage): string {
  const words = WORDS[language];
  const panels = Object.entries(words.panels).flatMap(([name, title]): Panel[] => {
    // The plot shows measured values only; computed ones are in the tables.
    const rows = figures.filter((figure) => figure.name === name && !figure.peerName?.includes("(computed)"));
    const [first] = rows;
    if (first === undefined) return [];
    const peers = rows.map(({ peer, peerName }) => ({
      label: words.peers[peerName ?? ""] ?? peerName ?? "",
      value: peer ?? 0,
      ours: false,
    }));
    return [{ title, bars: [{ label: "Vigía", value: first.ours, ours: true }, ...peers.sort((a, b) => a.value - b.value)] }];
  });
  return panelPlot({ title: words.title, subtitle: words.subtitle, panels, foot: words.foot });
}
