import type { Scenario } from "../scenario.ts";
import { bundleSize } from "./bundle-size.ts";
import { interactions } from "./interactions.ts";
import { libraryRenderings } from "./library-renderings.ts";
import { librarySize } from "./library-size.ts";
import { liveBoard } from "./live-board.ts";

export const boardScenarios: readonly Scenario[] = [bundleSize, librarySize, libraryRenderings, interactions, liveBoard];
