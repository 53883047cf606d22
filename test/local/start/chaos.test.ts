import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { Chaos } from "../../../local/start/chaos.ts";
import { DEMO_INSTANCE } from "../../../local/start/dev-vars.ts";
import { StartProcess } from "../../support/start-process.ts";
import { SocketViewer } from "../../support/viewer.ts";

describe("The order of kills", () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  test("Each process is killed in turn, and one that was not there is not counted.", async () => {
    const killed: string[] = [];
    const victim = (name: string, alive: boolean) => async () => {
      killed.push(name);
      return alive;
    };
    const chaos = new Chaos(20, [victim("transcriber", true), victim("hub", true), victim("nobody", false)], () => {});
    await vi.advanceTimersByTimeAsync(80_000);
    expect(killed).toEqual(["transcriber", "hub", "nobody", "transcriber"]);
    expect(chaos.kills).toBe(3);
    await chaos.stop();
    await vi.advanceTimersByTimeAsync(80_000);
    expect(killed).toHaveLength(4);
  });

  test("No kill begins before the process that was killed last is back, and the end waits for it.", async () => {
    let back = (): void => {};
    let kills = 0;
    const slow = async () => {
      kills += 1;
      await new Promise<void>((resolve) => (back = resolve));
      return true;
    };
    const chaos = new Chaos(1, [slow], () => {});
    await vi.advanceTimersByTimeAsync(3_000);
    expect([kills, chaos.kills]).toEqual([1, 0]);
    const stopped = chaos.stop();
    back();
    await stopped;
    expect(chaos.kills).toBe(1);
  });

  test("A process that does not come back is reported, and the end does not hang.", async () => {
    const errors: unknown[] = [];
    const chaos = new Chaos(1, [() => Promise.reject(new Error("gone"))], (error) => errors.push(error));
    await vi.advanceTimersByTimeAsync(1_000);
    await chaos.stop();
    expect(errors).toEqual([new Error("gone")]);
    expect(chaos.kills).toBe(0);
  });
});

describe("A run under chaos", () => {
  let folder: string;
  let run: StartProcess | null = null;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "vigia-chaos-"));
  });
  afterEach(async () => {
    await run?.destroy();
    rmSync(folder, { recursive: true, force: true });
  });

  async function freePort(): Promise<number> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    await new Promise((resolve) => server.close(resolve));
    if (address === null || typeof address === "string") throw new Error("The server has no port.");
    return address.port;
  }

  /** Watches the board until the hub has died under it. Returns the epoch, and whether a score was seen. */
  async function watchUntilKilled(hub: string): Promise<{ epoch: string; agents: number; scored: boolean }> {
    const viewer = await SocketViewer.open({ hub, instance: DEMO_INSTANCE });
    const { agents, epoch } = await viewer.until("the whole board", (seen) => (seen.agents.size === 8 ? seen : null));
    let scored = false;
    await viewer
      .until("its end", (seen) => {
        scored ||= [...seen.agents.values()].some(({ sentimentScore }) => sentimentScore !== null);
        return null;
      })
      .catch(() => {});
    expect(viewer.gaps).toEqual([]);
    return { epoch, agents: agents.size, scored };
  }

  test("It kills a transcriber and the hub in turn, keeps the board, and counts the turns.", async () => {
    const args = ["--port", String(await freePort()), "--agents", "8", "--calls", "2", "--speed", "20", "--chaos", "3"];
    run = new StartProcess(folder, args);
    const hub = await run.url();
    const before = await watchUntilKilled(hub);
    // Between two kills of the hub, a call may still wait for its first scored turn.
    const scoredAgain = async () =>
      expect(await watchUntilKilled(hub)).toMatchObject({ epoch: before.epoch, agents: 8, scored: true });
    await vi.waitFor(scoredAgain, { timeout: 90_000, interval: 200 });
    run.signal("SIGINT");
    expect(await run.exited).toBe(0);
    const [line, ...others] = run.output.match(/^chaos: .*$/gm) ?? [];
    expect(others).toEqual([]);
    const counted = /^chaos: (\d+) kills, (\d+) turns spoken, (\d+) on the hub, (\d+) lost$/.exec(line ?? "");
    const [kills = 0, turns = 0, onHub = 0, lost = -1] = counted?.slice(1).map(Number) ?? [];
    expect(kills).toBeGreaterThanOrEqual(4);
    expect(onHub).toBeGreaterThan(0);
    expect(lost).toBe(0);
    expect(turns).toBe(onHub);
    expect(await run.leftovers()).toEqual([]);
  }, 180_000);
});
