import { createServer, type IncomingMessage, type Server } from "node:http";
import { createServer as createHttp2Server, type Http2ServerRequest } from "node:http2";
import type { AwsAccount, AwsAnswer, SeenRequest } from "./aws-account.ts";

export interface AwsStandIn {
  url: string;
  /** The same over HTTP/2, which the SDK's client of Kinesis speaks. */
  http2Url: string;
  seen: SeenRequest[];
  close(): Promise<void>;
}

/** Access key -> account. */
const LOGINS: Readonly<Record<string, string>> = { AKIDOWN: "999988887777", AKIDOTHER: "444455556666" };

/** Returns whose login a request has. The keys of a role that was assumed name their account. */
export function accountOf(accessKey: string): string | undefined {
  return LOGINS[accessKey] ?? /^ASIA(\d{12})$/.exec(accessKey)?.[1];
}

/**
 * Answers as AWS does in an account without the CDK's bootstrap stack: it knows whose login a request has, and what is in the
 * given account.
 * The forms of the answers are those of the Query protocol (STS API reference, GetCallerIdentity, 2026-11).
 */
export async function startAwsStandIn(content?: Pick<AwsAccount, "answer">): Promise<AwsStandIn> {
  const seen: SeenRequest[] = [];
  const answer = async (request: IncomingMessage | Http2ServerRequest): Promise<AwsAnswer> => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const scope = /Credential=([^/]+)\/\d+\/([^/]+)\/([^/]+)/.exec(request.headers.authorization ?? "");
    const [, accessKey = "", region = "", service = ""] = scope ?? [];
    const one = { accessKey, region, service, method: request.method ?? "", path: request.url ?? "", body };
    seen.push(one);
    const account = accountOf(accessKey);
    if (body.includes("Action=GetCallerIdentity") && account !== undefined) return callerIdentity(account);
    const found = content?.answer(one, String(request.headers["x-amz-target"] ?? ""));
    if (found) return found;
    if (service === "ssm") {
      const refusal = '{"__type":"ParameterNotFound","message":"not bootstrapped"}';
      return { status: 400, type: "application/x-amz-json-1.1", body: refusal };
    }
    const error = "<Type>Sender</Type><Code>ValidationError</Code><Message>It does not exist</Message>";
    return { status: 400, type: "text/xml", body: `<ErrorResponse><Error>${error}</Error></ErrorResponse>` };
  };
  const server = createServer(async (request, response) => {
    const { status, type, body } = await answer(request);
    response.writeHead(status, { "content-type": type }).end(body);
  });
  const http2 = createHttp2Server(async (request, response) => {
    const { status, type, body } = await answer(request);
    response.writeHead(status, { "content-type": type });
    response.end(body);
  });
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

function callerIdentity(account: string): AwsAnswer {
  const result = `<Arn>arn:aws:iam::${account}:user/deployer</Arn><UserId>U</UserId><Account>${account}</Account>`;
  const body =
    `<GetCallerIdentityResponse xmlns="https://sts.amazonaws.com/doc/2011-06-15/"><GetCallerIdentityResult>${result}` +
    "</GetCallerIdentityResult></GetCallerIdentityResponse>";
  return { status: 200, type: "text/xml", body };
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
