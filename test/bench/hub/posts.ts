import { createHmac, randomUUID } from "node:crypto";
import { Agent, type IncomingMessage, request } from "node:http";
import type { PeerUpdate } from "../peers/board.ts";
import { agentId, changedByScore, contactId, FIRST_SCORE, firstAgents, withScores } from "../peers/board.ts";
import { NCHAN_POSTS } from "./nchan-server.ts";
import { takesSamePosts } from "./server-options.ts";
import type { RunningServer } from "./servers.ts";
import { INSTANCE, SIGNING_SECRET } from "./workerd-config.ts";

const UPDATES_PATH = `/v1/instances/${INSTANCE}/updates`;

/** A post that is signed before the measurement, because signing is not the server's work. */
export interface PreparedPost {
  path: string;
  headers: Record<string, string>;
  body: string;
  updates: readonly PeerUpdate[];
  /** The position after the post, when the sender itself numbers the frames. */
  seq?: number;
}

/** The fields of a server that a sender needs. */
type Address = Pick<RunningServer, "name" | "port">;

export interface SentPost {
  updates: readonly PeerUpdate[];
  startedAt: number;
  answeredAt: number;
  /** The position after the post; null for servers without positions. */
  seq: number | null;
}

const connections = new Agent({ keepAlive: true, maxSockets: 64 });
const key = Buffer.from(SIGNING_SECRET.slice("whsec_".length), "base64");
/** Grows with every post, so that each one is newer than those before. */
let occurredAt = Date.now() - 60 * 60_000;

/** The position of the newest frame that this process made for nchan. */
let frameSeq = 0;

/** How the scores of a run move from round to round, −5 to 5 in tenths. */
export type ScoreCourse = (index: number, round: number) => number;

/**
 * Each score moves by a tenth, around what is usual for its call. A score is a mean of many turns, so one phrase moves it little
 * (aws-ingest/scoring). Of 50 calls one is low enough for an alert, for a moment every 40 rounds.
 */
export const calmScores: ScoreCourse = (index, round) => {
  const usual = ((index * 7) % 51) - 15;
  const moment = (index + round) % 40;
  return (usual + Math.min(moment, 40 - moment) - 10) / 10;
};

/** Scores that jump as no call's do. A quarter of them begins or ends an alert. */
export const jumpingScores: ScoreCourse = (index, round) => (((index * 7 + round * 13) % 101) - 50) / 10;

/** Returns a post with a new score for each of the agents, in the format of the server. */
export function scorePost(server: RunningServer, round: number, indexes: readonly number[], scoreOf = calmScores): PreparedPost {
  const updates = indexes.map((index) => ({ agentId: agentId(index), sentimentScore: scoreOf(index, round) }));
  occurredAt += 1;
  const news = indexes.map((index) => sentimentUpdate(index, scoreOf(index, round), occurredAt));
  if (server.name === "vigia") return { ...signedPost({ updates: news }), updates };
  if (takesSamePosts(server.name)) return { ...signedPost({ updates: news }, "/"), updates };
  if (server.name === "nchan") return framePost(news, updates);
  return { ...unsignedPost("/", { updates }), updates };
}

/** nchan keeps no board, so it gets frames as the others make them. */
function framePost(news: readonly ReturnType<typeof sentimentUpdate>[], updates: readonly PeerUpdate[]): PreparedPost {
  const from = frameSeq;
  frameSeq += news.length;
  const agents = firstAgents(news.length);
  const data = news.flatMap(({ customer, agent }, place) => {
    const [first, id] = [agents[place], updates[place]?.agentId];
    return first === undefined || id === undefined
      ? []
      : [changedByScore({ ...withScores(first, customer, agent), agentId: id })];
  });
  const frame = { type: "agentStatusBatch", from, to: frameSeq, serverTime: Date.now(), data, removed: [] };
  return { ...unsignedPost(NCHAN_POSTS, frame), updates, seq: frameSeq };
}

/** Returns a post for Vigía with a new score for each of the agents, and `more` updates behind them. */
export function scoresAnd(round: number, indexes: readonly number[], more: readonly object[]): PreparedPost {
  occurredAt += 1;
  const news = indexes.map((index) => sentimentUpdate(index, calmScores(index, round), occurredAt));
  const updates = indexes.map((index) => ({ agentId: agentId(index), sentimentScore: calmScores(index, round) }));
  return { ...signedPost({ updates: [...news, ...more] }), updates };
}

/** Returns a signed post with these updates. */
export function updatesPost(updates: readonly object[]): PreparedPost {
  return signedPost({ updates });
}

function signedPost(content: unknown, path = UPDATES_PATH): PreparedPost {
  const { body } = unsignedPost(path, content);
  const id = `msg_${randomUUID()}`;
  const seconds = Math.floor(Date.now() / 1000);
  const signature = createHmac("sha256", key).update(`${id}.${seconds}.${body}`).digest("base64");
  const headers = {
    "content-type": "application/json",
    "content-length": String(Buffer.byteLength(body)),
    "webhook-id": id,
    "webhook-timestamp": String(seconds),
    "webhook-signature": `v1,${signature}`,
  };
  return { path, headers, body, updates: [] };
}

function unsignedPost(path: string, content: unknown): PreparedPost {
  const body = JSON.stringify(content);
  return {
    path,
    headers: { "content-type": "application/json", "content-length": String(Buffer.byteLength(body)) },
    body,
    updates: [],
  };
}

/** Sends a post and waits for its answer. @throws Error on any status but 200. */
export async function send(server: Address, post: PreparedPost): Promise<SentPost> {
  const startedAt = performance.now();
  const { status, text } = await exchange(server, "POST", post.path, post.headers, post.body);
  const answeredAt = performance.now();
  // nchan answers 201 or 202 (Created, Accepted).
  if (status < 200 || status > 202) throw new Error(`${server.name} answered ${status}: ${text.slice(0, 200)}`);
  const seq = post.seq ?? /"seq":(\d+)/.exec(text)?.[1];
  return { updates: post.updates, startedAt, answeredAt, seq: seq === undefined ? null : Number(seq) };
}

export function exchange(
  server: Address,
  method: "GET" | "POST",
  path: string,
  headers: Record<string, string>,
  body = "",
): Promise<{ status: number; text: string }> {
  return new Promise((resolve, reject) => {
    const options = { host: "127.0.0.1", port: server.port, agent: connections, method, path, headers };
    const asked = request(options, (answer: IncomingMessage) => {
      const parts: Buffer[] = [];
      answer.on("data", (part) => parts.push(part));
      answer.on("end", () => resolve({ status: answer.statusCode ?? 0, text: Buffer.concat(parts).toString() }));
      answer.on("error", reject);
    });
    asked.on("error", reject);
    asked.end(body);
  });
}

/** Sends `perSecond` posts a second. Does not wait for answers in between. */
export async function sendSteadily(server: Address, posts: readonly PreparedPost[], perSecond: number): Promise<SentPost[]> {
  const start = performance.now();
  const sent: Promise<SentPost>[] = [];
  for (const [index, post] of posts.entries()) {
    const wait = start + (index * 1000) / perSecond - performance.now();
    if (wait > 0) await new Promise((resolve) => setTimeout(resolve, wait));
    const answer = send(server, post);
    // `Promise.all` reports a failure. Until then it must not end the process.
    answer.catch(() => {});
    sent.push(answer);
  }
  return Promise.all(sent);
}

/** Gives Vigía the agents that the peers start with. Each is on a call that has a score. */
export async function seedAgents(server: RunningServer): Promise<void> {
  if (server.name === "nchan") {
    await send(server, {
      ...unsignedPost(NCHAN_POSTS, { type: "initialAgentList", seq: frameSeq, data: firstAgents(server.agents) }),
      updates: [],
    });
  }
  if (server.name !== "vigia") return;
  for (let from = 0; from < server.agents; from += 500) {
    const indexes = Array.from({ length: Math.min(500, server.agents - from) }, (_, offset) => from + offset);
    occurredAt += 1;
    await send(server, signedPost({ updates: indexes.map((index) => stateUpdate(index, occurredAt)) }));
    await send(server, signedPost({ updates: indexes.map((index) => sentimentUpdate(index, FIRST_SCORE, occurredAt)) }));
  }
}

/** Calls that connect tomorrow last 0 seconds during the run, so that boards are equal byte by byte. */
const CONNECTED_AT = Date.now() + 24 * 60 * 60_000;

/** Recent enough that the hub does not expire the contacts. */
const SINCE = Date.now() - 60_000;

function stateUpdate(index: number, at: number) {
  return {
    type: "agent.state",
    agentId: agentId(index),
    // In the future, so that no agent becomes stale during the run.
    occurredAt: at + 60 * 60_000,
    name: `María Fernanda Agente ${index}`,
    username: `agente.${index}`,
    signedIn: true,
    status: { name: "Available", kind: "routable", since: SINCE },
    contacts: [
      {
        contactId: contactId(index),
        initialContactId: null,
        channel: "voice",
        state: "connected",
        since: SINCE,
        connectedAt: CONNECTED_AT,
        queue: "BasicQueue",
      },
    ],
    routingProfile: "Basic Routing Profile",
    groups: ["Mexico", "Ventas"],
  };
}

function sentimentUpdate(index: number, score: number, at: number) {
  return {
    type: "contact.sentiment",
    contactId: contactId(index),
    initialContactId: null,
    occurredAt: at,
    customer: { score, quarters: [0, 0, 0, score], recent: score },
    agent: { score: 0, quarters: [0, 0, 0, 0], recent: 0 },
    turns: 12,
  };
}
