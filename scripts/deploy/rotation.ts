import * as v from "valibot";

/**
 * The secrets of the hub in the format of `wrangler --secrets-file`. `INGEST_SECRETS` maps an instance id to its signing
 * secrets, separated by spaces, the newest first.
 */
export const hubSecretsSchema = v.object({
  INGEST_SECRETS: v.pipe(v.string(), v.parseJson(), v.record(v.string(), v.pipe(v.string(), v.nonEmpty()))),
  TICKET_SECRET: v.pipe(v.string(), v.nonEmpty()),
  METRICS_TOKEN: v.pipe(v.string(), v.nonEmpty()),
});
export type HubSecrets = v.InferOutput<typeof hubSecretsSchema>;

export type Changed = { ok: true; secrets: HubSecrets } | { ok: false; message: string };

/** The time for which a function may still sign with the old secret: its cache (5 minutes) and its longest series of retries. */
export const SETTLE_MS = 10 * 60_000;

/** Adds an instance. `random` returns a new value. A hub without secrets gets all three. */
export function addInstance(known: HubSecrets | null, instanceId: string, random: () => string): Changed {
  if (known?.INGEST_SECRETS[instanceId] !== undefined) {
    return { ok: false, message: `${instanceId} already has a signing secret. To replace it, run npm run secret -- rotate.` };
  }
  const hub = known ?? { INGEST_SECRETS: {}, TICKET_SECRET: random(), METRICS_TOKEN: random() };
  return change(hub, instanceId, [`whsec_${random()}`]);
}

/** First step of a rotation: adds a new secret next to the old one, so that the order of the clouds does not matter. */
export function beginRotation(known: HubSecrets | null, instanceId: string, random: () => string): Changed {
  const current = signingSecrets(known, instanceId);
  if (known === null || current.length === 0) return unknown(instanceId);
  if (current.length > 1) {
    return { ok: false, message: `A rotation of ${instanceId} has already begun. To end it, run npm run secret -- finish.` };
  }
  return change(known, instanceId, [`whsec_${random()}`, ...current]);
}

/**
 * Second step of a rotation: removes the old secret. It refuses while a function may still sign with the old secret.
 * @param put when each cloud got the secrets of the first step, epoch ms (absent = not yet)
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
    return { ok: false, message: `No rotation of ${instanceId} has begun. Run npm run secret -- rotate first.` };
  if (put.hub === undefined || put.aws === undefined) {
    return { ok: false, message: "The new secret is not in both clouds yet. Run npm run secret -- put first." };
  }
  const wait = Math.ceil((Math.max(put.hub, put.aws) + SETTLE_MS - now) / 60_000);
  if (wait > 0) return { ok: false, message: `Some functions may still sign with the old secret. Try again in ${wait} min.` };
  return change(known, instanceId, [newest]);
}

/** Returns the instance's signing secrets, the newest first. Hub and AWS have the same list. Empty = unknown instance. */
export function signingSecrets(known: HubSecrets | null, instanceId: string): string[] {
  return (known?.INGEST_SECRETS[instanceId] ?? "").split(" ").filter((word) => word !== "");
}

function change(hub: HubSecrets, instanceId: string, secrets: string[]): Changed {
  return { ok: true, secrets: { ...hub, INGEST_SECRETS: { ...hub.INGEST_SECRETS, [instanceId]: secrets.join(" ") } } };
}

function unknown(instanceId: string): Changed {
  return { ok: false, message: `This machine has no signing secret for ${instanceId}. Run npm run secret -- new first.` };
}
