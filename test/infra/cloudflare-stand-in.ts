import { createServer } from "node:http";
import * as v from "valibot";
import { closeServer, listenOnLoopback } from "./aws-stand-in.ts";
import { type VersionAnswer, WorkerVersions } from "./worker-versions.ts";

/** A request to Cloudflare's API, as the stand-in saw it. */
export interface ApiRequest {
  method: string;
  path: string;
  body: string;
}

export interface CloudflareStandIn {
  url: string;
  seen: ApiRequest[];
  /** Worker -> its secrets. Cloudflare returns only their names. */
  workers: Map<string, Record<string, string>>;
  /** Worker -> its versions. */
  versions: Map<string, WorkerVersions>;
  close(): Promise<void>;
}

/** What wrangler sends with a Worker (developers.cloudflare.com/workers/configuration/multipart-upload-metadata, 2026-11). */
const uploadSchema = v.object({
  bindings: v.array(v.looseObject({ name: v.string(), type: v.string() })),
  /** Kinds of bindings that Cloudflare keeps from the deployed version. */
  keep_bindings: v.optional(v.array(v.string()), []),
  main_module: v.optional(v.string()),
  compatibility_date: v.optional(v.string()),
});
export type Upload = v.InferOutput<typeof uploadSchema>;

const secretsSchema = v.record(v.string(), v.nullable(v.object({ text: v.string() })));

/**
 * Answers as Cloudflare's API does: it accepts what is sent, and keeps Workers and their secrets. The form of the answers is the
 * API's envelope (developers.cloudflare.com/fundamentals/api/reference, 2026-11). Secrets are merged, and null deletes one
 * (seen in wrangler 4.164).
 */
export async function startCloudflareStandIn(): Promise<CloudflareStandIn> {
  const seen: ApiRequest[] = [];
  const account: Content = { workers: new Map(), versions: new Map() };
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const one = { method: request.method ?? "", path: request.url ?? "", body: Buffer.concat(chunks).toString("latin1") };
    seen.push(one);
    const answer = serviceAnswer(account, one) ?? scriptAnswer(account, one) ?? otherAnswer(one);
    const refused = "error" in answer;
    response.writeHead(refused ? answer.status : 200, { "content-type": "application/json" });
    const [errors, result] = refused ? [[answer.error], null] : [[], answer.result];
    response.end(JSON.stringify({ success: !refused, errors, messages: [], result }));
  });
  const url = `${await listenOnLoopback(server)}/client/v4`;
  return { url, seen, ...account, close: () => closeServer(server) };
}

type Content = Pick<CloudflareStandIn, "workers" | "versions">;
type Answer = VersionAnswer;
const NO_WORKER: Answer = { status: 404, error: { code: 10007, message: "This Worker does not exist on your account." } };
const withoutQuery = (path: string) => path.split("?")[0] ?? "";

/** Describes a Worker that exists. null = the request is about something else. */
function serviceAnswer({ workers }: Content, { path }: ApiRequest): Answer | null {
  const [, service] = /\/workers\/services\/([\w-]+)$/.exec(withoutQuery(path)) ?? [];
  if (service === undefined || !workers.has(service)) return null;
  const script = { last_deployed_from: "wrangler", migration_tag: "v1", tag: "" };
  return { result: { id: service, default_environment: { environment: "production", script } } };
}

/** Keeps uploads as versions, and keeps and lists secrets. null = the request is about something else. */
function scriptAnswer({ workers, versions }: Content, { method, path, body }: ApiRequest): Answer | null {
  const [, name, rest = ""] = /\/workers\/scripts\/([\w-]+)\/?(.*)$/.exec(withoutQuery(path)) ?? [];
  if (name === undefined) return null;
  const own = versions.get(name) ?? new WorkerVersions();
  versions.set(name, own);
  const secrets = workers.get(name);
  if ((method === "PUT" && rest === "") || (method === "POST" && rest === "versions")) {
    const uploaded = metadataOf(body).bindings.filter(({ type }) => type === "secret_text");
    const next = { ...secrets, ...Object.fromEntries(uploaded.map((one) => [one.name, String(one["text"])])) };
    const { id } = own.add(body, next);
    if (rest === "") {
      own.deploy(id);
      workers.set(name, next);
    }
    return { result: { ...resultOf(path), ...(rest === "" ? {} : { id }) } };
  }
  if (rest === "secrets" || rest === "secrets-bulk") {
    if (secrets === undefined) return NO_WORKER;
    if (method === "PATCH") changeSecrets(secrets, body, own);
    return { result: Object.keys(secrets).map((key) => ({ name: key, type: "secret_text" })) };
  }
  const answer = own.answer({ method, rest, force: path.includes("force=true"), body }, secrets ?? {});
  // The deployed version decides which secrets the Worker has.
  if (method === "POST" && answer !== null && "result" in answer) workers.set(name, { ...own.current.secrets });
  return answer;
}

/** Merges secrets; null deletes one. The changed secrets are a new version of the same code. */
function changeSecrets(secrets: Record<string, string>, body: string, own: WorkerVersions): void {
  for (const [key, value] of Object.entries(v.parse(secretsSchema, JSON.parse(body).secrets))) {
    if (value === null) delete secrets[key];
    else secrets[key] = value.text;
  }
  if (own.isDeployed) own.deploy(own.add(own.current.upload, secrets).id);
}

function otherAnswer({ method, path }: ApiRequest): Answer {
  const known = method !== "GET" || /\/(workers\/workers\/[^/]+|subdomain|domains\/records)$/.test(withoutQuery(path));
  return known ? { result: resultOf(path) } : NO_WORKER;
}

function resultOf(path: string): Record<string, unknown> {
  if (path.includes("assets-upload-session")) return { jwt: "assets", buckets: [] };
  if (path.includes("/domains/changeset")) return { added: [], removed: [], updated: [], conflicting: [] };
  // Both addresses are open, so a Worker that wants them closed has to say so.
  const subdomain = { enabled: true, previews_enabled: true };
  return {
    id: "worker",
    etag: "etag",
    mutable: true,
    startup_time_ms: 1,
    deployment_id: "0".repeat(32),
    // A version of a Worker that exists. wrangler prints its start-up time.
    resources: { script: { etag: "etag" }, script_runtime: {}, bindings: [] },
    subdomain,
    ...subdomain,
  };
}

/** Returns the Worker that was uploaded under a name. @throws Error when there was none */
export function uploadOf({ seen }: CloudflareStandIn, workerName: string): Upload {
  // A Worker that exists gets a new version.
  const upload = seen.find(({ path }) => new RegExp(`/scripts/${workerName}(?:/versions)?$`).test(path.split("?")[0] ?? ""));
  if (upload === undefined) throw new Error(`No Worker ${workerName} was uploaded.`);
  return metadataOf(upload.body);
}

/** Returns what an upload says about a Worker. */
export function metadataOf(body: string): Upload {
  const metadata = /name="metadata"\r\n(?:.+\r\n)*\r\n(.+)\r\n/.exec(body)?.[1];
  return v.parse(uploadSchema, JSON.parse(metadata ?? "{}"));
}
