import { expect, test } from "vitest";
import { RequestPace } from "../../../aws-ingest/clients/request-pace.ts";

/** Returns how long each of `count` requests waits that come at the same moment, ms. */
const waits = (pace: RequestPace, count: number, now: number) => Array.from({ length: count }, () => pace.reserve(now));

test("The first requests go at once, and the others at the pace.", () => {
  expect(waits(new RequestPace(4, 3), 6, 0)).toEqual([0, 0, 0, 250, 500, 750]);
});

test("A pause lets as many requests go at once as at the start, and no more.", () => {
  const pace = new RequestPace(4, 3);
  waits(pace, 5, 0);
  expect(waits(pace, 5, 60_000)).toEqual([0, 0, 0, 250, 500]);
});

test("Requests that come slower than the pace never wait.", () => {
  const pace = new RequestPace(4, 1);
  expect([0, 250, 600, 850].map((now) => pace.reserve(now))).toEqual([0, 0, 0, 0]);
});

test("Nobody waits for a turn when the time is up.", async () => {
  const pace = new RequestPace(0.001, 1);
  const time = new AbortController();
  await pace.turn(time.signal);
  const waiting = pace.turn(time.signal);
  time.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  await expect(pace.turn(time.signal)).rejects.toMatchObject({ name: "AbortError" });
});
