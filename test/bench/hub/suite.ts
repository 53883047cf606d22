import type { Scenario } from "../scenario.ts";
import { afterQuiet } from "./after-quiet.ts";
import { answerTime } from "./answer-time.ts";
import { asleep } from "./asleep.ts";
import { frameCost } from "./frame-cost.ts";
import { frozenViewers } from "./frozen-viewers.ts";
import { intake } from "./intake.ts";
import { reconnect } from "./reconnect.ts";
import { relays } from "./relays.ts";
import { keepingUp, underLoad } from "./under-load.ts";
import { wireBytes } from "./wire-bytes.ts";

export const hubScenarios: readonly Scenario[] = [
  underLoad,
  keepingUp,
  frameCost,
  afterQuiet,
  answerTime,
  wireBytes,
  reconnect,
  frozenViewers,
  intake,
  asleep,
  relays,
];
