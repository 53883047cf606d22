import { createServer } from "node:http";
import * as v from "valibot";
import { closeServer, listenOnLoopback } from "./aws-stand-in.ts";

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
  close(): Promise<void>;
}

/** What wrangler sends with a Worker (developers.cloudflare.com/workers/configuration/multipart-upload-metadata, 2026-11). */
const uploadSchema = v.object({
  bindings: v.array(v.looseObject({ name: v.string(), type: v.string() })),
  /** Kinds of bindings that Cloudflare keeps from the deployed version. */
  keep_bindings: v.optional(v.array(v.string()), []),
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
  const workers: CloudflareStandIn["workers"] = new Map();
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = "", url = "" } = request;
    const body = Buffer.concat(chunks).toString("latin1");
    seen.push({ method, path: url, body });
    const answer = secretsAnswer(workers, method, url.split("?")[0] ?? "", body);
    if (answer !== null) {
      response.writeHead(answer.status, { "content-type": "application/json" });
      const errors = answer.status === 200 ? [] : [{ code: 10007, message: "This Worker does not exist on your account." }];
      response.end(JSON.stringify({ success: answer.status === 200, errors, messages: [], result: answer.result }));
      return;
    }
    const known = method !== "GET" || /\/(workers\/workers\/[^/]+|subdomain|domains\/records)$/.test(url.split("?")[0] ?? "");
    response.writeHead(known ? 200 : 404, { "content-type": "application/json" });
    response.end(
      JSON.stringify({
        success: known,
        errors: known ? [] : [{ code: 10007, message: "This Worker does not exist on your account." }],
        messages: [],
        result: known ? resultOf(url) : null,
      }),
    );
  });
  return { url: `${await listenOnLoopback(server)}/client/v4`, seen, workers, close: () => closeServer(server) };
}

/** Keeps the secrets of an uploaded Worker, changes them, and lists their names. null = the request is about something else. */
function secretsAnswer(
  workers: CloudflareStandIn["workers"],
  method: string,
  path: string,
  body: string,
): { status: number; result: unknown } | null {
  const [, service] = /\/workers\/services\/([\w-]+)$/.exec(path) ?? [];
  if (service !== undefined && workers.has(service)) {
    const script = { last_deployed_from: "wrangler", migration_tag: "v1", tag: "" };
    return { status: 200, result: { id: service, default_environment: { environment: "production", script } } };
  }
  const [, name = "", rest = ""] = /\/workers\/scripts\/([\w-]+)(\/secrets(?:-bulk)?)?$/.exec(path) ?? [];
  if (name === "") return null;
  const secrets = workers.get(name);
  if (method === "PUT" && rest === "") {
    const uploaded = metadataOf(body).bindings.filter(({ type }) => type === "secret_text");
    workers.set(name, { ...secrets, ...Object.fromEntries(uploaded.map((one) => [one.name, String(one["text"])])) });
    return null;
  }
  if (rest === "") return null;
  if (secrets === undefined) return { status: 404, result: null };
  if (method === "PATCH") {
    for (const [key, value] of Object.entries(v.parse(secretsSchema, JSON.parse(body).secrets))) {
      if (value === null) delete secrets[key];
      else secrets[key] = value.text;
    }
  }
  return { status: 200, result: Object.keys(secrets).map((key) => ({ name: key, type: "secret_text" })) };
}

function resultOf(path: string): unknown {
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

function metadataOf(body: string): Upload {
  const metadata = /name="metadata"\r\n(?:.+\r\n)*\r\n(.+)\r\n/.exec(body)?.[1];
  return v.parse(uploadSchema, JSON.parse(metadata ?? "{}"));
}
