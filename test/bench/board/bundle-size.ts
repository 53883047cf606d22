import { readdirSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Goal, Measured } from "../measure/figure.ts";
import { sum } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const PAGE = fileURLToPath(new URL("../../../dist/dashboard/", import.meta.url));
const ASSETS = `${PAGE}assets/`;
/** A chunk that another one needs before it runs. `import()` is followed by a parenthesis. */
const STATIC_IMPORT = /(?:from|import)\s*["'`]\.\/([\w-]+\.js)["'`]/g;
/** The parts of the daily work. test/browser/stories.test.ts has a budget for them. */
const DAILY = /^(?:(?:QueuePanel|TeamDay|CallPanel|Wallboard)-[\w-]+\.js|(?:panels|Wallboard)-[\w-]+\.css)$/;
/** The words of one language, as Vite names their files: those of the first view have no group. A browser loads one language. */
const WORDS = /^(?:(panels|tools|wallboard|sign-in)-)?(?:en|es-mx)-[\w-]{8}\.js$/;

/** Measures the files that a browser loads before it shows the board, and the whole page. Build the page first. */
export const bundleSize: Scenario = {
  name: "size of the page",
  async run(): Promise<Measured[]> {
    const files = readdirSync(ASSETS);
    const text = (file: string) => readFileSync(`${ASSETS}${file}`, "utf8");
    const kib = (chosen: readonly string[]) => sum(chosen.map((file) => gzipSync(text(file), { level: 9 }).length)) / 1024;
    const ending = (chosen: readonly string[], end: string) => chosen.filter((file) => file.endsWith(end));
    /** The words of these groups, in the language in which they are longer. */
    const words = (...groups: string[]) =>
      groups.flatMap((group) => {
        const both = files.filter((file) => WORDS.test(file) && (WORDS.exec(file)?.[1] ?? "first") === group);
        return both.toSorted((one, other) => kib([other]) - kib([one])).slice(0, 1);
      });
    const index = readFileSync(`${PAGE}index.html`, "utf8");
    const first = withImports(
      files.filter((file) => index.includes(file)),
      text,
    ).filter((file) => !WORDS.test(file));
    const daily = withImports([...first, ...files.filter((file) => DAILY.test(file))], text).filter((file) => !WORDS.test(file));
    const whole = files.filter((file) => /\.(?:js|css)$/.test(file) && !WORDS.test(file));
    const row = (what: string, chosen: readonly string[], goal: Goal | null, note: string): Measured => ({
      name: `Size of the page, gzipped: ${what}`,
      unit: "KiB",
      ours: [kib(chosen)],
      peer: null,
      peerName: null,
      goal,
      note,
    });
    return [
      row(
        "script of the first view",
        [...ending(first, ".js"), ...words("first")],
        { of: "ours", atMost: 109 },
        "With the words of one language. Preact is 10 KiB of it.",
      ),
      row("styles of the first view", ending(first, ".css"), null, ""),
      row(
        "first view, queues, day, panel and wallboard",
        [...daily, ...words("first", "panels", "wallboard")],
        { of: "ours", atMost: 170 },
        "Script and styles of what a supervisor uses every day.",
      ),
      row(
        "everything",
        [...whole, ...words("first", "panels", "wallboard", "tools", "sign-in")],
        null,
        "Also what loads when somebody opens it: signing in, alerts, actions, settings and recordings.",
      ),
    ];
  },
};

/** Returns the files with all that they import at once. */
function withImports(some: readonly string[], text: (file: string) => string): readonly string[] {
  const imported = some
    .filter((file) => file.endsWith(".js"))
    .flatMap((file) => [...text(file).matchAll(STATIC_IMPORT)].flatMap(([, name]) => name ?? []));
  const more = [...new Set(imported)].filter((file) => !some.includes(file));
  return more.length === 0 ? some : withImports([...some, ...more], text);
}
