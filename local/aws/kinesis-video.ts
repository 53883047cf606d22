import { randomUUID } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import * as v from "valibot";
import { MediaConnection } from "./kinesis-video-connection.ts";
import { StartSelector, startIndex } from "./kinesis-video-selector.ts";
import { type StandInStream, StoredStream } from "./kinesis-video-stream.ts";

export interface KinesisVideoOptions {
  /** A port of 127.0.0.1. 0, the default, takes any free one. */
  port?: number;
  /** How long fragments stay readable. Default one hour, the shortest sensible setting of Connect. */
  retentionMs?: number;
  /**
   * Memory for the stored audio of all streams. Above it the oldest fragments are deleted.
   * Default 128 MiB: more than an hour of one call, or 20 s of 200 calls.
   */
  maxBytes?: number;
  /** The Connect instance in the tags of the streams. */
  instanceId?: string;
  now?: () => number;
}

export interface StandInKinesisVideo {
  /** For AWS_ENDPOINT_URL_KINESIS_VIDEO. GetDataEndpoint answers with the same URL. */
  url: string;
  /** Returns the stream of this name. Creates it when it does not exist. */
  stream(name: string): StandInStream;
  /** Returns how much audio of all streams is kept now. */
  stored(): { fragments: number; bytes: number };
  /** Refuses the next `times` GetDataEndpoint calls with ClientLimitExceededException. */
  refuseEndpoint(times: number): void;
  close(): Promise<void>;
}

const HOUR_MS = 3_600_000;
const DEFAULT_MAX_BYTES = 128 * 1024 * 1024;
const DEFAULT_INSTANCE_ID = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const MAX_CONNECTIONS_PER_STREAM = 3;
const MAX_GET_MEDIA_PER_SECOND = 5;
/** A request has only a selector and a name. */
const MAX_REQUEST_BYTES = 16 * 1024;

const streamOf = { StreamName: v.optional(v.string()), StreamARN: v.optional(v.string()) };
const GetDataEndpoint = v.object({ ...streamOf, APIName: v.string() });
const GetMedia = v.object({ ...streamOf, StartSelector });

const STATUS: Readonly<Record<string, number>> = { ResourceNotFoundException: 404, NotAuthorizedException: 401 };

class Refusal extends Error {
  readonly type: string;

  constructor(type: string, message: string) {
    super(message);
    this.type = type;
  }
}

/** Starts Kinesis Video Streams on this machine: GetDataEndpoint and GetMedia, with the refusals and limits of AWS. */
export async function startKinesisVideo(options: KinesisVideoOptions = {}): Promise<StandInKinesisVideo> {
  const now = options.now ?? Date.now;
  const retentionMs = options.retentionMs ?? HOUR_MS;
  const maxBytes = options.maxBytes ?? DEFAULT_MAX_BYTES;
  const streams = new Map<string, StoredStream>();
  const recentCalls = new Map<StoredStream, number[]>();
  /** One entry for each stored fragment: its stream. The oldest fragment is first. */
  const order: StoredStream[] = [];
  let storedBytes = 0;
  let endpointRefusals = 0;
  let url = "";

  function forgetOld(): void {
    for (let oldest = order[0]; oldest; oldest = order[0]) {
      const fragment = oldest.fragments[0];
      if (storedBytes <= maxBytes && fragment && fragment.serverMs > now() - retentionMs) return;
      storedBytes -= oldest.dropOldest();
      order.shift();
    }
  }

  function stream(name: string): StoredStream {
    const known = streams.get(name);
    if (known) return known;
    const arn = `arn:aws:kinesisvideo:us-east-1:111122223333:stream/${name}/${now()}`;
    const created: StoredStream = new StoredStream(name, arn, options.instanceId ?? DEFAULT_INSTANCE_ID, now, (bytes) => {
      order.push(created);
      storedBytes += bytes;
      forgetOld();
    });
    streams.set(name, created);
    return created;
  }

  function find(request: { StreamName?: string | undefined; StreamARN?: string | undefined }): StoredStream {
    const { StreamARN: arn, StreamName: name } = request;
    if (arn === undefined && name === undefined) {
      throw new Refusal("InvalidArgumentException", "Either StreamName or StreamARN must be given.");
    }
    const found = name === undefined ? [...streams.values()].find((one) => one.arn === arn) : streams.get(name);
    if (!found) throw new Refusal("ResourceNotFoundException", `The requested stream is not found: ${arn ?? name}`);
    return found;
  }

  function getDataEndpoint(body: unknown, response: ServerResponse): void {
    const request = parse(GetDataEndpoint, body);
    if (endpointRefusals > 0) {
      endpointRefusals -= 1;
      throw new Refusal("ClientLimitExceededException", "Too many GetDataEndpoint requests.");
    }
    find(request);
    if (request.APIName !== "GET_MEDIA") throw new Refusal("InvalidArgumentException", "Only GET_MEDIA is available here.");
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify({ DataEndpoint: url }));
  }

  function getMedia(body: unknown, response: ServerResponse): void {
    const request = parse(GetMedia, body);
    const found = find(request);
    const calls = (recentCalls.get(found) ?? []).filter((at) => at > now() - 1000);
    recentCalls.set(found, calls);
    if (calls.length >= MAX_GET_MEDIA_PER_SECOND) {
      throw new Refusal("ClientLimitExceededException", "More than 5 GetMedia requests in a second.");
    }
    calls.push(now());
    const fault = found.faults.shift() ?? null;
    if (fault?.kind === "refuse") throw new Refusal(fault.error, "A test ordered this refusal.");
    if (found.connections >= MAX_CONNECTIONS_PER_STREAM) {
      throw new Refusal("ConnectionLimitExceededException", "More than 3 connections to the stream.");
    }
    forgetOld();
    const start = startIndex(request.StartSelector, found);
    response.writeHead(200, { "content-type": "video/webm", "x-amzn-requestid": randomUUID() });
    response.flushHeaders();
    const connection = new MediaConnection(found, response, start ?? 0, now, fault);
    found.addReader(connection);
    if (start === null) connection.fail(4000);
    else connection.sendAvailable();
  }

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    try {
      if (!request.headers.authorization?.startsWith("AWS4-HMAC-SHA256 ")) {
        throw new Refusal("NotAuthorizedException", "The request is not signed.");
      }
      const body = await readJson(request);
      if (request.url === "/getDataEndpoint") getDataEndpoint(body, response);
      else if (request.url === "/getMedia") getMedia(body, response);
      else throw new Refusal("InvalidArgumentException", `The stand-in has no operation at ${request.url}.`);
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      response
        .writeHead(STATUS[error.type] ?? 400, {
          "content-type": "application/json",
          "x-amzn-errortype": error.type,
          "x-amzn-requestid": randomUUID(),
        })
        .end(JSON.stringify({ Message: error.message }));
    }
  }

  const server = createServer((request, response) => {
    answer(request, response).catch((error: unknown) => response.destroy(error instanceof Error ? error : undefined));
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(options.port ?? 0, "127.0.0.1", resolve);
  });
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The Kinesis Video stand-in has no port.");
  url = `http://127.0.0.1:${address.port}`;

  return {
    url,
    stream,
    stored: () => ({ fragments: order.length, bytes: storedBytes }),
    refuseEndpoint(times) {
      endpointRefusals += times;
    },
    async close() {
      const closed = new Promise<void>((resolve) => server.close(() => resolve()));
      server.closeAllConnections();
      await closed;
    },
  };
}

function parse<Schema extends v.GenericSchema>(schema: Schema, body: unknown): v.InferOutput<Schema> {
  const parsed = v.safeParse(schema, body);
  if (parsed.success) return parsed.output;
  const issue = parsed.issues[0];
  throw new Refusal("InvalidArgumentException", `${v.getDotPath(issue) ?? "request"}: ${issue.message}`);
}

async function readJson(request: IncomingMessage): Promise<unknown> {
  const parts: Buffer[] = [];
  let size = 0;
  for await (const part of request) {
    if (!Buffer.isBuffer(part)) continue;
    size += part.length;
    if (size > MAX_REQUEST_BYTES) throw new Refusal("InvalidArgumentException", "The request is too large.");
    parts.push(part);
  }
  try {
    return JSON.parse(Buffer.concat(parts).toString("utf8"));
  } catch {
    throw new Refusal("InvalidArgumentException", "The request is not JSON.");
  }
}
