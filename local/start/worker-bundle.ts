import { build, stop } from "esbuild";

/**
 * Bundles the Worker into one module, with the settings that wrangler gives esbuild (wrangler 4.164.0, `bundle.ts`).
 * @returns the text of the module
 * @throws Error with esbuild's messages when the build fails
 */
export async function bundleWorker(entry: string): Promise<string> {
  const { outputFiles } = await build({
    entryPoints: [entry],
    bundle: true,
    write: false,
    format: "esm",
    target: "es2024",
    keepNames: true,
    conditions: ["workerd", "worker", "browser"],
    external: ["cloudflare:*", "node:*"],
    define: { "process.env.NODE_ENV": '"development"' },
    logLevel: "silent",
  });
  // esbuild's own process would stay, with 40 MB.
  await stop();
  return outputFiles[0]?.text ?? "";
}
