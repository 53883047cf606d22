import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Measured } from "../measure/figure.ts";
import type { Scenario } from "../scenario.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const KIB = 1024;

/** What an embedding page imports, and the limit in KiB. test/dashboard/client/library.test.ts holds the same limits. */
const ENTRIES: readonly [what: string, contents: string, limit: number][] = [
  ["client", 'export { createAgentClient } from "./dashboard/client/index.js"', 10.75],
  [
    "client and hooks",
    'export * from "./dashboard/react/index.js"; export { createAgentClient } from "./dashboard/client/index.js"',
    12.75,
  ],
  ["single file", 'export * from "./vigia-client.js"', 11],
];

/** Measures what the library adds to a page that embeds it, minified and compressed, without React. */
export const librarySize: Scenario = {
  name: "size of the library",
  async run(): Promise<Measured[]> {
    execFileSync(process.execPath, ["scripts/build-lib.ts"], { cwd: ROOT, stdio: ["ignore", "ignore", "inherit"] });
    const figures: Measured[] = [];
    for (const [what, contents, limit] of ENTRIES) {
      const bundle = await build({
        stdin: { contents, resolveDir: `${ROOT}/dist/lib` },
        bundle: true,
        minify: true,
        format: "esm",
        target: "es2022",
        write: false,
        external: ["react", "react/jsx-runtime"],
      });
      figures.push({
        name: `Size of the library, gzipped: ${what}`,
        unit: "KiB",
        ours: [gzipSync(bundle.outputFiles[0]?.contents ?? "", { level: 9 }).length / KIB],
        peer: null,
        peerName: null,
        goal: { of: "ours", atMost: limit },
        note: "Bundled by esbuild for ES2022, React left out.",
      });
    }
    return figures;
  },
};
