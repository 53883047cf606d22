import { createReadStream, existsSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";

const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };

/** Serves the files of a folder on a port of its own, with a Content Security Policy, as an embedder's web server does. */
export class PageServer {
  readonly #server: Server;
  readonly origin: string;
  /** The value of `Content-Security-Policy`. Empty for none. */
  policy = "";

  private constructor(server: Server, origin: string) {
    this.#server = server;
    this.origin = origin;
  }

  static async start(folder: string): Promise<PageServer> {
    const server = createServer((request, response) => {
      const path = new URL(request.url ?? "/", "http://page").pathname;
      const type = TYPES[path.split(".").at(-1) ?? ""];
      const file = join(folder, path);
      if (type === undefined || path.includes("..") || !existsSync(file)) {
        response.writeHead(404).end();
        return;
      }
      response.setHeader("content-type", type);
      if (started.policy !== "") response.setHeader("content-security-policy", started.policy);
      createReadStream(file).pipe(response);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The page server is not listening.");
    const started = new PageServer(server, `http://127.0.0.1:${address.port}`);
    return started;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
