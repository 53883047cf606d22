import { expect, test } from "vitest";
import { RequestRate } from "../../../aws-ingest/clients/request-rate.ts";

/** Returns how long each of `count` requests waits that come at the same moment, ms. */
const waits = (rate: RequestRate, count: number, now: number) => Array.from({ length: count }, () => rate.reserve(now));

test("The first requests go at once, and the others at the rate.", () => {
  expect(waits(new RequestRate(4, 3), 6, 0)).toEqual([0, 0, 0, 250, 500, 750]);
});

test("A pause lets as many requests go at once as at the start, and no more.", () => {
  const rate = new RequestRate(4, 3);
  waits(rate, 5, 0);
  expect(waits(rate, 5, 60_000)).toEqual([0, 0, 0, 250, 500]);
});

test("Requests that come slower than the rate never wait.", () => {
  const rate = new RequestRate(4, 1);
  expect([0, 250, 600, 850].map((now) => rate.reserve(now))).toEqual([0, 0, 0, 0]);
});

test("No request waits when the time is up.", async () => {
  const rate = new RequestRate(0.001, 1);
  const time = new AbortController();
  await rate.permit(time.signal);
  const waiting = rate.permit(time.signal);
  time.abort();
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  await expect(rate.permit(time.signal)).rejects.toMatchObject({ name: "AbortError" });
});
