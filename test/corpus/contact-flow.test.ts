import { beforeEach, expect, test } from "vitest";
import { handler } from "../../aws-ingest/handlers/trigger.ts";
import { startLambda } from "../../local/aws/lambda.ts";
import { readerLab } from "../support/reader-lab.ts";
import { samplesOf } from "./samples.ts";

const jobs: unknown[] = [];
readerLab(async () => {
  const lambda = await startLambda({
    functions: { transcriber: { handler: async (job: unknown) => void jobs.push(job), timeoutMs: 5_000 } },
  });
  return { env: { AWS_ENDPOINT_URL_LAMBDA: lambda.url, TRANSCRIBER_FUNCTION: "transcriber" }, close: () => lambda.close() };
});
beforeEach(() => {
  jobs.length = 0;
});

test.each(samplesOf("contact-flow"))("The trigger function reads the published event $name.", async ({ sample, expected }) => {
  const { answer, job } = expected;
  const given = await handler(sample);
  expect(given).toMatchObject({ ...Object(answer), contactId: expect.stringMatching(/^[\w-]{36}$/) });
  if (job === undefined) expect(jobs).toEqual([]);
  else await expect.poll(() => jobs).toMatchObject([job]);
});
