import * as v from "valibot";
import { rowNumber } from "../../../protocol/row-number.ts";
import { freshTicket } from "./dialects.ts";
import { exchange } from "./posts.ts";
import type { RunningServer } from "./servers.ts";
import type { Viewers } from "./viewers.ts";
import { INSTANCE } from "./workerd-config.ts";

const agentSchema = v.looseObject({ agentId: v.string() });
type Agent = v.InferOutput<typeof agentSchema>;
const frameSchema = v.variant("type", [
  v.object({ type: v.literal("initialAgentList"), data: v.array(agentSchema) }),
  v.object({ type: v.literal("resumed"), data: v.array(agentSchema), removed: v.array(v.string()) }),
  v.object({ type: v.literal("agentStatusUpdate"), data: agentSchema }),
  v.object({
    type: v.literal("agentStatusBatch"),
    data: v.array(v.union([agentSchema, v.array(v.unknown())])),
    removed: v.array(v.string()),
    shapes: v.optional(v.record(v.string(), v.array(v.string())), {}),
  }),
  v.object({ type: v.literal("cf_agent_state"), state: v.object({ agents: v.array(agentSchema) }) }),
]);

/**
 * Builds the board of every viewer from its messages and compares it with the server's own. Viewers with equal messages share
 * one board.
 * @throws Error when a board differs, so that such a run gives no figure.
 */
export async function checkBoards(server: RunningServer, viewers: Viewers): Promise<void> {
  const groups = viewers.groups();
  if (server.name === "nchan") {
    // It keeps no board. Every viewer must have got the same frames.
    if (groups.length !== 1) throw new Error(`${server.name} sent viewers different frames, so this run gives no figure.`);
    return;
  }
  const truth = JSON.stringify(sorted(await stateOf(server)));
  for (const group of groups) {
    const board = new Map<string, Agent>();
    for (const { data } of group.frames) apply(board, viewers.textOf(data));
    if (board.size === 0 || JSON.stringify(sorted(board)) !== truth) {
      throw new Error(
        `${group.viewers} viewers of ${server.name} have another board than the server, so this run gives no figure.`,
      );
    }
  }
}

/**
 * Checks viewers that came back: the first message of each must hold exactly the agents it missed, as the server has them.
 * @throws Error when a message differs.
 */
export async function checkResumed(server: RunningServer, viewers: Viewers, expected: number): Promise<void> {
  const truth = await stateOf(server);
  for (const { frames } of viewers.groups()) {
    const board = new Map<string, Agent>();
    for (const { data } of frames) apply(board, viewers.textOf(data));
    const wrong = [...board.values()].some((agent) => JSON.stringify(agent) !== JSON.stringify(truth.get(agent.agentId)));
    if (wrong || board.size !== expected)
      throw new Error(
        `${server.name} sent a viewer that came back other agents than it had missed, so this run gives no figure.`,
      );
  }
}

/** Asks the server for its agents. */
async function stateOf(server: RunningServer): Promise<Map<string, Agent>> {
  const text = await askState(server);
  const { data } = v.parse(v.pipe(v.string(), v.parseJson(), v.object({ data: v.array(agentSchema) })), text);
  return new Map(data.map((agent) => [agent.agentId, agent]));
}

/** Asks Vigía for its position. Returns it as the query with which a viewer resumes. */
export async function positionOf(server: RunningServer): Promise<string> {
  const positionSchema = v.object({ epoch: v.string(), seq: v.number() });
  const { epoch, seq } = v.parse(v.pipe(v.string(), v.parseJson(), positionSchema), await askState(server));
  return `?epoch=${epoch}&seq=${seq}`;
}

async function askState(server: RunningServer): Promise<string> {
  const own = server.name === "vigia";
  const headers: Record<string, string> = own ? { authorization: `Bearer ${await freshTicket()}` } : {};
  const { text } = await exchange(server, "GET", own ? `/v1/instances/${INSTANCE}/agents` : "/", headers);
  return text;
}

function apply(board: Map<string, Agent>, text: string): void {
  const frame = v.parse(v.pipe(v.string(), v.parseJson(), frameSchema), text);
  switch (frame.type) {
    case "initialAgentList":
      board.clear();
      for (const agent of frame.data) board.set(agent.agentId, agent);
      return;
    case "agentStatusUpdate":
      board.set(frame.data.agentId, frame.data);
      return;
    case "agentStatusBatch":
      for (const row of frame.data) {
        const patch = Array.isArray(row) ? expanded(board, row, frame.shapes) : row;
        board.set(patch.agentId, { ...board.get(patch.agentId), ...patch });
      }
      for (const agentId of frame.removed) board.delete(agentId);
      return;
    case "resumed":
      for (const patch of frame.data) board.set(patch.agentId, { ...board.get(patch.agentId), ...patch });
      for (const agentId of frame.removed) board.delete(agentId);
      return;
    case "cf_agent_state":
      board.clear();
      for (const agent of frame.state.agents) board.set(agent.agentId, agent);
  }
}

const numbers = new Map<number, string>();

/** Returns the agent that a compact row leads to (docs/protocol.md, ZIP-3 and ZIP-4). */
function expanded(
  board: ReadonlyMap<string, Agent>,
  [number, shape, ...values]: unknown[],
  shapes: Record<string, string[]>,
): Agent {
  if (numbers.size < board.size) for (const agentId of board.keys()) numbers.set(rowNumber(agentId), agentId);
  const agent = structuredClone(board.get(numbers.get(Number(number)) ?? ""));
  if (agent === undefined) throw new Error(`A frame names the agent ${number}, which no viewer has.`);
  for (const [index, path] of (shapes[String(shape)] ?? []).entries()) {
    const names = path.split(".");
    const around = names.slice(0, -1).reduce<unknown>((value, name) => Reflect.get(Object(value), name), agent);
    Reflect.set(Object(around), names.at(-1) ?? "", values[index]);
  }
  return agent;
}

function sorted(board: ReadonlyMap<string, Agent>): unknown[] {
  return [...board.values()]
    .sort((a, b) => (a.agentId < b.agentId ? -1 : 1))
    .map((agent) => Object.entries(agent).sort(([a], [b]) => (a < b ? -1 : 1)));
}
