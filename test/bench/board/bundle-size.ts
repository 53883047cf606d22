import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Measured } from "../measure/figure.ts";
import { sum } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const ASSETS = fileURLToPath(new URL("../../../dist/dashboard/assets", import.meta.url));

/** What a browser has to fetch before the board stands; the page has been built. */
export const bundleSize: Scenario = {
  name: "size of the page",
  async run(): Promise<Measured[]> {
    const size = (ending: string) =>
      sum(globSync(`*.${ending}`, { cwd: ASSETS }).map((file) => gzipSync(readFileSync(`${ASSETS}/${file}`)).length)) / 1024;
    const row = (what: string, ending: string): Measured => ({
      name: `Size of the page, gzipped: ${what}`,
      unit: "KiB",
      ours: [size(ending)],
      peer: null,
      peerName: null,
      goal: null,
      note: "",
    });
    return [row("script", "js"), row("styles", "css")];
  },
};
