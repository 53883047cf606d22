import { expect, test } from "vitest";
import { LiveShards } from "../../../aws-ingest/connect/live-shards.ts";

const MINUTE = 60_000;
const START = 1_714_363_532_120;

test("One shard is one, however often it is noted, and an event without a shard changes nothing.", () => {
  const shards = new LiveShards();
  expect([shards.noteShard("a", START), shards.noteShard("a", START + 1), shards.noteShard("", START)]).toEqual([
    false,
    false,
    false,
  ]);
  expect(shards.count).toBe(1);
});

test("Two shards that take turns are two, and only the first record of the second is news.", () => {
  const shards = new LiveShards();
  const news = ["a", "b", "a", "b"].map((shard, index) => shards.noteShard(shard, START + index));
  expect(news).toEqual([false, true, false, false]);
  expect(shards.count).toBe(2);
});

test("A shard that follows another counts alone once no record of the other can still come.", () => {
  const shards = new LiveShards();
  shards.noteShard("a", START);
  expect(shards.noteShard("b", START + MINUTE)).toBe(true);
  expect(shards.noteShard("b", START + 15 * MINUTE)).toBe(false);
  expect(shards.count).toBe(2);
  shards.noteShard("b", START + 15 * MINUTE + 1);
  expect(shards.count).toBe(1);
  expect(shards.noteShard("c", START + 40 * MINUTE)).toBe(false);
});
