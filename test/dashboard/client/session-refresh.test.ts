import { beforeEach, describe, expect, test } from "vitest";
import { FakeClock } from "../../../dashboard/client/fake-clock.ts";
import { SessionRefresh } from "../../../dashboard/client/session-refresh.ts";
import { InvalidTicketError } from "../../../dashboard/client/ticket-request.ts";

/** Above this a browser's timer fires at once. */
const LONGEST_BROWSER_TIMER_MS = 2 ** 31 - 1;

let clock: FakeClock;
let requests: { attempt: number }[];
let signals: AbortSignal[];
let failures: [unknown, boolean][];
let sent: string[];
let answer: () => Promise<string>;
let session: SessionRefresh;

/** Lets the promises settle that a timer has started. */
const settle = async () => {
  for (let turn = 0; turn < 5; turn += 1) await Promise.resolve();
};
async function advance(ms: number): Promise<void> {
  clock.advance(ms);
  await settle();
}

beforeEach(() => {
  clock = new FakeClock(1_000);
  requests = [];
  signals = [];
  failures = [];
  sent = [];
  answer = async () => "ticket";
  session = new SessionRefresh(clock, {
    ticket: (signal, attempt) => {
      requests.push({ attempt });
      signals.push(signal);
      return answer();
    },
    sendRefresh: (ticket) => sent.push(ticket),
    onFailure: (error, willRetry) => failures.push([error, willRetry]),
  });
});

describe("The session refresh", () => {
  test("asks for a ticket after 80 % of the session and sends it.", async () => {
    session.schedule(100_000);
    await advance(79_999);
    expect(requests).toEqual([]);
    await advance(1);
    expect(requests).toEqual([{ attempt: 0 }]);
    expect(sent).toEqual(["ticket"]);
  });

  test("SES-9 sends no ticket that does not fit into a message, and lets the session end.", async () => {
    const longest = "t".repeat(4096 - '{"type":"refresh","ticket":""}'.length);
    answer = async () => longest;
    session.schedule(100_000);
    await advance(80_000);
    expect(sent).toEqual([longest]);
    answer = async () => `${longest}t`;
    session.schedule(100_000);
    await advance(80_000);
    await advance(100_000);
    expect([requests.length, sent.length, failures, clock.waitingTimers]).toEqual([2, 1, [], 0]);
  });

  test("asks again after 80 % of the rest when getTicket fails, until a second is left.", async () => {
    answer = () => Promise.reject(new Error("The login service is down."));
    session.schedule(100_000);
    await advance(80_000);
    await advance(15_999);
    expect(requests).toHaveLength(1);
    await advance(1);
    expect(requests).toEqual([{ attempt: 0 }, { attempt: 1 }]);
    await advance(3_200);
    expect(requests).toHaveLength(3);
    await advance(100_000);
    expect(requests).toHaveLength(3);
    expect(sent).toEqual([]);
    expect(failures.map(([, willRetry]) => willRetry)).toEqual([true, true, false]);
    expect(clock.waitingTimers).toBe(0);
  });

  test("gives up a getTicket that never settles after 15 s, aborts its signal and asks again.", async () => {
    answer = () => new Promise(() => {});
    session.schedule(100_000);
    await advance(80_000);
    await advance(14_999);
    expect(failures).toEqual([]);
    await advance(1);
    expect(failures).toEqual([[expect.objectContaining({ message: "getTicket had no answer in time." }), true]]);
    expect(signals.map(({ aborted }) => aborted)).toEqual([true]);
    answer = async () => "ticket";
    await advance(4_000);
    expect(sent).toEqual(["ticket"]);
    expect(clock.waitingTimers).toBe(0);
  });

  test("asks no more when getTicket returns something else than a ticket.", async () => {
    const wrong = new InvalidTicketError("It returned an object.");
    answer = () => Promise.reject(wrong);
    session.schedule(100_000);
    await advance(80_000);
    await advance(20_000);
    expect(failures).toEqual([[wrong, false]]);
    expect(requests).toHaveLength(1);
  });

  test("sends no ticket that arrives after stop().", async () => {
    let give: (ticket: string) => void = () => {};
    answer = () => new Promise((resolve) => (give = resolve));
    session.schedule(100_000);
    await advance(80_000);
    session.stop();
    give("late");
    await settle();
    expect(sent).toEqual([]);
  });

  test("forgets a late ticket and a late failure of the session before.", async () => {
    let give: (ticket: string) => void = () => {};
    let fail: (error: Error) => void = () => {};
    answer = () =>
      new Promise((resolve, reject) => {
        give = resolve;
        fail = reject;
      });
    session.schedule(100_000);
    await advance(80_000);
    session.schedule(500_000);
    give("late");
    await settle();
    expect(sent).toEqual([]);
    await advance(400_000);
    session.schedule(900_000);
    fail(new Error("The login service is down."));
    await settle();
    expect(clock.waitingTimers).toBe(1);
    await advance(719_999);
    expect(requests).toHaveLength(2);
  });

  test("has one timer, and none after stop().", () => {
    session.schedule(100_000);
    session.schedule(200_000);
    expect(clock.waitingTimers).toBe(1);
    session.stop();
    expect(clock.waitingTimers).toBe(0);
  });

  test("waits no longer than a browser's timer can.", async () => {
    session.schedule(10 * LONGEST_BROWSER_TIMER_MS);
    await advance(LONGEST_BROWSER_TIMER_MS);
    expect(requests).toHaveLength(1);
  });
});
