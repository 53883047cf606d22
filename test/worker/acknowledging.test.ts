import { describe, expect, it } from "vitest";
import { Board } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import { ViewerSockets } from "../../worker/viewer-sockets.ts";
import { connect, NOW, onStage, READABLE, say, ticketFor } from "./sockets-stage.ts";

const acknowledge = say({ type: "acknowledge", alertId: "acw-long:a1:1" });

function refusalOf(frames: readonly Record<string, unknown>[]): unknown[] {
  return frames.filter((frame) => frame["type"] === "error").map(({ code, alertId }) => [code, alertId]);
}

describe("A viewer that acknowledges an alert", () => {
  it("ALR-14 needs the role supervisor; an admin has it too.", async () => {
    await onStage({}, async ({ openViewer, sockets, asked }) => {
      const { server, viewer } = openViewer();
      await sockets.receiveMessage(server, acknowledge, NOW);
      await viewer.until((each) => refusalOf(each.frames).length > 0, "the refusal");
      expect(refusalOf(viewer.frames)).toEqual([["not_allowed", "acw-long:a1:1"]]);
      expect(asked.filter((call) => call.startsWith("acknowledge"))).toEqual([]);
      const supervisor = openViewer({ roles: ["supervisor"], name: "Ana Ruiz" });
      await sockets.receiveMessage(supervisor.server, acknowledge, NOW);
      expect(asked.at(-1)).toBe("acknowledge acw-long:a1:1 as Ana Ruiz");
    });
  });

  it("ALR-14 gets the same refusal for an unknown alert, and unavailable when the hub cannot answer.", async () => {
    const answers = [false, new Error("The primary is away.")];
    const host = {
      acknowledge: async () => {
        const answer = answers.shift() ?? true;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    };
    await onStage(host, async ({ openViewer, sockets }) => {
      const { server, viewer } = openViewer({ roles: ["supervisor"] });
      for (let time = 0; time < 3; time += 1) await sockets.receiveMessage(server, acknowledge, NOW);
      await viewer.until((each) => refusalOf(each.frames).length === 2, "both answers");
      expect(refusalOf(viewer.frames)).toEqual([
        ["not_allowed", "acw-long:a1:1"],
        ["unavailable", "acw-long:a1:1"],
      ]);
    });
  });

  it("SES-9 has the roles and the name of its newest ticket, also after the object's sleep; an older socket has none.", async () => {
    const redeemTicket = async () => ({ ok: true, ticket: ticketFor({ roles: ["supervisor"], name: "Ana" }) }) as const;
    await onStage({ redeemTicket }, async ({ ctx, openViewer, sockets }) => {
      const host = {
        groupsOf: () => [],
        transcript: () => READABLE,
        redeemTicket,
        acknowledge: () => false,
        watchedQueue: () => null,
      };
      const woken = () => {
        const broadcaster = new Broadcaster(new Board("an epoch"));
        new ViewerSockets(ctx, broadcaster, { ...host, watchChanged() {}, wakeBy() {} }).restoreViewers();
        return broadcaster.viewers().map(({ roles, name }) => ({ roles, name }));
      };
      const { server } = openViewer({ roles: ["admin", "supervisor"], name: "Eva" });
      expect(woken()).toEqual([{ roles: ["admin", "supervisor"], name: "Eva" }]);
      await sockets.receiveMessage(server, say({ type: "refresh", ticket: "t" }), NOW);
      expect(woken()).toEqual([{ roles: ["supervisor"], name: "Ana" }]);
      const { id } = server.deserializeAttachment();
      server.serializeAttachment({
        id,
        subject: "ana",
        plain: false,
        limit: null,
        expiresAt: connect.sessionEndsAt,
        watching: [],
      });
      expect(woken()).toEqual([{ roles: [], name: undefined }]);
    });
  });
});
