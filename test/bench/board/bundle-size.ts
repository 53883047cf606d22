import { globSync, readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import type { Measured } from "../measure/figure.ts";
import { sum } from "../measure/statistics.ts";
import type { Scenario } from "../scenario.ts";

const ASSETS = fileURLToPath(new URL("../../../dist/dashboard/assets", import.meta.url));

/** Measures the files that a browser loads before it shows the board. Build the page first. */
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
