// A process that transcribes: apart from the services it calls, so that a machine's second processor has its share of the work.
import * as v from "valibot";
import { type ChildService, runAsChild } from "./child.ts";
import { startFunctions } from "./cloud.ts";

runAsChild(async (config): Promise<ChildService> => {
  const lambda = await startFunctions(v.parse(v.record(v.string(), v.string()), config));
  return { ready: { url: lambda.url }, stop: () => lambda.close() };
});
