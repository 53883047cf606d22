import type { DeploymentSettings } from "./settings.ts";

/** Lambda takes environment variables of 4 KB, measured as their JSON (Lambda guide, configuration-envvars, 2026-11). */
export const MAX_ENVIRONMENT_BYTES = 4096;
/** What the stack itself needs of them: names, addresses and ARNs of the longest kind. A test holds it against the template. */
const OF_THE_STACK = 1_700;

/** Returns what would make Lambda refuse the environment of a function in the middle of a deployment. */
export function environmentProblems(settings: DeploymentSettings, place: string): string[] {
  const { serviceLevelSeconds } = settings;
  const { languages, vocabularies, vocabularyFilters, vocabularyName, vocabularyFilterName } = settings;
  const parts: [names: string, values: readonly unknown[]][] = [
    ["languages.map, languages.identify and languages.engines", [languages.map, languages.identify.join(" "), languages.engines]],
    ["vocabularies and vocabularyFilters", [vocabularies, vocabularyFilters, vocabularyName, vocabularyFilterName]],
  ];
  const room = MAX_ENVIRONMENT_BYTES - OF_THE_STACK;
  const problems = parts.flatMap(([names, values]) => {
    const bytes = values.reduce((sum: number, value) => sum + sizeOf(value), 0);
    if (bytes <= room) return [];
    return [
      `${place}: ${names} take ${bytes} bytes together, and Lambda has room for ${room}. Shorten them, or use * and languages without region.`,
    ];
  });
  const targets = sizeOf(targetsAsText(serviceLevelSeconds));
  if (targets <= room) return problems;
  const message = `${place}.serviceLevelSeconds takes ${targets} bytes, and Lambda has room for ${room}. Name fewer queues, and use * for the others.`;
  return [...problems, message];
}

/** Returns the targets as an environment variable carries them. */
export function targetsAsText(targets: DeploymentSettings["serviceLevelSeconds"]): string {
  const entries = Object.entries(targets);
  return entries.length === 0
    ? ""
    : JSON.stringify(Object.fromEntries(entries.map(([queue, seconds]) => [queue, String(seconds)])));
}

/** A value is JSON inside of the JSON that Lambda measures, so its quotes count twice. */
function sizeOf(value: unknown): number {
  if (value === undefined) return 0;
  return Buffer.byteLength(JSON.stringify(typeof value === "string" ? value : JSON.stringify(value)));
}
