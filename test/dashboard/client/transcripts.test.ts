import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { mergeTurns, WatchedTranscripts } from "../../../dashboard/client/transcripts.ts";
import type { ClientMessage, Turn } from "../../../protocol/messages.ts";

function turn(fields: Partial<Turn> & Pick<Turn, "turnId">): Turn {
  return { role: "customer", beginMs: 0, endMs: 1, text: "", final: false, sentiment: null, occurredAt: 0, ...fields };
}

describe("Turns", () => {
  const partial = turn({ turnId: "t", text: "buenas", occurredAt: 1 });
  const final = turn({ turnId: "t", text: "buenas tardes", final: true, occurredAt: 2 });

  test("TRA-2 A final turn replaces its partial turn, and a late partial turn does not replace the final one.", () => {
    expect(mergeTurns([partial], [final])).toEqual([final]);
    expect(mergeTurns([final], [{ ...partial, occurredAt: 9 }])).toEqual([final]);
  });

  test("come in the order of beginMs.", () => {
    const turns = [turn({ turnId: "b", beginMs: 20 }), turn({ turnId: "a", beginMs: 10 })];
    expect(mergeTurns([], turns).map(({ turnId }) => turnId)).toEqual(["a", "b"]);
  });

  test("are the same in whatever order and however often they arrive.", () => {
    const arrivals = fc.uniqueArray(
      fc.record({ turnId: fc.constantFrom("a", "b"), occurredAt: fc.nat(5), final: fc.boolean(), beginMs: fc.constant(0) }),
      { selector: ({ turnId, occurredAt, final: isFinal }) => `${turnId}${occurredAt}${isFinal}` },
    );
    const shuffled = arrivals.chain((turns) =>
      fc.tuple(fc.constant(turns), fc.shuffledSubarray([...turns, ...turns], { minLength: turns.length * 2 })),
    );
    fc.assert(
      fc.property(shuffled, ([turns, others]) => {
        const inOrder = turns.map((fields) => turn({ ...fields, text: String(fields.occurredAt) }));
        const another = others.map((fields) => turn({ ...fields, text: String(fields.occurredAt) }));
        const oneByOne = another.reduce<readonly Turn[]>((all, next) => mergeTurns(all, [next]), []);
        expect(oneByOne).toEqual(mergeTurns([], inOrder));
      }),
    );
  });
});

describe("A watched transcript", () => {
  function start() {
    const sent: ClientMessage[] = [];
    const clock = new FakeClock(0);
    const transcripts = new WatchedTranscripts(clock, (message) => sent.push(message) > 0);
    return { sent, clock, transcripts };
  }
  const watch = { type: "watch", contactId: "c" };
  const unwatch = { type: "unwatch", contactId: "c" };

  test("sends watch for the first listener and unwatch after the last.", () => {
    const { sent, transcripts } = start();
    const first = transcripts.watch("c", () => {});
    const second = transcripts.watch("c", () => {});
    first();
    first();
    expect(sent).toEqual([watch]);
    second();
    expect(sent).toEqual([watch, unwatch]);
  });

  test("begins again when a new listener comes after the last one has left.", () => {
    const { sent, transcripts } = start();
    const stop = transcripts.watch("c", () => {});
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [turn({ turnId: "a" })], complete: false });
    stop();
    expect(transcripts.view("c")).toEqual({ contactId: "c", status: "loading", error: null, turns: [] });
    transcripts.watch("c", () => {});
    stop();
    expect(sent).toEqual([watch, unwatch, watch]);
  });

  test("sends watch again on a new connection, unless it is complete.", () => {
    const { sent, transcripts } = start();
    transcripts.watch("c", () => {});
    transcripts.watch("d", () => {});
    transcripts.applyFrame({ type: "transcript", contactId: "d", turns: [], complete: true });
    sent.length = 0;
    transcripts.rewatch();
    expect(sent).toEqual([watch]);
  });

  test("keeps its turns on a new connection and is the same object until it changes.", () => {
    const { transcripts } = start();
    let calls = 0;
    transcripts.watch("c", () => {
      calls += 1;
    });
    const loading = transcripts.view("c");
    expect(loading).toEqual({ contactId: "c", status: "loading", error: null, turns: [] });
    expect(transcripts.view("c")).toBe(loading);
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [turn({ turnId: "a", final: true })], complete: false });
    transcripts.rewatch();
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [turn({ turnId: "b", beginMs: 5 })], complete: false });
    expect(transcripts.view("c")).toMatchObject({ status: "live", turns: [{ turnId: "a" }, { turnId: "b" }] });
    expect(calls).toBe(2);
  });

  test("keeps no turns of a contact without a listener.", () => {
    const { transcripts } = start();
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [turn({ turnId: "a" })], complete: false });
    expect(transcripts.view("c").turns).toEqual([]);
    expect(transcripts.view("c")).toBe(transcripts.view("c"));
  });

  test("is refused with the hub's word, keeps its turns, and is live again when the hub sends it after all.", () => {
    const { clock, transcripts } = start();
    let calls = 0;
    transcripts.watch("c", () => {
      calls += 1;
    });
    transcripts.watch("d", () => {});
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [turn({ turnId: "a" })], complete: false });
    transcripts.refuse("c", "not_allowed");
    expect(transcripts.view("c")).toMatchObject({ status: "refused", error: "not_allowed", turns: [{ turnId: "a" }] });
    expect(transcripts.view("d").status).toBe("loading");
    transcripts.rewatch();
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [], complete: false });
    expect(transcripts.view("c")).toMatchObject({ status: "live", error: null, turns: [{ turnId: "a" }] });
    expect(calls).toBe(3);
    transcripts.refuse("unknown", "not_allowed");
    expect(clock.waitingTimers).toBe(1);
  });

  test("is refused with timeout when no answer comes within 15 s, but not once it has one or nobody listens.", () => {
    const { clock, transcripts } = start();
    transcripts.watch("c", () => {});
    transcripts.watch("answered", () => {});
    const leave = transcripts.watch("left", () => {});
    transcripts.applyFrame({ type: "transcript", contactId: "answered", turns: [], complete: false });
    leave();
    clock.advance(14_999);
    expect(transcripts.view("c").status).toBe("loading");
    expect(clock.waitingTimers).toBe(1);
    clock.advance(1);
    expect(transcripts.view("c")).toMatchObject({ status: "refused", error: "timeout" });
    expect(transcripts.view("answered").status).toBe("live");
  });

  test("waits for no answer while the message could not be sent, and none after the connection has ended.", () => {
    const clock = new FakeClock(0);
    let connected = false;
    const transcripts = new WatchedTranscripts(clock, () => connected);
    transcripts.watch("c", () => {});
    expect(clock.waitingTimers).toBe(0);
    connected = true;
    transcripts.rewatch();
    expect(clock.waitingTimers).toBe(1);
    transcripts.stopWaiting();
    clock.advance(60_000);
    expect(transcripts.view("c").status).toBe("loading");
  });

  test("that has ended stays complete when the hub refuses everything, unless it must be forgotten.", () => {
    const { transcripts } = start();
    transcripts.watch("c", () => {});
    transcripts.watch("d", () => {});
    transcripts.applyFrame({ type: "transcript", contactId: "c", turns: [turn({ turnId: "a" })], complete: true });
    transcripts.refuse(null, "polling");
    expect(transcripts.view("c").status).toBe("complete");
    expect(transcripts.view("d")).toMatchObject({ status: "refused", error: "polling" });
    transcripts.refuse(null, "revoked", true);
    expect(transcripts.view("c")).toMatchObject({ status: "refused", error: "revoked", turns: [] });
  });
});
