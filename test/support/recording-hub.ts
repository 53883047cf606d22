import { createServer } from "node:http";
import { importSecrets, verify } from "../../protocol/signature.ts";
import { parseUpdates, type Update } from "../../protocol/updates.ts";

export interface ReceivedPost {
  webhookId: string;
  timestamp: string;
  body: string;
  updates: Update[];
}

/** An answer that the hub gives instead of storing a post. */
export interface OrderedAnswer {
  status: number;
  headers?: Record<string, string>;
  body?: object;
  /** Breaks the connection instead. */
  cut?: boolean;
}

/** A hub in this process for posts only. It verifies and parses each post, records it, and answers as ordered. */
export interface RecordingHub {
  url: string;
  /** All accepted posts, the oldest first. */
  posts: ReceivedPost[];
  /** All attempts that reached the hub. */
  attempts: { webhookId: string; status: number }[];
  updates(): Update[];
  /** The accepted updates without those that only say whether a contact is listened to. */
  contents(): Update[];
  /** Orders answers for the next posts, in this order. */
  answerNext(...answers: OrderedAnswer[]): void;
  /** Drops the ordered answers that are left. */
  clearOrders(): void;
  /** From now on, the answers say that a viewer watches the contact. */
  watch(contactId: string): void;
  /** The answer to the next queue snapshot doubts that these contacts wait. */
  doubtNext(contactIds: readonly string[]): void;
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
  let suspects: readonly string[] = [];

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
          const isSnapshot = parsed.updates.some(({ type }) => type === "queue.snapshot");
          const doubted = isSnapshot ? suspects : [];
          if (isSnapshot) suspects = [];
          return {
            status: 200,
            body: {
              accepted: duplicate ? 0 : parsed.updates.length,
              stale: 0,
              duplicate,
              epoch: "e",
              seq: posts.length,
              watched: [...ids].filter((id) => id !== null && watched.has(id)),
              ...(doubted.length > 0 && { suspects: doubted }),
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
  if (address === null || typeof address === "string") throw new Error("The recording hub has no port.");
  return {
    url: `http://127.0.0.1:${address.port}`,
    posts,
    attempts,
    updates: () => posts.flatMap((post) => post.updates),
    contents: () => posts.flatMap((post) => post.updates).filter(({ type }) => type !== "contact.transcription"),
    answerNext: (...answers) => void ordered.push(...answers),
    clearOrders: () => {
      ordered.length = 0;
    },
    watch: (contactId) => void watched.add(contactId),
    doubtNext: (contactIds) => {
      suspects = contactIds;
    },
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
