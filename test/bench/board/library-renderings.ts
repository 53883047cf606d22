import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import * as v from "valibot";
import type { Measured } from "../measure/figure.ts";
import type { Scenario } from "../scenario.ts";
import { launchBrowser } from "./browser.ts";

const renderingsSchema = v.object({ row: v.number(), list: v.number(), connection: v.number(), wholeList: v.number() });

/** Counts the components that React renders in a real Chromium for each change of one of 500 agents. */
export const libraryRenderings: Scenario = {
  name: "renderings of the hooks",
  async run(): Promise<Measured[]> {
    const { row, list, connection, wholeList } = await countRenderings();
    const figure = (what: string, ours: number, peer: number | null, atMost: number): Measured => ({
      name: `Renderings for a change of one of 500 agents: ${what}`,
      unit: "components",
      ours: [ours],
      peer: peer === null ? null : [peer],
      peerName: peer === null ? null : "the whole list, read by useAgents()",
      goal: { of: "ours", atMost },
      note: "200 changes of one agent each, with a new lastMessageAt of the connection, in Chromium.",
    });
    return [
      figure("rows that read their own agent", row, wholeList, 1),
      figure("a list that reads the ids", list, null, 0),
      figure("a component that reads the status of the connection", connection, null, 0),
    ];
  },
};

async function countRenderings(): Promise<v.InferOutput<typeof renderingsSchema>> {
  const bundle = await build({
    entryPoints: [fileURLToPath(new URL("renderings-page.tsx", import.meta.url))],
    bundle: true,
    write: false,
    format: "esm",
    jsx: "automatic",
    define: { "process.env.NODE_ENV": '"production"' },
  });
  const browser = await launchBrowser();
  try {
    const page = await browser.newPage();
    await page.setContent("<!doctype html><title>t</title><body></body>");
    await page.addScriptTag({ type: "module", content: bundle.outputFiles[0]?.text ?? "" });
    const counted = await page.waitForFunction(() => Reflect.get(window, "renderings"));
    return v.parse(renderingsSchema, await counted.jsonValue());
  } finally {
    await browser.close();
  }
}
