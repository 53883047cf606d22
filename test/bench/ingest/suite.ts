import type { Scenario } from "../scenario.ts";
import { mediaSpeed } from "./media-speed.ts";
import { scoring } from "./scoring.ts";

export const ingestScenarios: readonly Scenario[] = [mediaSpeed, scoring];
