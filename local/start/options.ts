import { parseArgs } from "node:util";
import { MAX_AGENTS } from "../simulator/staff.ts";
import { argumentProblem, withJoinedNumbers } from "./argument-problem.ts";

export interface StartOptions {
  port: number;
  agents: number;
  calls: number;
  speed: number;
  simulator: boolean;
  fresh: boolean;
  /** Seconds between two kills of a process; null = none. */
  chaosSeconds: number | null;
}

/** A wrong command line, or a folder or port that is in use. The message is one line that says how to correct it. */
export class UsageError extends Error {
  override name = "UsageError";
}

const USAGE = "npm start -- [--port 8787] [--agents 40] [--calls 4] [--speed 1] [--no-simulator] [--fresh] [--chaos SECONDS]";
const DEFAULT_AGENTS = 40;
/** Agents for each call when the calls need more than the default. Some agents are always on a break or at home. */
const AGENTS_PER_CALL = 1.5;
/** An hour. */
const MAX_CHAOS_SECONDS = 3600;

/** Reads the command line. @throws UsageError */
export function readStartOptions(args: readonly string[]): StartOptions {
  const values = parse(args);
  const calls = number("calls", values.calls ?? "4", 0, MAX_AGENTS);
  const staff = Math.min(MAX_AGENTS, Math.max(DEFAULT_AGENTS, Math.ceil(calls * AGENTS_PER_CALL)));
  return {
    port: number("port", values.port ?? "8787", 1, 65_535),
    agents: number("agents", values.agents ?? String(staff), 1, MAX_AGENTS),
    calls,
    speed: decimal("speed", values.speed ?? "1", 0.1, 20),
    simulator: !(values["no-simulator"] ?? false),
    fresh: values.fresh ?? false,
    chaosSeconds: values.chaos === undefined ? null : number("chaos", values.chaos, 1, MAX_CHAOS_SECONDS),
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({
      args: withJoinedNumbers(args),
      options: {
        port: { type: "string" },
        agents: { type: "string" },
        calls: { type: "string" },
        speed: { type: "string" },
        "no-simulator": { type: "boolean" },
        fresh: { type: "boolean" },
        chaos: { type: "string" },
      },
    }).values;
  } catch (error) {
    throw new UsageError(`${argumentProblem(error)} Usage: ${USAGE}`);
  }
}

function number(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}. It is ${JSON.stringify(text)}.`);
}

function decimal(name: string, text: string, min: number, max: number): number {
  const value = Number(text);
  if (/^\d+(\.\d+)?$/.test(text) && value >= min && value <= max) return value;
  throw new UsageError(`--${name} must be a number from ${min} to ${max}. It is ${JSON.stringify(text)}.`);
}
