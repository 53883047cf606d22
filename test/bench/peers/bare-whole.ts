import { DurableObject } from "cloudflare:workers";
import type { PeerAgent } from "./board.ts";
import { ConflatingBoard } from "./conflating-board.ts";
import { answerViewer } from "./hibernating-viewers.ts";
import { isSigned } from "./signed-store.ts";

interface BareEnv {
  HUB: DurableObjectNamespace<BareWhole>;
  AGENTS: string;
  SIGNING_SECRET: string;
}

/**
 * What the platform itself costs for the whole job: a hibernating object that conflates, checks each signature, and stores the post's
 * id and the changed agents in one transaction before it answers. It checks no update, and knows no alerts and no past.
 */
export class BareWhole extends DurableObject<BareEnv> {
  readonly #board = new ConflatingBoard(Number(this.env.AGENTS), (frame) => {
    for (const socket of this.ctx.getWebSockets()) socket.send(frame);
  });

  constructor(ctx: DurableObjectState, env: BareEnv) {
    super(ctx, env);
    const { sql } = ctx.storage;
    sql.exec("CREATE TABLE IF NOT EXISTS posts (id TEXT PRIMARY KEY, receivedAt INTEGER NOT NULL) WITHOUT ROWID");
    sql.exec("CREATE TABLE IF NOT EXISTS agents (agentId TEXT PRIMARY KEY, agent TEXT NOT NULL) WITHOUT ROWID");
  }

  override async fetch(request: Request): Promise<Response> {
    const answer = answerViewer(this.ctx, this.#board, request);
    if (answer !== null) return answer;
    const body = await request.text();
    const header = (name: string) => request.headers.get(name) ?? "";
    if (!isSigned(this.env.SIGNING_SECRET, header, body)) return new Response("The signature is wrong.", { status: 401 });
    return new Response(this.#applyOnce(header("webhook-id"), body));
  }

  override webSocketMessage(): void {}

  #applyOnce(id: string, body: string): string {
    const { storage } = this.ctx;
    return storage.transactionSync(() => {
      if (storage.sql.exec("INSERT OR IGNORE INTO posts VALUES (?, ?)", id, Date.now()).rowsWritten === 0) return "{}";
      return this.#board.applyPost(body, (agents) => this.#save(agents));
    });
  }

  #save(agents: readonly PeerAgent[]): void {
    for (const agent of agents)
      this.ctx.storage.sql.exec("INSERT OR REPLACE INTO agents VALUES (?, ?)", agent.agentId, JSON.stringify(agent));
  }
}

export default {
  fetch(request: Request, env: BareEnv): Promise<Response> {
    return env.HUB.getByName("bench").fetch(request);
  },
};
