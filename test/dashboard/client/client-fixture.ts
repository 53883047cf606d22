import { expect, vi } from "vitest";
import { createAgentClient } from "../../../dashboard/client/agent-client.ts";
import type { AgentClient, AgentClientOptions, ClientProblem } from "../../../dashboard/client/contract.ts";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { fakeAgent } from "../../../dashboard/client/testing.ts";
import type { ServerMessage } from "../../../protocol/messages.ts";
import { LoopbackHub } from "./loopback-hub.ts";

export const NOW = 1_800_000_000_000;

export const until = (check: () => void) => vi.waitFor(check, { timeout: 10_000, interval: 5 });

/** A client with a fake clock, and the loopback hub that it connects to. */
export class ClientFixture {
  readonly hub: LoopbackHub;
  readonly clock = new FakeClock(NOW);
  readonly problems: ClientProblem[] = [];
  client: AgentClient;
  tickets = 0;

  private constructor(hub: LoopbackHub) {
    this.hub = hub;
    hub.greeting = () => ({
      type: "initialAgentList",
      epoch: "e",
      seq: 1,
      serverTime: NOW,
      data: [fakeAgent({ agentId: "a" }), fakeAgent({ agentId: "b" })],
    });
    this.client = this.create();
  }

  static async start(): Promise<ClientFixture> {
    return new ClientFixture(await LoopbackHub.start());
  }

  create(options: Partial<AgentClientOptions> = {}): AgentClient {
    this.client = createAgentClient({
      url: this.hub.url,
      instanceId: "i",
      getTicket: async () => {
        this.tickets += 1;
        return `t${this.tickets}`;
      },
      onError: (problem) => this.problems.push(problem),
      clock: this.clock,
      random: () => 0.5,
      ...options,
    });
    return this.client;
  }

  async live(): Promise<void> {
    this.client.connect();
    await until(() => expect(this.client.connection()).toMatchObject({ status: "live", latencyMs: expect.any(Number) }));
  }

  /** Sends a change of one agent. */
  change(from: number, agentId: string, status: "away" | "ringing", removed: string[] = []): void {
    const data = [{ agentId, status }];
    const frame: ServerMessage = { type: "agentStatusBatch", epoch: "e", from, to: from + 1, serverTime: NOW, data, removed };
    this.hub.last.send(frame);
  }

  /** Moves the clock to the next attempt. */
  retry(): void {
    this.clock.advance((this.client.connection().nextRetryAt ?? this.clock.now()) - this.clock.now());
  }

  async stop(): Promise<void> {
    this.client.close();
    await this.hub.stop();
  }
}
