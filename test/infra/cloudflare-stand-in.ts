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
  close(): Promise<void>;
}

/** What wrangler sends with a Worker (developers.cloudflare.com/workers/configuration/multipart-upload-metadata, 2026-11). */
const uploadSchema = v.object({
  bindings: v.array(v.looseObject({ name: v.string(), type: v.string() })),
});
export type Upload = v.InferOutput<typeof uploadSchema>;

/**
 * Answers as Cloudflare's API does for an account without Workers: it accepts what is sent and knows nothing else. The form of
 * the answers is the API's envelope (developers.cloudflare.com/fundamentals/api/reference, 2026-11).
 */
export async function startCloudflareStandIn(): Promise<CloudflareStandIn> {
  const seen: ApiRequest[] = [];
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = "", url = "" } = request;
    seen.push({ method, path: url, body: Buffer.concat(chunks).toString("latin1") });
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
  return { url: `${await listenOnLoopback(server)}/client/v4`, seen, close: () => closeServer(server) };
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
    subdomain,
    ...subdomain,
  };
}

/** Returns the Worker that was uploaded under a name. @throws Error when there was none */
export function uploadOf({ seen }: CloudflareStandIn, workerName: string): Upload {
  const upload = seen.find(({ method, path }) => method === "PUT" && path.split("?")[0]?.endsWith(`/scripts/${workerName}`));
  const metadata = /name="metadata"\r\n(?:.+\r\n)*\r\n(.+)\r\n/.exec(upload?.body ?? "")?.[1];
  if (metadata === undefined) throw new Error(`No Worker ${workerName} was uploaded.`);
  return v.parse(uploadSchema, JSON.parse(metadata));
}
