import * as v from "valibot";

/**
 * The secrets of the hub as `wrangler --secrets-file` takes them. Pure: random values and times are arguments.
 * `INGEST_SECRETS` maps instance id -> space-separated signing secrets, newest first.
 */
export const hubSecretsSchema = v.object({
  INGEST_SECRETS: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.pipe(v.string(), v.nonEmpty()))),
  TICKET_SECRET: v.pipe(v.string(), v.nonEmpty()),
  METRICS_TOKEN: v.pipe(v.string(), v.nonEmpty()),
});
export type HubSecrets = v.InferOutput<typeof hubSecretsSchema>;

export type Changed = { ok: true; secrets: HubSecrets } | { ok: false; message: string };

/** How long a function may still sign with what it read before: its cache (5 minutes) and the longest series of retries. */
export const SETTLE_MS = 10 * 60_000;

/** Adds an instance. `random` makes the values; a hub without secrets gets all three. */
export function addInstance(known: HubSecrets | null, instanceId: string, random: () => string): Changed {
  if (known?.INGEST_SECRETS[instanceId] !== undefined) {
    return { ok: false, message: `${instanceId} has a signing secret already; to replace it: npm run secret -- rotate` };
  }
  const hub = known ?? { INGEST_SECRETS: {}, TICKET_SECRET: random(), METRICS_TOKEN: random() };
  return change(hub, instanceId, [`whsec_${random()}`]);
}

/** First step of a rotation: both clouds learn a new secret next to the old one, so that either may be first. */
export function beginRotation(known: HubSecrets | null, instanceId: string, random: () => string): Changed {
  const current = signingSecrets(known, instanceId);
  if (known === null || current.length === 0) return unknown(instanceId);
  if (current.length > 1) {
    return { ok: false, message: `A rotation of ${instanceId} has begun; to end it: npm run secret -- finish` };
  }
  return change(known, instanceId, [`whsec_${random()}`, ...current]);
}

/**
 * Second step: both clouds forget the old secret. Too early, a function that has not read the new one yet would be refused.
 * @param put when the first step was put into each cloud (epoch ms); absent = it was not
 */
export function finishRotation(
  known: HubSecrets | null,
  instanceId: string,
  put: { hub?: number | undefined; aws?: number | undefined },
  now: number,
): Changed {
  const current = signingSecrets(known, instanceId);
  const [newest] = current;
  if (known === null || newest === undefined) return unknown(instanceId);
  if (current.length === 1)
    return { ok: false, message: `No rotation of ${instanceId} has begun; first: npm run secret -- rotate` };
  if (put.hub === undefined || put.aws === undefined) {
    return { ok: false, message: "The new secret is not in both clouds yet; first: npm run secret -- put" };
  }
  const wait = Math.ceil((Math.max(put.hub, put.aws) + SETTLE_MS - now) / 60_000);
  if (wait > 0) return { ok: false, message: `Some functions may still sign with the old secret; try again in ${wait} min.` };
  return change(known, instanceId, [newest]);
}

/** What AWS Secrets Manager holds for an instance: the same list the hub has. Empty = the instance is unknown. */
export function signingSecrets(known: HubSecrets | null, instanceId: string): string[] {
  return (known?.INGEST_SECRETS[instanceId] ?? "").split(" ").filter((word) => word !== "");
}

function change(hub: HubSecrets, instanceId: string, secrets: string[]): Changed {
  return { ok: true, secrets: { ...hub, INGEST_SECRETS: { ...hub.INGEST_SECRETS, [instanceId]: secrets.join(" ") } } };
}

function unknown(instanceId: string): Changed {
  return { ok: false, message: `${instanceId} has no signing secret here; first: npm run secret -- new` };
}
