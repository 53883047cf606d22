import { DurableObject } from "cloudflare:workers";
import { ConflatingBoard } from "./conflating-board.ts";
import { answerViewer } from "./hibernating-viewers.ts";

interface BareEnv {
  HUB: DurableObjectNamespace<BareConflating>;
  AGENTS: string;
}

/** The lower bound of the platform with conflation: one hibernating object that checks no signature and stores nothing. */
export class BareConflating extends DurableObject<BareEnv> {
  readonly #board = new ConflatingBoard(Number(this.env.AGENTS), (frame) => {
    for (const socket of this.ctx.getWebSockets()) socket.send(frame);
  });

  override async fetch(request: Request): Promise<Response> {
    return answerViewer(this.ctx, this.#board, request) ?? new Response(this.#board.applyPost(await request.text()));
  }

  override webSocketMessage(): void {}
}

export default {
  fetch(request: Request, env: BareEnv): Promise<Response> {
    return env.HUB.getByName("bench").fetch(request);
  },
};
