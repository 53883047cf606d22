// The process of the transcriber. It is separate from the stand-ins, so that the work uses a second CPU core.
import * as v from "valibot";
import { type ChildService, runAsChild } from "./child.ts";
import { startFunctions } from "./cloud.ts";

runAsChild(async (config): Promise<ChildService> => {
  const lambda = await startFunctions(v.parse(v.record(v.string(), v.string()), config));
  return { ready: { url: lambda.url }, stop: () => lambda.close() };
});
