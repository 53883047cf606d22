import { createServer, type Server, request as sendRequest } from "node:http";

/** A proxy that passes requests on and knows no WebSocket: it leaves `Upgrade` out, as RFC 9110 section 7.6.1 lets it. */
export class CompanyProxy {
  readonly #server: Server;
  readonly url: string;
  upgrades = 0;

  private constructor(server: Server, url: string) {
    this.#server = server;
    this.url = url;
  }

  static async start(target: string): Promise<CompanyProxy> {
    const server = createServer((request, response) => {
      if (request.headers.upgrade !== undefined) started.upgrades += 1;
      const { upgrade: _upgrade, connection: _connection, ...headers } = request.headers;
      const onward = sendRequest(new URL(request.url ?? "/", target), { method: request.method ?? "GET", headers }, (answer) => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
      onward.on("error", () => response.writeHead(502).end());
      request.pipe(onward);
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The proxy is not listening.");
    const started = new CompanyProxy(server, `http://127.0.0.1:${address.port}`);
    return started;
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}
