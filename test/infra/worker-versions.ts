import { randomUUID } from "node:crypto";
import * as v from "valibot";

export interface WorkerVersion {
  id: string;
  createdOn: string;
  /** The request that uploaded the code, as latin1 text. */
  upload: string;
  secrets: Readonly<Record<string, string>>;
}

interface Deployment {
  id: string;
  createdOn: string;
  versionId: string;
}

export interface VersionRequest {
  method: string;
  /** The path below `/workers/scripts/<Worker>/`. */
  rest: string;
  force: boolean;
  body: string;
}

/** An answer of the API. `error` = it refuses. */
export type VersionAnswer = { result: unknown } | { status: number; error: { code: number; message: string } };

const deploymentSchema = v.object({ versions: v.tuple([v.object({ version_id: v.string() })]) });

/**
 * The versions of one Worker and which of them was deployed when. A changed secret makes a version too, and a version keeps the
 * secrets that it had (developers.cloudflare.com/workers/configuration/versions-and-deployments, 2026-11). The error for a changed
 * secret is what wrangler 4.164 reads (`CANNOT_ROLLBACK_WITH_MODIFIED_SECERT_CODE`).
 */
export class WorkerVersions {
  readonly #versions: WorkerVersion[] = [];
  readonly #deployments: Deployment[] = [];
  #milliseconds = Date.now();

  /** The version that answers requests. @throws Error before the first deployment */
  get current(): WorkerVersion {
    return this.#find(this.#deployments.at(-1)?.versionId ?? "");
  }

  get isDeployed(): boolean {
    return this.#deployments.length > 0;
  }

  add(upload: string, secrets: Readonly<Record<string, string>>): WorkerVersion {
    const version = { id: randomUUID(), createdOn: this.#now(), upload, secrets: { ...secrets } };
    this.#versions.push(version);
    return version;
  }

  deploy(versionId: string): void {
    this.#deployments.push({ id: randomUUID(), createdOn: this.#now(), versionId });
  }

  /** @param present the secrets that the Worker has. @returns null = the request is about something else */
  answer({ method, rest, force, body }: VersionRequest, present: Readonly<Record<string, string>>): VersionAnswer | null {
    if (!this.isDeployed) return null;
    if (rest === "deployments" && method === "GET") {
      const deployments = this.#deployments.toReversed().map(({ id, createdOn, versionId }) => ({
        id,
        source: "wrangler",
        strategy: "percentage",
        author_email: "deployer@contact-center.test",
        created_on: createdOn,
        versions: [{ version_id: versionId, percentage: 100 }],
      }));
      return { result: { deployments } };
    }
    if (rest === "deployments" && method === "POST") return this.#requested(body, force, present);
    const [, id] = /^versions\/([\w-]+)$/.exec(rest) ?? [];
    if (id !== undefined && method === "GET") return { result: describe(this.#find(id)) };
    if (rest === "versions" && method === "GET") return { result: { items: this.#versions.toReversed().map(describe) } };
    return null;
  }

  #requested(body: string, force: boolean, present: Readonly<Record<string, string>>): VersionAnswer {
    const [{ version_id: id }] = v.parse(deploymentSchema, JSON.parse(body)).versions;
    const changed = changedNames(this.#find(id).secrets, present);
    // A new version has the secrets of the present one. An older one may have others.
    if (changed.length > 0 && !force) {
      const message = `Cannot deploy this version. The following secrets have changed: ${changed.join(", ")}`;
      return { status: 400, error: { code: 10220, message } };
    }
    this.deploy(id);
    return { result: { id: this.#deployments.at(-1)?.id } };
  }

  #find(id: string): WorkerVersion {
    const found = this.#versions.find((one) => one.id === id);
    if (found === undefined) throw new Error(`The Worker has no version ${id}.`);
    return found;
  }

  /** Two versions never have the same time, because wrangler sorts by it. */
  #now(): string {
    this.#milliseconds = Math.max(this.#milliseconds + 1, Date.now());
    return new Date(this.#milliseconds).toISOString();
  }
}

function changedNames(before: Readonly<Record<string, string>>, after: Readonly<Record<string, string>>): string[] {
  return [...new Set([...Object.keys(before), ...Object.keys(after)])].filter((name) => before[name] !== after[name]);
}

const describe = ({ id, createdOn }: WorkerVersion) => ({
  id,
  number: 1,
  metadata: { created_on: createdOn, modified_on: createdOn, source: "wrangler", author_email: "deployer@contact-center.test" },
  annotations: {},
  resources: { script: { etag: id, handlers: ["fetch"] }, script_runtime: {}, bindings: [] },
});
