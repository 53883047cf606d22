import * as v from "valibot";

/** The settings of a stage. A stage is one Worker with its own secrets, tickets and rate limits, such as staging. */

/** A Worker with a workers.dev address has a DNS label as its name. */
const WORKER_NAME = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/;
const DOMAIN = /^(?=.{4,253}$)(?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\.)+(?:[a-z]{2,63}|xn--[a-z0-9-]{2,59})$/;

const matching = (pattern: RegExp, expected: string) =>
  v.pipe(v.string(`expected ${expected}`), v.regex(pattern, `expected ${expected}`));

export const stageSchema = v.strictObject({
  /** Default: `vigia` for the stage production, `vigia-<stage>` for every other. */
  workerName: v.optional(matching(WORKER_NAME, "the name of a Worker: lower-case letters, digits and dashes")),
  /** A custom domain of the Worker. With it, the workers.dev address is closed. */
  domain: v.optional(matching(DOMAIN, "a host name without https://, such as board.example.com")),
  /** The Cloudflare account. With it, wrangler deploys to no other. */
  accountId: v.optional(matching(/^[0-9a-f]{32}$/, "the id of the Cloudflare account: 32 hexadecimal digits")),
  /** Lets the Worker send e-mail with Cloudflare Email Service, for targets of alerts. */
  sendEmail: v.optional(v.boolean("expected true or false"), false),
  /** Settings of the Worker, such as AUTH_ISSUER. They win over those in wrangler.toml. */
  vars: v.optional(
    v.record(
      matching(/^[A-Z][A-Z0-9_]*$/, "the name of a setting of the Worker, in capitals"),
      v.string("expected a text in quotes"),
      "expected an object: names and texts",
    ),
    {},
  ),
});

export interface Stage {
  name: string;
  workerName: string;
  domain: string | null;
  accountId: string | null;
  sendEmail: boolean;
  vars: Readonly<Record<string, string>>;
}

const ONLY_STAGE = "production";

/** Returns the stages with their defaults. A file without stages has one, which is the Worker `vigia`. */
export function resolveStages(stages: Readonly<Record<string, v.InferOutput<typeof stageSchema>>>): Stage[] {
  const named = Object.entries(stages);
  const entries =
    named.length > 0
      ? named
      : [[ONLY_STAGE, { sendEmail: false, vars: {} }] satisfies [string, v.InferOutput<typeof stageSchema>]];
  return entries.map(([name, { workerName, domain, accountId, sendEmail, vars }]) => ({
    name,
    workerName: workerName ?? (name === ONLY_STAGE ? "vigia" : `vigia-${name}`),
    domain: domain ?? null,
    accountId: accountId ?? null,
    sendEmail,
    vars,
  }));
}

/** Two stages with one Worker share secrets and tickets. Two with one domain take it from each other at each deployment. */
export function stageConflicts(stages: readonly Stage[]): string[] {
  return stages.flatMap((stage, index) => {
    const earlier = stages.slice(0, index);
    const sameWorker = earlier.find(({ workerName }) => workerName === stage.workerName);
    const sameDomain = earlier.find(({ domain }) => domain !== null && domain === stage.domain);
    return [
      ...(sameWorker ? [`stages.${stage.name}.workerName is also the Worker of ${sameWorker.name}. Give each its own.`] : []),
      ...(stage.domain?.endsWith(".workers.dev")
        ? [`stages.${stage.name}.domain is an address of workers.dev. Remove it, and set hubUrl of the instances to it.`]
        : []),
      ...(sameDomain ? [`stages.${stage.name}.domain is also the domain of ${sameDomain.name}. Give each its own.`] : []),
    ];
  });
}
