import type { Scenario } from "../scenario.ts";
import { lateCalls } from "./late-calls.ts";
import { mediaSpeed } from "./media-speed.ts";
import { phraseToBoard } from "./phrase-to-board.ts";
import { scoring } from "./scoring.ts";
import { simultaneousCalls } from "./simultaneous-calls.ts";

export const ingestScenarios: readonly Scenario[] = [mediaSpeed, scoring, phraseToBoard, simultaneousCalls, lateCalls];
