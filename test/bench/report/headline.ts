import type { Figure } from "../measure/figure.ts";
import { number, ratioText } from "./number-text.ts";

/** The names of the README's figures in bench-results.json. */
export const CPU = "CPU of the server per million (update x viewer)";
export const LAST_VIEWER = "POST to last of 1,000 viewers, p99, at 500 updates/s";
export const BYTES = "Bytes per viewer and update, without compression";

export type ReadmeLanguage = "en" | "es";

interface Words {
  cpu: (party: string, ws: string) => string;
  last: (ms: string, party: string, ws: string) => string;
  bytes: (bytes: string, sdk: string) => string;
  goals: (hold: number, all: number) => string;
  plot: string;
}

const WORDS: Readonly<Record<ReadmeLanguage, Words>> = {
  en: {
    cpu: (party, ws) => `Vigía's server needs ${party} of the CPU of PartyServer, and ${ws} of that of \`ws\` on Node.`,
    last: (ms, party, ws) =>
      `The last viewer has an update ${ms} ms after its POST (p99). The other two take longer, because they fall behind at this rate: Vigía needs ${party} and ${ws} of their time.`,
    bytes: (bytes, sdk) => `An update is ${bytes} bytes for each viewer, ${sdk} of what the Cloudflare Agents SDK sends.`,
    goals: (hold, all) =>
      `${hold} of the ${all} goals hold. [docs/performance.md](docs/performance.md) names the others, the method, and how to repeat it.`,
    plot: "Server CPU, time to the last viewer and bytes per update, Vigía beside its peers; the numbers are in docs/performance.md",
  },
  es: {
    cpu: (party, ws) => `El servidor de Vigía usa ${party} de la CPU de PartyServer y ${ws} de la de \`ws\` en Node.`,
    last: (ms, party, ws) =>
      `El último tablero recibe el cambio ${ms} ms después del envío (p99). Los otros dos tardan más, porque a ese ritmo se atrasan: Vigía necesita ${party} y ${ws} de su tiempo.`,
    bytes: (bytes, sdk) => `Cada cambio son ${bytes} bytes por tablero, ${sdk} de lo que envía el Agents SDK de Cloudflare.`,
    goals: (hold, all) =>
      `Se cumplen ${hold} de las ${all} metas. [docs/performance.md](docs/performance.md) (en inglés) nombra las demás, el método y cómo repetirlo.`,
    plot: "CPU del servidor, tiempo hasta el último tablero y bytes por cambio, Vigía al lado de los demás; los números están en docs/performance.md",
  },
};
const BEGINNING: Readonly<Record<ReadmeLanguage, string>> = {
  en: "Measured with 500 updates a second and 1,000 viewers, each server on one core.",
  es: "Medido con 500 cambios por segundo y 1,000 tableros abiertos, cada servidor en un núcleo.",
};

/** Returns the README's line and the link to its plot. Leaves out figures that were not measured. */
export function headline(figures: readonly Figure[], language: ReadmeLanguage): string {
  const words = WORDS[language];
  const against = (name: string, peer: string) => {
    const figure = figures.find((one) => one.name === name && one.peerName?.startsWith(peer));
    return figure === undefined || figure.ratio === null ? null : { ours: number(figure.ours), ratio: ratioText(figure.ratio) };
  };
  const sentences: string[] = [];
  const [cpuParty, cpuWs] = [against(CPU, "PartyServer"), against(CPU, "ws ")];
  if (cpuParty && cpuWs) sentences.push(`${BEGINNING[language]} ${words.cpu(cpuParty.ratio, cpuWs.ratio)}`);
  const [lastParty, lastWs] = [against(LAST_VIEWER, "PartyServer"), against(LAST_VIEWER, "ws ")];
  if (lastParty && lastWs) sentences.push(words.last(lastParty.ours, lastParty.ratio, lastWs.ratio));
  const bytes = against(BYTES, "Cloudflare Agents SDK");
  if (bytes) sentences.push(words.bytes(bytes.ours, bytes.ratio));
  const judged = figures.filter((figure) => figure.goal !== null);
  sentences.push(words.goals(judged.filter((figure) => figure.holds).length, judged.length));
  return `${sentences.join(" ")}\n\n![${words.plot}](docs/bench/${plotFile(language)})`;
}

export function plotFile(language: ReadmeLanguage): string {
  return language === "en" ? "headline.svg" : "headline.es.svg";
}
