import type { Suite } from "./options.ts";
import type { Scenario } from "./scenario.ts";

/** Loads the code of one suite. Returns its scenarios in the order of runs and tables. */
export async function scenariosOf(suite: Suite): Promise<readonly Scenario[]> {
  switch (suite) {
    case "hub":
      return (await import("./hub/suite.ts")).hubScenarios;
    case "ingest":
      return (await import("./ingest/suite.ts")).ingestScenarios;
    case "board":
      return (await import("./board/suite.ts")).boardScenarios;
  }
}
