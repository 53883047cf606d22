// `npm run check`: types, lint, unused code, hard texts.
import { checks } from "./checks.ts";
import { exitCodeOf, runSteps } from "./steps.ts";

process.exitCode = exitCodeOf(await runSteps(checks(), 2));
