import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2ServerRequest } from "node:http2";
import type { AwsAccount, AwsAnswer } from "./aws-account.ts";

/** A request as the stand-in saw it. Key and Region come from its signature. */
export interface SeenRequest {
  accessKey: string;
  region: string;
  service: string;
  path: string;
  body: string;
}

export interface AwsStandIn {
  url: string;
  /** The same over HTTP/2, which the SDK's client of Kinesis speaks. */
  http2Url: string;
  seen: SeenRequest[];
  close(): Promise<void>;
}

/** Access key -> account. */
const LOGINS: Readonly<Record<string, string>> = { AKIDOWN: "999988887777", AKIDOTHER: "444455556666" };

/**
 * Answers as AWS does in an account without the CDK's bootstrap stack: it knows whose login a request has, and what is in the
 * given account.
 * The forms of the answers are those of the Query protocol (STS API reference, GetCallerIdentity, 2026-11).
 */
export async function startAwsStandIn(content?: Pick<AwsAccount, "answer">): Promise<AwsStandIn> {
  const seen: SeenRequest[] = [];
  const answer = async (
    request: IncomingMessage | Http2ServerRequest,
    response: { writeHead(status: number, headers: Record<string, string>): unknown; end(body: string): unknown },
  ) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/.exec(request.headers.authorization ?? "");
    const [, accessKey = "", region = "", service = ""] = scope ?? [];
    const one = { accessKey, region, service, path: request.url ?? "", body };
    seen.push(one);
    const account = LOGINS[accessKey];
    if (body.includes("Action=GetCallerIdentity") && account !== undefined) {
      const result = `<Arn>arn:aws:iam::${account}:user/deployer</Arn><UserId>U</UserId><Account>${account}</Account>`;
      response.writeHead(200, { "content-type": "text/xml" });
      response.end(
        `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}` +
          "</GetCallerIdentityResult></GetCallerIdentityResponse>",
      );
      return;
    }
    const found: AwsAnswer | null = content?.answer(one, String(request.headers["x-amz-target"] ?? "")) ?? null;
    if (found !== null) {
      response.writeHead(found.status, { "content-type": found.type });
      response.end(found.body);
      return;
    }
    if (service === "ssm") {
      response.writeHead(400, { "content-type": "application/x-amz-json-1.1" });
      response.end('{"__type":"ParameterNotFound","message":"not bootstrapped"}');
      return;
    }
    response.writeHead(400, { "content-type": "text/xml" });
    response.end(
      "<ErrorResponse><Error><Type>Sender</Type><Code>ValidationError</Code><Message>It does not exist</Message></Error></ErrorResponse>",
    );
  };
  const server = createServer((request, response) => void answer(request, response));
  const http2 = createHttp2Server((request, response) => void answer(request, response));
  await new Promise<void>((resolve) => http2.listen(0, "127.0.0.1", resolve));
  const address = http2.address();
  const port = typeof address === "object" && address !== null ? address.port : 0;
  return {
    url: await listenOnLoopback(server),
    http2Url: `http://127.0.0.1:${port}`,
    seen,
    close: async () => {
      http2.close();
      await closeServer(server);
    },
  };
}

export async function listenOnLoopback(server: Server): Promise<string> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("The server has no port.");
  return `http://127.0.0.1:${address.port}`;
}

export function closeServer(server: Server): Promise<void> {
  server.closeAllConnections();
  return new Promise((resolve) => {
    server.close(() => resolve());
  });
}
