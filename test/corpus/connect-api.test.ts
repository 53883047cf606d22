import { expect, test } from "vitest";
import { handler } from "../../aws-ingest/handlers/reconcile.ts";
import { ServiceError, startService } from "../../local/aws/service.ts";
import { readerLab } from "../support/reader-lab.ts";
import { samplesOf } from "./samples.ts";

const SAMPLES = samplesOf("connect-api");
const asked = new Set<string>();
// The stand-in of Amazon Connect writes its answers itself. These are the published ones.
const lab = readerLab(async () => {
  const service = await startService({
    serve: ({ method, url }) => {
      const found = SAMPLES.find(({ sample }) => sample["method"] === method && sample["path"] === url.pathname);
      if (found === undefined) throw new ServiceError(404, "ResourceNotFoundException", url.pathname);
      asked.add(found.name);
      return { status: 200, headers: { "content-type": "application/json" }, body: JSON.stringify(found.sample["answer"]) };
    },
  });
  return { env: { AWS_ENDPOINT_URL_CONNECT: service.url }, close: () => service.close() };
});

test("The reconcile function reads the published answers of Amazon Connect's API.", async () => {
  expect(await handler({ once: true })).toEqual({ agents: 1, complete: true });
  expect([...asked].toSorted()).toEqual(SAMPLES.map(({ name }) => name));
  expect(lab.hub.updates()).toMatchObject([
    {
      type: "roster.snapshot",
      agents: [
        {
          agentId: "0aa1bb22-1111-4222-8333-444455556666",
          name: "Jane Doe",
          username: "jane.doe",
          signedIn: true,
          status: { name: "Available", kind: "routable", since: 1_772_460_000_000 },
          contacts: [
            {
              contactId: "b373d225-c6c8-48eb-b7ec-e3ce4135a7e9",
              channel: "voice",
              state: "connected",
              since: 1_772_460_332_011,
              connectedAt: 1_772_460_332_011,
              queue: "BasicQueue",
            },
          ],
          routingProfile: "Basic Routing Profile",
          groups: ["América", "México"],
          nextStatus: "Almuerzo",
          capacity: [
            { channel: "voice", used: 1, max: 1 },
            { channel: "chat", used: 0, max: 3 },
          ],
        },
      ],
    },
  ]);
});
