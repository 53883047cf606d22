import { once } from "node:events";
import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import * as v from "valibot";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { readMedia } from "../../../aws-ingest/clients/kinesis-video.ts";

/** The pauses that the client asked for, in ms. They end at once. */
const pauses = vi.hoisted((): number[] => []);
vi.mock("node:timers/promises", () => ({
  setTimeout: (ms: number) => {
    pauses.push(ms);
    return Promise.resolve();
  },
}));

const STREAM = "arn:aws:kinesisvideo:us-east-1:111122223333:stream/vigia/1";
const BODY = Buffer.from("some media");
/** Longer than any test, so that the bytes end for another reason. */
const NEVER_MS = 600_000;

let server: Server;
let url = "";
/** Bodies of the GetMedia requests. */
const asked: unknown[] = [];
let endpoint: string | null = null;
let media: (response: ServerResponse) => void = () => {};
/** Resolves when the client has closed the connection of a GetMedia answer. */
let closed: Promise<unknown>;

async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
  let body = "";
  for await (const chunk of request) body += chunk;
  if (request.url === "/getDataEndpoint") {
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ DataEndpoint: endpoint ?? undefined }));
    return;
  }
  asked.push(JSON.parse(body));
  closed = once(response, "close");
  media(response);
}
beforeEach(async () => {
  pauses.length = 0;
  asked.length = 0;
  server = createServer((request, response) => void answer(request, response));
  await once(server.listen(0, "127.0.0.1"), "listening");
  url = `http://127.0.0.1:${v.parse(v.object({ port: v.number() }), server.address()).port}`;
  endpoint = url;
  Object.assign(process.env, {
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: "stand-in",
    AWS_SECRET_ACCESS_KEY: "stand-in",
    AWS_ENDPOINT_URL_KINESIS_VIDEO: url,
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  server.closeAllConnections();
  await new Promise((resolve) => server.close(resolve));
});

const refuse = (type: string) => (response: ServerResponse) => {
  response
    .writeHead(400, { "content-type": "application/json", "x-amzn-errortype": type })
    .end(JSON.stringify({ message: "no" }));
};
async function bytesOf(fields: Partial<Parameters<typeof readMedia>[0]> = {}, onBytes: () => void = () => {}): Promise<string> {
  const request = {
    streamArn: STREAM,
    start: { from: "time", epochMs: 1_714_363_529_673 } as const,
    idleMs: NEVER_MS,
    signal: new AbortController().signal,
    ...fields,
  };
  let text = "";
  for await (const bytes of readMedia(request)) {
    text += Buffer.from(bytes).toString();
    onBytes();
  }
  return text;
}

test("The bytes of a stream end when the service closes the connection.", async () => {
  media = (response) => response.end(BODY);
  expect(await bytesOf()).toBe("some media");
  expect(asked).toMatchObject([{ StreamARN: STREAM, StartSelector: { StartSelectorType: "PRODUCER_TIMESTAMP" } }]);
});

test("A reading that goes on names the fragment after which it starts.", async () => {
  media = (response) => response.end(BODY);
  await bytesOf({ start: { from: "fragment", after: "91343852333181432392682062662105165711654869872" } });
  expect(asked).toMatchObject([
    {
      StartSelector: {
        StartSelectorType: "FRAGMENT_NUMBER",
        AfterFragmentNumber: "91343852333181432392682062662105165711654869872",
      },
    },
  ]);
});

test("The bytes end without an error when the connection breaks.", async () => {
  media = (response) => response.write(BODY);
  expect(await bytesOf({}, () => server.closeAllConnections())).toBe("some media");
});

test("The bytes end when the service sends nothing for the idle time, and the client closes the connection.", async () => {
  media = (response) => response.write(BODY);
  expect(await bytesOf({ idleMs: 50 })).toBe("some media");
  await closed;
});

test("The bytes end when the signal aborts, and the client closes the connection.", async () => {
  const stop = new AbortController();
  media = (response) => response.write(BODY);
  expect(await bytesOf({ signal: stop.signal }, () => stop.abort())).toBe("some media");
  await closed;
});

test("The client closes the connection when its caller stops reading.", async () => {
  media = (response) => response.write(BODY);
  const start = { from: "time", epochMs: 0 } as const;
  for await (const _ of readMedia({ streamArn: STREAM, start, idleMs: NEVER_MS, signal: new AbortController().signal })) break;
  await closed;
});

test.each(["ConnectionLimitExceededException", "ClientLimitExceededException"])(
  "The client tries again after %s, with pauses whose bound doubles.",
  async (type) => {
    vi.spyOn(Math, "random").mockReturnValue(1 - 2 ** -53);
    media = (response) => (asked.length < 4 ? refuse(type)(response) : response.end(BODY));
    expect(await bytesOf()).toBe("some media");
    expect(pauses).toEqual([2000, 4000, 8000]);
  },
);

test("The client gives up with the SDK's error after six attempts on a busy stream.", async () => {
  media = refuse("ConnectionLimitExceededException");
  await expect(bytesOf()).rejects.toMatchObject({ name: "ConnectionLimitExceededException" });
  expect([asked.length, pauses.length]).toEqual([6, 5]);
});

test("The client does not try again when the service refuses the stream.", async () => {
  media = refuse("ResourceNotFoundException");
  await expect(bytesOf()).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  expect(asked).toHaveLength(1);
});

test("An answer of GetDataEndpoint without an endpoint is an error that names the stream.", async () => {
  endpoint = null;
  await expect(bytesOf()).rejects.toThrow(`GetDataEndpoint returned no endpoint for ${STREAM}`);
});
