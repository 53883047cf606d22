import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { BACKOFF, type ConnectionEnd, decideRetry, FRESH, STABLE_MS } from "../../../dashboard/client/retry-policy.ts";

const close = (code: number, liveMs = 0): ConnectionEnd => ({ kind: "close", code, liveMs });

describe("back-off", () => {
  test("any wait is within the bound of its step, and the bound doubles up to 30 s", () => {
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

  test("the whole range is used: two viewers that were dropped together do not come back together", () => {
    const waits = [0, 0.25, 0.5, 0.99].map((random) => decideRetry({ failures: 3, ticketRenewed: false }, close(4412), random));
    expect(waits.map((decision) => decision.kind === "retry" && decision.delayMs)).toEqual([0, 1000, 2000, 3960]);
  });

  test("starts anew after a connection that stood, but not after one that was greeted and dropped", () => {
    const before = { failures: 6, ticketRenewed: true };
    expect(decideRetry(before, close(1006, STABLE_MS), 0.5)).toMatchObject({ state: { failures: 1, ticketRenewed: false } });
    expect(decideRetry(before, close(1006, STABLE_MS - 1), 0.5)).toMatchObject({ state: { failures: 7 } });
  });

  test("too many requests: waits from the start about as long as after four failures", () => {
    expect(decideRetry(FRESH, close(4429), 0.5)).toMatchObject({ kind: "retry", delayMs: 4000, error: "too_many_requests" });
  });

  test("without network there is no hurry: the return of the network ends the wait", () => {
    expect(decideRetry(FRESH, { kind: "offline" }, 0)).toMatchObject({ kind: "retry", delayMs: BACKOFF.longestMs });
  });
});

describe("close codes", () => {
  test("4401: a new ticket at once, once; then with back-off", () => {
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
  ])("%i is the end: %s, %s", (code, status, error) => {
    expect(decideRetry(FRESH, close(code), 0.5)).toEqual({ kind: "stop", status, error });
  });

  test("every other code comes back", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1000, max: 4499 }), (code) => {
        expect(decideRetry(FRESH, close(code), 0.5).kind).toBe("retry");
      }),
    );
  });
});

describe("a ticket that was not given", () => {
  test.each([401, 403])("refused with %i: somebody has to sign in", (status) => {
    expect(decideRetry(FRESH, { kind: "ticket", status }, 0.5)).toEqual({
      kind: "stop",
      status: "unauthorized",
      error: "ticket_refused",
    });
  });

  test.each([null, 500, 429, "401"])("failed with %s: tries again", (status) => {
    expect(decideRetry(FRESH, { kind: "ticket", status }, 0.5)).toMatchObject({ kind: "retry", error: "ticket_failed" });
  });
});
