import { afterQuiet } from "./after-quiet.ts";
import { answerTime } from "./answer-time.ts";
import type { Scenario } from "./scenario.ts";
import { underLoad } from "./under-load.ts";
import { wireBytes } from "./wire-bytes.ts";

export const hubScenarios: readonly Scenario[] = [underLoad, afterQuiet, answerTime, wireBytes];
