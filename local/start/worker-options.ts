import { readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { V4WorkerOptions } from "miniflare";
import { parse } from "smol-toml";
import * as v from "valibot";

/**
 * What wrangler.toml says and Miniflare needs. The schema is strict: a kind of binding that `npm start` does not know stops it
 * with its name, instead of a Worker that lacks the binding. A test compares the result with wrangler's own.
 */
const wranglerFileSchema = v.strictObject({
  name: v.string(),
  main: v.string(),
  compatibility_date: v.string(),
  compatibility_flags: v.optional(v.array(v.string())),
  assets: v.strictObject({
    directory: v.string(),
    /** The name by which the Worker itself fetches files. */
    binding: v.optional(v.string()),
    not_found_handling: v.optional(v.picklist(["single-page-application", "404-page", "none"])),
    run_worker_first: v.array(v.string()),
    html_handling: v.optional(v.picklist(["auto-trailing-slash", "force-trailing-slash", "drop-trailing-slash", "none"])),
  }),
  vars: v.record(v.string(), v.string()),
  durable_objects: v.strictObject({ bindings: v.array(v.strictObject({ name: v.string(), class_name: v.string() })) }),
  migrations: v.array(v.strictObject({ tag: v.string(), new_sqlite_classes: v.array(v.string()) })),
  ratelimits: v.array(
    v.strictObject({
      name: v.string(),
      namespace_id: v.string(),
      simple: v.strictObject({ limit: v.number(), period: v.picklist([10, 60]) }),
    }),
  ),
  // These are for the deployment alone.
  secrets: v.optional(v.unknown()),
  observability: v.optional(v.unknown()),
  limits: v.optional(v.unknown()),
  placement: v.optional(v.unknown()),
  workers_dev: v.optional(v.unknown()),
  preview_urls: v.optional(v.unknown()),
  upload_source_maps: v.optional(v.unknown()),
});

/** A Worker as wrangler.toml describes it, without its code. */
export interface WorkerDescription {
  /** Absolute path of the entry file. */
  main: string;
  options: Omit<V4WorkerOptions, "modules" | "script" | "scriptPath">;
}

/**
 * Reads wrangler.toml for Miniflare. wrangler could do it too, but it takes 110 MB and a second.
 * @param vars settings and secrets that win over the file's
 * @throws Error that names the entry of the file that is unknown or has another form
 */
export function readWorkerOptions(path: string, vars: Readonly<Record<string, string>>): WorkerDescription {
  const parsed = v.safeParse(wranglerFileSchema, parse(readFileSync(path, "utf8")), { abortEarly: true });
  if (!parsed.success) {
    const [issue] = parsed.issues;
    throw new Error(`${path}: npm start cannot use ${v.getDotPath(issue)}. Teach it to local/start/worker-options.ts.`);
  }
  const file = parsed.output;
  const root = dirname(path);
  const { compatibility_date: compatibilityDate, compatibility_flags: compatibilityFlags = [], assets } = file;
  return {
    main: join(root, file.main),
    options: {
      // The storage of the Durable Objects lies in folders that begin with this name.
      name: file.name,
      rootPath: root,
      compatibilityDate,
      compatibilityFlags,
      bindings: { ...file.vars, ...vars },
      durableObjects: Object.fromEntries(
        file.durable_objects.bindings.map(({ name, class_name: className }) => [name, { className, useSQLite: true }]),
      ),
      ratelimits: Object.fromEntries(file.ratelimits.map(({ name, ...limit }) => [name, { name, ...limit }])),
      assets: {
        ...(assets.binding === undefined ? {} : { binding: assets.binding }),
        directory: join(root, assets.directory),
        run_worker_first: assets.run_worker_first,
        routerConfig: {
          has_user_worker: true,
          static_routing: { asset_worker: [], user_worker: assets.run_worker_first },
        },
        assetConfig: {
          ...(assets.html_handling === undefined ? {} : { html_handling: assets.html_handling }),
          ...(assets.not_found_handling === undefined ? {} : { not_found_handling: assets.not_found_handling }),
          compatibility_date: compatibilityDate,
          compatibility_flags: compatibilityFlags,
        },
      },
    },
  };
}
