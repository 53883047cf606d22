import type { Suite } from "./options.ts";
import type { Scenario } from "./scenario.ts";

/** The scenarios of a suite, in the order in which they run and stand in the tables. Only this suite's code is loaded. */
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
