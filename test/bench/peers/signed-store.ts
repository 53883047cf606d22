/** What a whole job has beside the board: it checks the signature, takes each post once, and stores it before it answers. */
import { createHmac, timingSafeEqual } from "node:crypto";
import type { PeerAgent } from "./board.ts";

/** The part of SQLite that node:sqlite and bun:sqlite share. */
interface Sql {
  exec(sql: string): unknown;
  prepare(sql: string): { run(...values: (string | number)[]): { changes: number | bigint } };
}

/** Standard Webhooks 1.0: a post may be five minutes old. */
const TOLERANCE_SECONDS = 5 * 60;

/** Checks a signature of Standard Webhooks. `header` returns the value of a header. */
export function isSigned(secret: string, header: (name: string) => string, body: string): boolean {
  const [id, seconds] = [header("webhook-id"), header("webhook-timestamp")];
  if (Math.abs(Date.now() / 1000 - Number(seconds)) > TOLERANCE_SECONDS) return false;
  const key = Buffer.from(secret.slice("whsec_".length), "base64");
  const expected = Buffer.from(`v1,${createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64")}`);
  const given = Buffer.from(header("webhook-signature"));
  return given.length === expected.length && timingSafeEqual(given, expected);
}

/** Stores posts as Vigía does: the agents and the post's id in one transaction, which the disk has before the answer. */
export class SignedStore {
  readonly #sql: Sql;
  readonly #savePost: ReturnType<Sql["prepare"]>;
  readonly #saveAgent: ReturnType<Sql["prepare"]>;

  constructor(sql: Sql) {
    sql.exec("PRAGMA journal_mode = WAL");
    sql.exec("PRAGMA synchronous = FULL");
    sql.exec("CREATE TABLE posts (id TEXT PRIMARY KEY, receivedAt INTEGER NOT NULL) WITHOUT ROWID");
    sql.exec("CREATE TABLE agents (agentId TEXT PRIMARY KEY, agent TEXT NOT NULL)");
    this.#sql = sql;
    this.#savePost = sql.prepare("INSERT OR IGNORE INTO posts VALUES (?, ?)");
    this.#saveAgent = sql.prepare("INSERT INTO agents VALUES (?, ?) ON CONFLICT DO UPDATE SET agent = excluded.agent");
  }

  /** Runs `apply` in a transaction. It gets the function that saves agents. Returns null for a post that was here before. */
  once<Result>(id: string, apply: (save: (agents: readonly PeerAgent[]) => void) => Result): Result | null {
    this.#sql.exec("BEGIN IMMEDIATE");
    try {
      if (Number(this.#savePost.run(id, Date.now()).changes) === 0) {
        this.#sql.exec("ROLLBACK");
        return null;
      }
      const result = apply((agents) => {
        for (const agent of agents) this.#saveAgent.run(agent.agentId, JSON.stringify(agent));
      });
      this.#sql.exec("COMMIT");
      return result;
    } catch (error) {
      this.#sql.exec("ROLLBACK");
      throw error;
    }
  }
}
