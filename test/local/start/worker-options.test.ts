import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import * as v from "valibot";
import { afterAll, describe, expect, test } from "vitest";
import { unstable_getMiniflareWorkerOptions as wranglerOptions } from "wrangler";
import { readWorkerOptions } from "../../../local/start/worker-options.ts";

const WRANGLER_FILE = fileURLToPath(new URL("../../../wrangler.toml", import.meta.url));
/** What the two descriptions share. */
const optionsSchema = v.object({
  compatibilityDate: v.string(),
  compatibilityFlags: v.array(v.string()),
  bindings: v.record(v.string(), v.string()),
  durableObjects: v.record(v.string(), v.unknown()),
  ratelimits: v.record(v.string(), v.object({ name: v.string(), simple: v.unknown() })),
  assets: v.object({
    directory: v.string(),
    binding: v.optional(v.string()),
    routerConfig: v.unknown(),
    assetConfig: v.unknown(),
  }),
});
const folder = mkdtempSync(join(tmpdir(), "vigia-wrangler-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("The Worker that npm start runs", () => {
  test("has the bindings, assets and dates that wrangler reads from the same file.", () => {
    // A copy, because wrangler also reads the .dev.vars beside the file.
    const file = join(folder, "wrangler.toml");
    writeFileSync(file, readFileSync(WRANGLER_FILE));
    const { options, main } = readWorkerOptions(file, {});
    const { workerOptions, main: entry } = wranglerOptions(file);
    expect(main).toBe(entry);
    // As JSON, because wrangler names what is not set, too.
    const judge = v.parse(optionsSchema, JSON.parse(JSON.stringify(workerOptions)));
    expect(v.parse(optionsSchema, options)).toEqual(judge);
  });

  test("has the given settings instead of those of the file.", () => {
    expect(readWorkerOptions(WRANGLER_FILE, { AUTH_MODE: "local" }).options["bindings"]).toMatchObject({ AUTH_MODE: "local" });
  });

  test("does not start without a binding that npm start does not know: the error names it.", () => {
    const file = join(folder, "more.toml");
    writeFileSync(file, `${readFileSync(WRANGLER_FILE, "utf8")}\n[[queues.producers]]\nqueue = "x"\nbinding = "X"\n`);
    expect(() => readWorkerOptions(file, {})).toThrow(/more\.toml: npm start cannot use queues\. .*worker-options\.ts/);
  });
});
