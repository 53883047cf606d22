import type { Feed } from "../../core/replication/feed.ts";
import { center } from "./support.ts";

/** The feed that the primary would send for everything after `from`, once `doing` is done. */
export async function relayFeed(instance: string, from: number, doing: () => Promise<unknown>): Promise<Feed> {
  await doing();
  const { epoch } = await center(instance).sync("observer/enam/1", 0, [], null);
  const feed = await center(instance).sync("observer/enam/1", 0, [], { epoch, seq: from });
  await center(instance).detach("observer/enam/1");
  return readFeed(feed);
}

/** A copy of our own, free of the call that brought it. */
export function readFeed(feed: Feed): Feed {
  return structuredClone({ ...feed, rows: [...feed.rows] });
}
