import { createServer } from "node:http";
import { importSecrets, verify } from "../../protocol/signature.ts";
import { readSettings } from "../../worker/settings.ts";
import { closeServer, listenOnLoopback } from "./aws-stand-in.ts";
import type { CloudflareStandIn } from "./cloudflare-stand-in.ts";

export interface DeployedHub {
  url: string;
  close(): Promise<void>;
}

/**
 * Answers as the hub of a Worker does, with the secrets that the stand-in of Cloudflare has for that Worker at the moment. The
 * Worker's own reader decides which instances exist.
 */
export async function startDeployedHub({ workers }: CloudflareStandIn, workerName: string): Promise<DeployedHub> {
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const answer = (status: number) => response.writeHead(status, { "content-type": "application/json" }).end("{}");
    const settings = readSettings({ ...workers.get(workerName) });
    if (request.url === "/healthz") return answer(200);
    if (!settings.ok) return answer(503);
    const instanceId = /^\/v1\/instances\/([^/]+)\/updates$/.exec(request.url ?? "")?.[1];
    if (instanceId === undefined) return answer(request.url === "/readyz" ? 200 : 404);
    const secrets = settings.settings.ingestSecrets.get(instanceId);
    if (secrets === undefined) return answer(401);
    const header = (name: string) => String(request.headers[name] ?? "") || null;
    const checked = await verify(await importSecrets(secrets), header, Buffer.concat(chunks), Date.now() / 1000);
    return answer(checked.ok ? 400 : 401);
  });
  return { url: await listenOnLoopback(server), close: () => closeServer(server) };
}
