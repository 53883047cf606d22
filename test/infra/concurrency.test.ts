import { expect, test } from "vitest";
import { reservedFor } from "../../infra/reserved-concurrency.ts";

test("Every running call has a place in each of the two functions, and new calls can wait in one of them.", () => {
  expect(reservedFor(25)).toEqual({ newCalls: 38, runningCalls: 28 });
  for (const calls of [1, 2, 7, 100, 5000]) {
    const { newCalls, runningCalls } = reservedFor(calls);
    expect([newCalls > calls, runningCalls > calls]).toEqual([true, true]);
  }
});
