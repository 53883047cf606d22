import type { Figure } from "../measure/figure.ts";
import { BROWSER_BYTES, CPU, LAST_VIEWER, type ReadmeLanguage } from "./headline.ts";
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
    title: "Vigía beside servers that conflate as it does: the shorter the better",
    subtitle: "500 agents, 500 updates/s in frames of 100 ms; one core for each server. A bar with a gap is longer than drawn.",
    panels: {
      [CPU]: "Server CPU per million updates delivered to 1,000 viewers, seconds",
      [LAST_VIEWER]: "From the POST to the last of 1,000 viewers, p99, ms",
      [BROWSER_BYTES]: "Bytes per browser and update, compressed",
    },
    peers: {
      "bare Durable Object, conflating": "bare Durable Object",
      "ws and SQLite on Node, conflating": "ws, SQLite on Node",
      "Bun and its SQLite, conflating": "Bun, its SQLite",
      "nchan, fan-out only": "nchan (fan-out only)",
      "Vigía, hub.v1 with permessage-deflate": "Vigía, older protocol",
      "ws and SQLite on Node, conflating, permessage-deflate": "ws, SQLite on Node",
      "Bun and its SQLite, conflating, one shared compressor": "Bun, shared compressor",
    },
    foot: "Vigía, ws and Bun check each signature and store each post. The bare Durable Object and nchan do neither.",
  },
  es: {
    title: "Vigía al lado de servidores que también agrupan: mientras más corto, mejor",
    subtitle: "500 agentes, 500 cambios/s en mensajes de 100 ms; un núcleo por servidor. Una barra con un corte es más larga.",
    panels: {
      [CPU]: "CPU del servidor por millón de cambios entregados a 1,000 tableros, segundos",
      [LAST_VIEWER]: "Del envío al último de 1,000 tableros, p99, ms",
      [BROWSER_BYTES]: "Bytes por navegador y cambio, con compresión",
    },
    peers: {
      "bare Durable Object, conflating": "Durable Object a secas",
      "ws and SQLite on Node, conflating": "ws, SQLite en Node",
      "Bun and its SQLite, conflating": "Bun, su SQLite",
      "nchan, fan-out only": "nchan (solo reparte)",
      "Vigía, hub.v1 with permessage-deflate": "Vigía, protocolo anterior",
      "ws and SQLite on Node, conflating, permessage-deflate": "ws, SQLite en Node",
      "Bun and its SQLite, conflating, one shared compressor": "Bun, un solo compresor",
    },
    foot: "Vigía, ws y Bun verifican cada firma y guardan cada envío. El Durable Object a secas y nchan no hacen ni lo uno ni lo otro.",
  },
};

/** Returns the README's plot as SVG: one panel for each figure of its line, Vigía first. */
export function headlinePlot(figures: readonly Figure[], language: ReadmeLanguage): string {
  const words = WORDS[language];
  const panels = Object.entries(words.panels).flatMap(([name, title]): Panel[] => {
    const rows = figures.filter((figure) => figure.name === name);
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
