import type { Scenario } from "../scenario.ts";
import { afterQuiet } from "./after-quiet.ts";
import { answerTime } from "./answer-time.ts";
import { asleep } from "./asleep.ts";
import { compression } from "./compression.ts";
import { conflatingPeers } from "./conflating-peers.ts";
import { frameCost } from "./frame-cost.ts";
import { frozenViewers } from "./frozen-viewers.ts";
import { groupFilters } from "./group-filters.ts";
import { intake } from "./intake.ts";
import { postCost } from "./post-cost.ts";
import { queuesOn } from "./queues-on.ts";
import { reconnect } from "./reconnect.ts";
import { relays } from "./relays.ts";
import { underLoad } from "./under-load.ts";
import { wireBytes } from "./wire-bytes.ts";

export const hubScenarios: readonly Scenario[] = [
  conflatingPeers,
  compression,
  underLoad,
  frameCost,
  postCost,
  groupFilters,
  queuesOn,
  afterQuiet,
  answerTime,
  wireBytes,
  reconnect,
  frozenViewers,
  intake,
  asleep,
  relays,
];
