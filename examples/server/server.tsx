// HUB=http://127.0.0.1:8787 PORT=3000 node dist/server/server.js
import { createReadStream } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { renderToPipeableStream } from "react-dom/server";
import { fetchTicket, type InitialData, TicketError } from "vigia/client";
import { Page, type PageData } from "./Page.tsx";

const hub = process.env["HUB"] ?? "http://127.0.0.1:8787";
const instance = process.env["INSTANCE"] ?? "a8c17f30-f72c-4900-abd2-8745056c4c99";
const base = `${hub}/v1/instances/${instance}`;

/** Your session: returns the identity token of the person who asks. It is "" for a hub in AUTH_MODE=local. */
async function idTokenOf(_request: IncomingMessage): Promise<string> {
  return "";
}

async function ticketFor(request: IncomingMessage): Promise<string> {
  return fetchTicket({ url: `${base}/tickets` }, { headers: { authorization: `Bearer ${await idTokenOf(request)}` } });
}

async function agentsFor(request: IncomingMessage): Promise<InitialData> {
  const answer = await fetch(`${base}/agents`, { headers: { authorization: `Bearer ${await ticketFor(request)}` } });
  if (!answer.ok) throw new Error(`The hub gave no agents: ${answer.status}`);
  return answer.json();
}

function Document({ data }: { data: PageData }) {
  return (
    <html lang="en">
      <head>
        <meta charSet="utf-8" />
        <title>Agents</title>
      </head>
      <body>
        <div id="root" data-page={JSON.stringify(data)}>
          <Page {...data} />
        </div>
      </body>
    </html>
  );
}

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  if (request.url === "/vigia-ticket") {
    response.writeHead(200, { "content-type": "application/json", "cache-control": "no-store" });
    response.end(JSON.stringify({ ticket: await ticketFor(request) }));
  } else if (request.url === "/main.js") {
    response.writeHead(200, { "content-type": "text/javascript" });
    createReadStream(new URL("../client/main.js", import.meta.url)).pipe(response);
  } else {
    const data = { hub, instance, initialData: await agentsFor(request) };
    response.writeHead(200, { "content-type": "text/html; charset=utf-8", "cache-control": "no-store" });
    const { pipe } = renderToPipeableStream(<Document data={data} />, {
      bootstrapModules: ["/main.js"],
      onShellReady: () => pipe(response),
    });
  }
}

const server = createServer((request, response) => {
  answer(request, response).catch((error: unknown) => {
    console.error(error);
    response.writeHead(error instanceof TicketError ? error.status : 502).end();
  });
});
server.listen(Number(process.env["PORT"] ?? 3000), "127.0.0.1", () => console.log("Listening on", server.address()));
