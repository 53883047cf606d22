import { describe, expect, it, vi } from "vitest";
import { Board } from "../../core/board/board.ts";
import { Broadcaster } from "../../core/broadcast/broadcaster.ts";
import type { ReadableTranscript } from "../../core/state/transcripts.ts";
import { CLOSE } from "../../protocol/close-codes.ts";
import { ViewerSockets } from "../../worker/viewer-sockets.ts";
import { A_TURN, NOW, onStage, pending, READABLE, say, ticketFor, unwatch, watch } from "./sockets-stage.ts";

describe("The messages of a viewer at a relay", () => {
  it("TRA-5 An unwatch waits for the watch before it, although the primary answers late.", async () => {
    const late = pending<ReadableTranscript>();
    await onStage({ transcript: () => late.promise }, async ({ sockets, broadcaster, openViewer }) => {
      const { server } = openViewer();
      const watching = sockets.receiveMessage(server, watch("c1"), NOW);
      const ending = sockets.receiveMessage(server, unwatch("c1"), NOW);
      late.settle(READABLE);
      await Promise.all([watching, ending]);
      expect([...broadcaster.watchedContacts()]).toEqual([]);
    });
  });

  it("TRA-5 A third message waits for the second, after the first has been answered.", async () => {
    const answers = [pending<ReadableTranscript>(), pending<ReadableTranscript>()];
    const late = (contactId: string) => answers[Number(contactId.slice(1)) - 1]?.promise ?? READABLE;
    await onStage({ transcript: late }, async ({ sockets, broadcaster, openViewer }) => {
      const { server } = openViewer();
      const first = sockets.receiveMessage(server, watch("c1"), NOW);
      const second = sockets.receiveMessage(server, watch("c2"), NOW);
      answers[0]?.settle(READABLE);
      await first;
      const third = sockets.receiveMessage(server, unwatch("c2"), NOW);
      answers[1]?.settle(READABLE);
      await Promise.all([second, third]);
      expect([...broadcaster.watchedContacts()]).toEqual(["c1"]);
    });
  });

  it("TRA-5 A watch that the primary cannot answer gets an error, and the next message is answered.", async () => {
    const fail = (contactId: string) => (contactId === "c1" ? Promise.reject(new Error("The primary restarts.")) : []);
    await onStage({ groupsOf: fail }, async ({ sockets, broadcaster, openViewer }) => {
      const { server, viewer } = openViewer();
      await Promise.all(["c1", "c2"].map((contactId) => sockets.receiveMessage(server, watch(contactId), NOW)));
      await viewer.until((each) => each.transcripts.length === 1, "the transcript");
      expect(viewer.last("error")).toMatchObject({ code: "unavailable", contactId: "c1" });
      expect([...broadcaster.watchedContacts()]).toEqual(["c2"]);
    });
  });

  it("TRA-1 The hub reads the turns once, and only after the primary knows that somebody watches.", async () => {
    const known = pending<void>();
    await onStage({ watchChanged: () => known.promise }, async ({ sockets, asked, openViewer }) => {
      const { server, viewer } = openViewer();
      asked.length = 0;
      const watching = sockets.receiveMessage(server, watch("c1"), NOW);
      await vi.waitFor(() => expect(asked).toEqual(["groups c1", "watching c1"]));
      known.settle();
      await watching;
      expect(asked).toEqual(["groups c1", "watching c1", "transcript c1"]);
      await viewer.until((each) => each.transcripts.length === 1, "the transcript");
    });
  });

  it("TRA-1 The next message waits until the transcript is sent.", async () => {
    const late = pending<ReadableTranscript>();
    let reads = 0;
    const transcript = () => {
      reads += 1;
      return late.promise;
    };
    await onStage({ transcript }, async ({ sockets, openViewer }) => {
      const { server, viewer } = openViewer();
      const watching = sockets.receiveMessage(server, watch("c1"), NOW);
      const next = sockets.receiveMessage(server, say({ type: "resync" }), NOW);
      await vi.waitFor(() => expect(reads).toBe(1));
      late.settle(READABLE);
      await Promise.all([watching, next]);
      await viewer.until((each) => each.frames.length === 3, "both answers");
      expect(viewer.frames.map(({ type }) => type)).toEqual(["initialAgentList", "transcript", "initialAgentList"]);
    });
  });

  it("SES-17 The transcripts that viewers ask for are read one after the other, and a viewer that has read much waits.", async () => {
    const turns = Array.from({ length: 4200 }, (_, index) => ({ ...A_TURN, turnId: `t${index}` }));
    const reads: string[] = [];
    const transcript = (contactId: string) => {
      reads.push(contactId);
      return { ...READABLE, turns };
    };
    await onStage({ transcript }, async ({ sockets, openViewer }) => {
      const [greedy, other] = [openViewer(), openViewer()];
      await sockets.receiveMessage(greedy.server, watch("c1"), NOW);
      const waiting = sockets.receiveMessage(greedy.server, watch("c2"), NOW);
      await sockets.receiveMessage(other.server, watch("c3"), NOW);
      expect(reads).toEqual(["c1", "c3"]);
      await sockets.closeSocket(greedy.server, 1000);
      await waiting;
      expect(reads).toEqual(["c1", "c3"]);
    });
  });

  it("TRA-4 A refused watch is not stored, and the primary hears nothing of it.", async () => {
    await onStage({ groupsOf: () => ["Soporte"] }, async ({ sockets, broadcaster, asked, openViewer }) => {
      const { server, viewer } = openViewer({ groupFilter: ["Ventas"] });
      asked.length = 0;
      await sockets.receiveMessage(server, watch("c1"), NOW);
      await viewer.until((each) => each.frames.some((frame) => frame["code"] === "not_allowed"), "the error");
      expect(asked).toEqual(["groups c1"]);
      expect([...broadcaster.watchedContacts()]).toEqual([]);
      expect(viewer.transcripts).toEqual([]);
    });
  });

  it("TRA-5 A viewer that watches 20 contacts may watch one of them again.", async () => {
    await onStage({}, async ({ sockets, broadcaster, openViewer }) => {
      const { server, viewer } = openViewer();
      for (let number = 1; number <= 20; number += 1) await sockets.receiveMessage(server, watch(`c${number}`), NOW);
      await sockets.receiveMessage(server, watch("c1"), NOW);
      await viewer.until((each) => each.transcripts.length === 21, "the transcript again");
      await sockets.receiveMessage(server, watch("c21"), NOW);
      await viewer.until((each) => each.frames.some((frame) => frame["code"] === "too_many_watched"), "the error");
      expect([...broadcaster.watchedContacts()]).toHaveLength(20);
    });
  });

  it("SES-12 A message of 4 KiB is read, and one that is a byte longer is refused.", async () => {
    await onStage({}, async ({ sockets, openViewer }) => {
      const { server, viewer } = openViewer();
      const codes = () => viewer.frames.flatMap((frame) => frame["code"] ?? []);
      await sockets.receiveMessage(server, "ñ".repeat(2048), NOW);
      await viewer.until(() => codes().length === 1, "the first error");
      await sockets.receiveMessage(server, `x${"ñ".repeat(2048)}`, NOW);
      await viewer.until(() => codes().length === 2, "the second error");
      expect(codes()).toEqual(["not_json", "too_large"]);
    });
  });
});

describe("A viewer that the hub closes", () => {
  it("SES-13 The sixty-first message in ten seconds closes with 4429, and ends what the viewer watched.", async () => {
    await onStage({}, async ({ sockets, broadcaster, asked, openViewer }) => {
      const { server, viewer } = openViewer();
      await sockets.receiveMessage(server, watch("c1"), NOW);
      for (let number = 2; number <= 60; number += 1) await sockets.receiveMessage(server, say({ type: "resync" }), NOW);
      expect(broadcaster.size).toBe(1);
      asked.length = 0;
      await sockets.receiveMessage(server, say({ type: "resync" }), NOW + 9_999);
      await viewer.until((each) => each.closed !== null, "a close");
      expect(viewer.closed).toEqual(CLOSE.tooManyRequests);
      expect(asked).toEqual(["watching"]);
      expect(broadcaster.size).toBe(0);
    });
  });

  it("SES-12 The tenth bad message closes with 4501, and each gets an error first.", async () => {
    await onStage({}, async ({ sockets, broadcaster, asked, openViewer }) => {
      const { server, viewer } = openViewer();
      await sockets.receiveMessage(server, watch("c1"), NOW);
      for (let number = 1; number <= 9; number += 1) await sockets.receiveMessage(server, "{", NOW);
      expect(broadcaster.size).toBe(1);
      asked.length = 0;
      await sockets.receiveMessage(server, "{", NOW);
      await viewer.until((each) => each.closed !== null, "a close");
      expect(viewer.closed).toEqual(CLOSE.badMessage);
      expect(viewer.frames.filter((frame) => frame.type === "error")).toHaveLength(10);
      expect(asked).toEqual(["watching"]);
    });
  });

  it("SES-10 A message that arrives after the close is not answered.", async () => {
    await onStage({}, async ({ sockets, asked, openViewer, broadcaster }) => {
      const { server } = openViewer();
      await sockets.closeSocket(server, 1000);
      asked.length = 0;
      await sockets.receiveMessage(server, watch("c1"), NOW);
      expect([asked, broadcaster.size]).toEqual([[], 0]);
    });
  });

  it("TRA-1 A watch that the primary answers after the viewer left changes nothing, and its next messages are dropped.", async () => {
    const late = pending<ReadableTranscript>();
    const redeemTicket = () => Promise.reject(new Error("The ticket was used up for nobody."));
    await onStage({ transcript: () => late.promise, redeemTicket }, async ({ sockets, broadcaster, openViewer }) => {
      const { server } = openViewer();
      const messages = [watch("c1"), unwatch("c1"), say({ type: "refresh", ticket: "t" })];
      const answered = messages.map((message) => sockets.receiveMessage(server, message, NOW));
      await sockets.closeSocket(server, 1001);
      late.settle(READABLE);
      await Promise.all(answered);
      expect([...broadcaster.watchedContacts()]).toEqual([]);
    });
  });
});

describe("A viewer that leaves", () => {
  it("TRA-5 The primary is told when a viewer leaves that watched a contact, and not when another leaves.", async () => {
    await onStage({}, async ({ sockets, broadcaster, asked, openViewer }) => {
      const [reader, other] = [openViewer(), openViewer()];
      await sockets.receiveMessage(reader.server, watch("c1"), NOW);
      asked.length = 0;
      await sockets.closeSocket(other.server, 1000);
      expect(asked).toEqual([]);
      await sockets.closeSocket(reader.server, 1000);
      expect(asked).toEqual(["watching"]);
      expect(broadcaster.size).toBe(0);
    });
  });
});

describe("A session that is refreshed", () => {
  it("SES-9 The longer session and its groups outlive the object's sleep.", async () => {
    const redeemTicket = async () => ({ ok: true, ticket: ticketFor({ groupFilter: ["Ventas"] }) }) as const;
    await onStage({ redeemTicket }, async ({ sockets, ctx, asked, openViewer }) => {
      const { server, viewer } = openViewer();
      await sockets.receiveMessage(server, watch("c1"), NOW);
      asked.length = 0;
      await sockets.receiveMessage(server, say({ type: "refresh", ticket: "t" }), NOW);
      await viewer.until((each) => each.frames.some((frame) => frame.type === "refreshed"), "the longer session");
      expect(asked).toEqual(["wake by 7200000"]);
      const woken = new Broadcaster(new Board("an epoch"));
      new ViewerSockets(ctx, woken, {
        watchedQueue: () => null,
        groupsOf: () => READABLE.groups,
        transcript: () => READABLE,
        redeemTicket,
        acknowledge: () => false,
        watchChanged() {},
        wakeBy() {},
      }).restoreViewers();
      expect(woken.viewers()).toMatchObject([
        { subject: "ana", legacy: false, groupFilter: ["Ventas"], expiresAt: NOW + 7_200_000, watching: new Set(["c1"]) },
      ]);
    });
  });

  it("SES-9 A refused ticket closes the viewer with the reason, and ends what the viewer watched.", async () => {
    const redeemed = pending<{ ok: false; reason: typeof CLOSE.badTicket }>();
    await onStage({ redeemTicket: () => redeemed.promise }, async ({ sockets, asked, openViewer, broadcaster }) => {
      const { server, viewer } = openViewer();
      const refreshing = sockets.receiveMessage(server, say({ type: "refresh", ticket: "t" }), NOW);
      asked.length = 0;
      redeemed.settle({ ok: false, reason: CLOSE.badTicket });
      await refreshing;
      await viewer.until((each) => each.closed !== null, "a close");
      expect(viewer.closed).toEqual(CLOSE.badTicket);
      expect([asked, broadcaster.size]).toEqual([["watching"], 0]);
    });
  });

  it("SES-9 A ticket of another subject closes the viewer with 4507 and does not extend its session.", async () => {
    const redeemTicket = async () => ({ ok: true, ticket: ticketFor({ subject: "eve" }) }) as const;
    await onStage({ redeemTicket }, async ({ sockets, asked, openViewer }) => {
      const { server, viewer } = openViewer();
      asked.length = 0;
      await sockets.receiveMessage(server, say({ type: "refresh", ticket: "t" }), NOW);
      await viewer.until((each) => each.closed !== null, "a close");
      expect(viewer.closed).toEqual(CLOSE.notAllowed);
      expect(asked).toEqual(["watching"]);
    });
  });
});

describe("Sockets after the object's sleep", () => {
  it("ZIP-1 PAC-3 What a viewer speaks and its pace outlive the object's sleep.", async () => {
    await onStage({}, async ({ sockets, ctx, openViewer, broadcaster }) => {
      const { server } = openViewer({ compact: true });
      openViewer();
      await sockets.receiveMessage(server, say({ type: "pace", intervalMs: 900 }), NOW);
      expect(broadcaster.viewers().map(({ compact, pace }) => [compact, pace])).toEqual([
        [true, 1000],
        [undefined, undefined],
      ]);
      const woken = new Broadcaster(new Board("an epoch"));
      const host = { watchedQueue: () => null, groupsOf: () => [], transcript: () => READABLE, acknowledge: () => false };
      const redeemTicket = async () => ({ ok: false, reason: CLOSE.badTicket }) as const;
      new ViewerSockets(ctx, woken, { ...host, redeemTicket, watchChanged() {}, wakeBy() {} }).restoreViewers();
      expect(woken.viewers().map(({ compact, pace }) => [compact, pace])).toEqual([
        [true, 1000],
        [undefined, undefined],
      ]);
    });
  });

  it("PAC-1 A pace out of its bounds is an unknown message.", async () => {
    await onStage({}, async ({ sockets, openViewer, broadcaster }) => {
      const { server, viewer } = openViewer();
      for (const intervalMs of [99, 10_001, 250.5, "500", null]) {
        await sockets.receiveMessage(server, say({ type: "pace", intervalMs }), NOW);
      }
      await viewer.until((each) => each.frames.filter(({ type }) => type === "error").length === 5, "five errors");
      expect(viewer.last("error")).toMatchObject({ code: "unknown_message", message: expect.stringContaining("intervalMs") });
      expect(broadcaster.viewers()[0]?.pace).toBeUndefined();
    });
  });

  it("SEQ-2 An object that wakes takes back its open viewers, and no socket that is closed or that it cannot read.", async () => {
    await onStage({}, async ({ sockets, ctx, openViewer, asked }) => {
      expect(asked).toEqual([]);
      const [open, closed, unreadable] = [openViewer(), openViewer(), openViewer({ legacy: true, groupFilter: ["Ventas"] })];
      expect(asked).toEqual(Array(3).fill("wake by 3600000"));
      await sockets.closeSocket(closed.server, 1000);
      unreadable.server.serializeAttachment({ id: "x" });
      const woken = new Broadcaster(new Board("an epoch"));
      const host = {
        watchedQueue: () => null,
        groupsOf: () => [],
        transcript: () => READABLE,
        redeemTicket: async () => ({ ok: false, reason: CLOSE.badTicket }) as const,
      };
      new ViewerSockets(ctx, woken, { ...host, acknowledge: () => false, watchChanged() {}, wakeBy() {} }).restoreViewers();
      expect(woken.viewers().map(({ subject }) => subject)).toEqual(["ana"]);
      expect(woken.viewers()[0]?.id).toBe(ctx.getTags(open.server)[0]);
    });
  });
});
