import { describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { connect, NOW, onStage, say, ticketFor, watch } from "./sockets-stage.ts";
import { TestViewer } from "./viewer.ts";

describe("The admission of a viewer", () => {
  /** Fits into a ticket as UTF-8, and not into an attachment: V8 takes two bytes for each character. */
  const WIDE = Array.from({ length: 40 }, (_, index) => `${"x".repeat(250)}–${index}`);

  it("SES-16 A viewer whose groups do not fit into its socket is closed with 4507, and takes no place.", async () => {
    await onStage({}, async ({ ctx, broadcaster, openViewer, sockets, asked }) => {
      openViewer();
      asked.length = 0;
      const { webSocket } = sockets.acceptViewer({ ...connect, groupFilter: WIDE }, NOW);
      if (webSocket === null) throw new Error("The hub opened no socket.");
      const viewer = new TestViewer(webSocket);
      await viewer.until((each) => each.closed !== null, "a close");
      expect([viewer.closed, viewer.frames]).toEqual([CLOSE.notAllowed, []]);
      expect([broadcaster.size, ctx.getWebSockets().length, asked]).toEqual([1, 1, []]);
    });
  });

  it("SES-16 A watch that does not fit beside the viewer's groups is refused, and the viewer stays as it was.", async () => {
    await onStage({ groupsOf: () => WIDE.slice(0, 1) }, async ({ broadcaster, openViewer, sockets }) => {
      const { server, viewer } = openViewer({ groupFilter: WIDE.slice(0, 30) });
      const wide = (index: number) => `${"y".repeat(250)}–${index}`;
      for (let index = 0; index < 4; index += 1) await sockets.receiveMessage(server, watch(wide(index)), NOW);
      await viewer.until((each) => each.frames.some((frame) => frame["code"] === "too_many_watched"), "the error");
      const watched = [...broadcaster.watchedContacts()].length;
      expect(watched).toBeGreaterThan(0);
      expect(watched).toBeLessThan(4);
      expect(server.deserializeAttachment().watching).toHaveLength(watched);
      expect(viewer.closed).toBeNull();
    });
  });

  it("SES-9 A refresh with groups that do not fit closes with 4507.", async () => {
    const redeemTicket = async () => ({ ok: true, ticket: ticketFor({ groupFilter: WIDE }) }) as const;
    await onStage({ redeemTicket }, async ({ openViewer, sockets, broadcaster }) => {
      const { server, viewer } = openViewer();
      await sockets.receiveMessage(server, say({ type: "refresh", ticket: "t" }), NOW);
      await viewer.until((each) => each.closed !== null, "a close");
      expect([viewer.closed, broadcaster.size]).toEqual([CLOSE.notAllowed, 0]);
    });
  });

  it("SES-8 A viewer whose session is over is closed with its next message, although no alarm has run.", async () => {
    await onStage({}, async ({ openViewer, sockets }) => {
      const { server, viewer } = openViewer({ sessionEndsAt: NOW + 1000 });
      await sockets.receiveMessage(server, say({ type: "resync" }), NOW + 1000);
      await viewer.until((each) => each.closed !== null, "a close");
      expect([viewer.closed, viewer.frames.length]).toEqual([CLOSE.ticketExpired, 1]);
    });
  });
});
