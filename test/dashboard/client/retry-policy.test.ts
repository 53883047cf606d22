import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BACKOFF, type ConnectionEnd, decideRetry, FRESH, STABLE_MS } from "../../../dashboard/client/retry-policy.ts";

const close = (code: number, liveMs = 0): ConnectionEnd => ({ kind: "close", code, liveMs });

describe("The back-off", () => {
  test("keeps any wait within its bound, which doubles up to 30 s.", () => {
    fc.assert(
      fc.property(fc.nat(60), fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }), (failures, random) => {
        const decision = decideRetry({ failures, ticketRenewed: false }, close(1006), random);
        expect(decision).toMatchObject({ kind: "retry", state: { failures: failures + 1 }, error: "network" });
        const delay = decision.kind === "retry" ? decision.delayMs : -1;
        expect(delay).toBeGreaterThanOrEqual(0);
        expect(delay).toBeLessThanOrEqual(Math.min(BACKOFF.longestMs, 500 * 2 ** failures));
      }),
    );
  });

  test("uses the whole range, so viewers that were disconnected together return at different times.", () => {
    const waits = [0, 0.25, 0.5, 0.99].map((random) => decideRetry({ failures: 3, ticketRenewed: false }, close(4412), random));
    expect(waits.map((decision) => decision.kind === "retry" && decision.delayMs)).toEqual([0, 1000, 2000, 3960]);
  });

  test("starts again from the first wait after a connection of 5 s, but not after a shorter one.", () => {
    const before = { failures: 6, ticketRenewed: true };
    expect(decideRetry(before, close(1006, STABLE_MS), 0.5)).toMatchObject({ state: { failures: 1, ticketRenewed: false } });
    expect(decideRetry(before, close(1006, STABLE_MS - 1), 0.5)).toMatchObject({ state: { failures: 7 } });
  });

  test("waits after too many requests as long as after four failures.", () => {
    expect(decideRetry(FRESH, close(4429), 0.5)).toMatchObject({ kind: "retry", delayMs: 4000, error: "too_many_requests" });
  });

  test("waits 30 s without a network.", () => {
    expect(decideRetry(FRESH, { kind: "offline" }, 0)).toMatchObject({ kind: "retry", delayMs: BACKOFF.longestMs });
  });
});

describe("An end that may hit everybody", () => {
  const ends: ConnectionEnd[] = [
    ...[1001, 1005, 1006, 1012, 4410, 4412].map((code) => close(code, STABLE_MS)),
    { kind: "ticket", status: null },
    { kind: "ticket", status: 503 },
  ];

  test.each(ends)("RET-2 spreads the clients over the time that the hub asks for (%j).", (end) => {
    const waits = [0, 0.25, 0.5, 0.99].map((random) => decideRetry(FRESH, end, random, 8_000));
    expect(waits).toMatchObject([0, 2_000, 4_000, 7_920].map((delayMs) => ({ kind: "retry", delayMs })));
  });

  test("RET-2 never shortens the back-off of a hub that stays away.", () => {
    expect(decideRetry({ failures: 5, ticketRenewed: false }, close(1006), 0.5, 8_000)).toMatchObject({ delayMs: 8_000 });
  });

  test("RET-2 keeps nobody away for more than five minutes, whatever the hub asks for.", () => {
    expect(decideRetry(FRESH, close(1006), 1, 1e12)).toMatchObject({ delayMs: 300_000 });
    expect(decideRetry(FRESH, close(1006), 0.5, -5)).toMatchObject({ delayMs: 250 });
  });

  test.each([
    [close(4408, STABLE_MS), 250],
    [close(4429, STABLE_MS), 4_000],
    [close(4401, STABLE_MS), 0],
    [{ kind: "timeout", liveMs: STABLE_MS }, 250],
  ] satisfies [ConnectionEnd, number][])(
    "RET-2 is none that the hub or the client means for one viewer (%j).",
    (end, delayMs) => {
      expect(decideRetry(FRESH, end, 0.5, 8_000)).toMatchObject({ kind: "retry", delayMs });
    },
  );

  test("RET-2 has the usual back-off when the hub is older and asks for nothing.", () => {
    expect(decideRetry(FRESH, close(1006, STABLE_MS), 0.5)).toMatchObject({ delayMs: 250 });
  });
});

describe("The close code", () => {
  test("4401 asks for a new ticket at once the first time, and then with back-off.", () => {
    const first = decideRetry({ failures: 2, ticketRenewed: false }, close(4401), 0.5);
    expect(first).toEqual({
      kind: "retry",
      delayMs: 0,
      error: "ticket_expired",
      state: { failures: 2, ticketRenewed: true },
    });
    const second = decideRetry(first.kind === "retry" ? first.state : FRESH, close(4401), 0.5);
    expect(second).toMatchObject({ kind: "retry", delayMs: 1000 });
  });

  test.each([
    [4500, "unauthorized", "bad_ticket"],
    [4501, "closed", "bad_message"],
    [4503, "unauthorized", "revoked"],
    [4504, "closed", "too_many_viewers"],
    [4507, "unauthorized", "not_allowed"],
    [4999, "closed", "closed"],
  ])("%i stops the client as %s with the error %s.", (code, status, error) => {
    expect(decideRetry(FRESH, close(code), 0.5)).toEqual({ kind: "stop", status, error });
  });

  test("of any other kind lets the client retry.", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 4499 }), (code) => {
        expect(decideRetry(FRESH, close(code), 0.5).kind).toBe("retry");
      }),
    );
  });
});

describe("A failed getTicket", () => {
  test.each([401, 403])("with status %i stops the client until somebody signs in.", (status) => {
    expect(decideRetry(FRESH, { kind: "ticket", status }, 0.5)).toEqual({
      kind: "stop",
      status: "unauthorized",
      error: "ticket_refused",
    });
  });

  test.each([null, 500, 429, "401"])("with status %j lets the client retry.", (status) => {
    expect(decideRetry(FRESH, { kind: "ticket", status }, 0.5)).toMatchObject({ kind: "retry", error: "ticket_failed" });
  });
});
