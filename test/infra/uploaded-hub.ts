import { createServer, type IncomingMessage } from "node:http";
import { join } from "node:path";
import { convertV4MiniflareOptions, Log, LogLevel, Miniflare } from "miniflare";
import { closeServer, listenOnLoopback } from "./aws-stand-in.ts";
import { type CloudflareStandIn, metadataOf } from "./cloudflare-stand-in.ts";

/**
 * Serves the domain of a Worker as Cloudflare does: with the very code, settings and secrets of the version that is deployed at
 * the moment. The stored data stays when another version is deployed.
 */
export class UploadedHub {
  readonly #cloudflare: CloudflareStandIn;
  readonly #workerName: string;
  readonly #domain: string;
  readonly #folder: string;
  readonly #server = createServer((request, response) => {
    this.#answer(request).then(
      async (answer) => {
        response.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()));
      },
      (error: unknown) => response.writeHead(502).end(String(error)),
    );
  });
  #running: { versionId: string; miniflare: Miniflare } | null = null;

  constructor(cloudflare: CloudflareStandIn, workerName: string, domain: string, folder: string) {
    this.#cloudflare = cloudflare;
    this.#workerName = workerName;
    this.#domain = domain;
    this.#folder = folder;
  }

  /** @returns the address on this machine */
  start(): Promise<string> {
    return listenOnLoopback(this.#server);
  }

  async stop(): Promise<void> {
    await closeServer(this.#server);
    await this.#running?.miniflare.dispose();
  }

  async #answer(request: IncomingMessage) {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(Buffer.from(chunk));
    const { method = "GET", url = "/", headers } = request;
    const sent = Object.entries(headers).flatMap(([name, value]) =>
      ["host", "connection", "transfer-encoding", "content-length"].includes(name) ? [] : [[name, String(value)] as const],
    );
    const miniflare = await this.#deployed();
    const body = chunks.length === 0 ? {} : { body: Buffer.concat(chunks) };
    return miniflare.dispatchFetch(`https://${this.#domain}${url}`, { method, headers: Object.fromEntries(sent), ...body });
  }

  async #deployed(): Promise<Miniflare> {
    const { id, upload, secrets } = this.#versions.current;
    if (this.#running?.versionId === id) return this.#running.miniflare;
    await this.#running?.miniflare.dispose();
    const { bindings, main_module: main = "", compatibility_date: compatibilityDate = "" } = metadataOf(upload);
    const texts = bindings.flatMap(({ name, type, ...rest }) =>
      type === "plain_text" ? [[name, String(rest["text"])] as const] : [],
    );
    const objects = bindings.filter(({ type }) => type === "durable_object_namespace");
    const limits = bindings.filter(({ type }) => type === "ratelimit");
    const miniflare = new Miniflare(
      convertV4MiniflareOptions({
        name: this.#workerName,
        compatibilityDate,
        modules: [{ type: "ESModule", path: "hub.mjs", contents: moduleOf(upload, main) }],
        bindings: { ...Object.fromEntries(texts), ...secrets },
        durableObjects: Object.fromEntries(
          objects.map(({ name, ...rest }) => [name, { className: String(rest["class_name"]), useSQLite: true }]),
        ),
        ratelimits: Object.fromEntries(
          limits.map(({ name }) => [name, { name, namespace_id: name, simple: { limit: 30_000, period: 60 } }]),
        ),
        // Nothing leaves this machine. Receivers of alerts answer that they have the message.
        outboundService: () => new Response("ok"),
        resourcePersistencePath: join(this.#folder, "storage"),
        host: "127.0.0.1",
        port: 0,
        log: new Log(LogLevel.ERROR),
        cf: false,
      }),
    );
    await miniflare.ready;
    this.#running = { versionId: id, miniflare };
    return miniflare;
  }

  get #versions() {
    const versions = this.#cloudflare.versions.get(this.#workerName);
    if (versions === undefined) throw new Error(`No Worker ${this.#workerName} was uploaded.`);
    return versions;
  }
}

/** Returns the code of a Worker in the request that uploaded it. */
function moduleOf(upload: string, name: string): string {
  const [, boundary = ""] = /^(--[^\r]+)\r\n/.exec(upload) ?? [];
  const part = upload.split(boundary).find((one) => one.includes(`filename="${name}"`)) ?? "";
  const [, ...content] = part.split("\r\n\r\n");
  return Buffer.from(content.join("\r\n\r\n").replace(/\r\n$/, ""), "latin1").toString("utf8");
}
