import type { ClientProblem } from "./contract.ts";
import type { HubFrame } from "./frames.ts";

/** What a connection asks of its client and tells it. */
export interface ConnectionPort {
  /** The addresses of this instance. That of the socket contains the position to resume from, so each attempt asks again. */
  address(resource: "live" | "tickets" | "agents"): string;
  applyFrame(message: HubFrame): void;
  /** Called when the agents come, after {@link applyFrame} has had the first frame. By polling there is nothing else than agents. */
  onLive(transport: "socket" | "polling"): void;
  /** Called when a socket has ended: nothing that was asked on it is answered any more. */
  onRelease(): void;
  /** Called when the connection has ended and does not retry. With `revoked`, this person may see nothing any more. */
  onStop(revoked: boolean): void;
  /** Called when the page was hidden or shown. */
  onVisibility(): void;
  /** Called after every change of the snapshot. */
  onChange(): void;
  /** Called with what went wrong. */
  onProblem(problem: ClientProblem): void;
}
