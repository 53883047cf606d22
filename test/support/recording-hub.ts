import { createServer } from "node:http";
import { importSecrets, verify } from "../../protocol/signature.ts";
import { parseUpdates, type Update } from "../../protocol/updates.ts";

export interface ReceivedPost {
  webhookId: string;
  timestamp: string;
  body: string;
  updates: Update[];
}

/** What the hub answers instead of storing: a status, and perhaps headers and a body. */
export interface OrderedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
  /** Break the connection instead. */
  cut?: boolean;
}

/** The posting side of the hub in this process: it verifies, parses and keeps what is posted, and refuses as it is told. */
export interface RecordingHub {
  url: string;
  /** Every accepted post, the oldest first. */
  posts: ReceivedPost[];
  /** Every attempt that reached the hub. */
  attempts: { webhookId: string; status: number }[];
  updates(): Update[];
  /** The next posts are answered so, whatever they are. */
  answerNext(...answers: OrderedAnswer[]): void;
  /** What was ordered and not used yet is forgotten. */
  clearOrders(): void;
  watch(contactId: string): void;
  useSecrets(secrets: string): void;
  close(): Promise<void>;
}

export async function startRecordingHub(instanceId: string, secrets: string): Promise<RecordingHub> {
  let keys = importSecrets(secrets);
  const posts: ReceivedPost[] = [];
  const attempts: RecordingHub["attempts"] = [];
  const ordered: OrderedAnswer[] = [];
  const watched = new Set<string>();
  const seen = new Set<string>();

  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on("data", (part: Buffer) => parts.push(part));
    request.on("end", () => {
      void (async () => {
        const bytes = Buffer.concat(parts);
        const answer = async (): Promise<OrderedAnswer> => {
          const order = ordered.shift();
          if (order !== undefined) return order;
          if (request.url !== `/v1/instances/${instanceId}/updates`) return { status: 404, body: { error: "not_found" } };
          const header = (name: string) => {
            const value = request.headers[name];
            return typeof value === "string" ? value : null;
          };
          const verified = await verify(await keys, header, bytes, Math.floor(Date.now() / 1000));
          if (!verified.ok) return { status: 401, body: { error: "unauthorized" } };
          const parsed = parseUpdates(bytes.toString("utf8"), Date.now());
          if (!parsed.ok) return { status: 400, body: { error: "invalid_update", path: parsed.path, message: parsed.message } };
          const duplicate = seen.has(verified.id);
          seen.add(verified.id);
          if (!duplicate) {
            const timestamp = header("webhook-timestamp") ?? "";
            posts.push({ webhookId: verified.id, timestamp, body: bytes.toString("utf8"), updates: parsed.updates });
          }
          const ids = new Set(parsed.updates.flatMap((update) => ("contactId" in update ? [update.contactId] : [])));
          return {
            status: 200,
            body: {
              accepted: duplicate ? 0 : parsed.updates.length,
              stale: 0,
              duplicate,
              epoch: "e",
              seq: posts.length,
              watched: [...ids].filter((id) => watched.has(id)),
            },
          };
        };
        const result = await answer();
        attempts.push({ webhookId: String(request.headers["webhook-id"]), status: result.cut ? 0 : result.status });
        if (result.cut) return response.destroy();
        response.writeHead(result.status, { "content-type": "application/json", ...result.headers });
        return response.end(JSON.stringify(result.body ?? {}));
      })();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("the recording hub has no port");
  return {
    url: `http://127.0.0.1:${address.port}`,
    posts,
    attempts,
    updates: () => posts.flatMap((post) => post.updates),
    answerNext: (...answers) => void ordered.push(...answers),
    clearOrders: () => {
      ordered.length = 0;
    },
    watch: (contactId) => void watched.add(contactId),
    useSecrets: (next) => {
      keys = importSecrets(next);
    },
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
