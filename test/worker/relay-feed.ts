import type { Feed } from "../../core/replication/feed.ts";
import { center } from "./support.ts";

/** Runs `doing` and then returns the primary's feed of everything after `from`. */
export async function relayFeed(instance: string, from: number, doing: () => Promise<unknown>): Promise<Feed> {
  await doing();
  const { epoch } = await center(instance).sync("observer/enam/1", 0, [], null);
  const feed = await center(instance).sync("observer/enam/1", 0, [], { epoch, seq: from });
  await center(instance).detach("observer/enam/1");
  return readFeed(feed);
}

/** Copies a feed, because the original belongs to the RPC call that returned it. */
export function readFeed(feed: Feed): Feed {
  return structuredClone({ ...feed, rows: [...feed.rows] });
}
