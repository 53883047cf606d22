import type { Figure } from "../measure/figure.ts";
import { number, ratioText } from "./number-text.ts";

/** The names of the README's figures in bench-results.json. All servers of the first two conflate. */
export const CPU = "CPU of the server per million (update x viewer), peers that conflate";
export const LAST_VIEWER = "POST to last of 1,000 viewers, p99, peers that conflate";
/** The same load beside peers that send every update. It shows what conflation gives. */
export const NOT_CONFLATING = "CPU of the server per million (update x viewer), peers that send every update";
export const BROWSER_BYTES = "Bytes per viewer and update, compressed as browsers negotiate it";

export type ReadmeLanguage = "en" | "es";

interface Words {
  beginning: string;
  cpu: (bare: string, ws: string, bun: string) => string;
  conflation: (share: string) => string;
  last: (ms: string) => string;
  bytes: (bytes: string, bun: string) => string;
  goals: (hold: number, all: number) => string;
  plot: string;
}

const WORDS: Readonly<Record<ReadmeLanguage, Words>> = {
  en: {
    beginning:
      "Measured with 500 updates a second and 1,000 viewers, each server on one core. All of them send the changes of 100 ms in one frame.",
    cpu: (bare, ws, bun) =>
      `Vigía's server needs ${bare} times the CPU of a bare Durable Object that checks and stores nothing. It needs ${ws} times that of \`ws\` with SQLite on Node, and ${bun} times that of Bun.`,
    conflation: (share) =>
      `This conflation itself gives the most: the bare Durable Object needs ${share} of the CPU of one that sends every update.`,
    last: (ms) => `The last viewer has an update ${ms} ms after its POST (p99).`,
    bytes: (bytes, bun) => `For a browser an update is ${bytes} bytes, ${bun} times what Bun's shared compressor sends.`,
    goals: (hold, all) =>
      `${hold} of the ${all} goals hold. [docs/performance.md](docs/performance.md) says what that means for you.`,
    plot: "Server CPU, time to the last viewer and bytes per update, Vigía beside peers that conflate; the numbers are in docs/performance-tables.md",
  },
  es: {
    beginning:
      "Con 500 cambios por segundo y 1,000 tableros, cada servidor en un núcleo. Todos agrupan los cambios de 100 ms en un mensaje.",
    cpu: (bare, ws, bun) =>
      `Vigía usa ${bare} veces la CPU de un Durable Object que no verifica ni guarda nada. Usa ${ws} veces la de \`ws\` con SQLite en Node y ${bun} veces la de Bun.`,
    conflation: (share) => `Agrupar ahorra más: ese Durable Object usa ${share} de la CPU de uno que manda cada cambio.`,
    last: (ms) => `El último tablero recibe el cambio en ${ms} ms (p99).`,
    bytes: (bytes, bun) => `Cada cambio son ${bytes} bytes para un navegador, ${bun} veces lo que manda Bun.`,
    goals: (hold, all) =>
      `Se cumplen ${hold} de las ${all} metas. [docs/performance.md](docs/performance.md) (en inglés) dice qué significa.`,
    plot: "CPU del servidor, tiempo hasta el último tablero y bytes por cambio, Vigía al lado de otros que también agrupan; los números están en docs/performance-tables.md",
  },
};

/** Returns the README's line and the link to its plot. Leaves out figures that were not measured. */
export function headline(figures: readonly Figure[], language: ReadmeLanguage): string {
  const words = WORDS[language];
  const against = (name: string, peer: string) => figures.find((one) => one.name === name && one.peerName?.startsWith(peer));
  const ratio = (figure: Figure | undefined) => (figure?.ratio == null ? null : ratioText(figure.ratio));
  const sentences: string[] = [];
  const [bare, ws, bun] = ["bare", "ws", "Bun"].map((peer) => ratio(against(CPU, peer)));
  if (bare && ws && bun) sentences.push(words.beginning, words.cpu(bare, ws, bun));
  const [conflating, every] = [against(CPU, "bare")?.peer, against(NOT_CONFLATING, "bare")?.peer];
  if (conflating && every) sentences.push(words.conflation(ratioText(conflating / every)));
  const last = against(LAST_VIEWER, "bare");
  if (last) sentences.push(words.last(number(last.ours)));
  const bytes = against(BROWSER_BYTES, "Bun");
  if (bytes?.ratio != null) sentences.push(words.bytes(number(bytes.ours), ratioText(bytes.ratio)));
  const judged = figures.filter((figure) => figure.goal !== null);
  sentences.push(words.goals(judged.filter((figure) => figure.holds).length, judged.length));
  return `${sentences.join("\n")}\n\n![${words.plot}](docs/bench/${plotFile(language)})`;
}

export function plotFile(language: ReadmeLanguage): string {
  return language === "en" ? "headline.svg" : "headline.es.svg";
}
