import { getEventListeners } from "node:events";
import { setTimeout as pause } from "node:timers/promises";
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { expect, test } from "vitest";
import { runFunction } from "../../../local/aws/lambda-function.ts";

setFlagsFromString("--expose-gc");
const collectGarbage: () => void = runInNewContext("gc");

test("A service that runs for a day keeps nothing of the invocations that have ended, also when they overlapped.", async () => {
  const stop = new AbortController();
  const answers: (() => void)[] = [];
  const handler = () => new Promise<void>((resolve) => answers.push(resolve));
  const runs = Array.from({ length: 20 }, (_, index) => runFunction("f", { handler }, { index }, `${index}`, stop.signal));
  await pause(5);
  // A collection while they run is what made Node forget to remove a listener.
  collectGarbage();
  await pause(5);
  expect(getEventListeners(stop.signal, "abort")).toHaveLength(20);
  for (const answer of answers) answer();
  await Promise.all(runs.map(({ outcome }) => outcome));
  expect(getEventListeners(stop.signal, "abort")).toEqual([]);
});
