import { ListObjectsV2Command } from "@aws-sdk/client-s3";
import type { StoredCheckpoint } from "../call/call-ports.ts";
import { checkpointKey, checkpointPrefix, openBucket, readObject, serverTime } from "./checkpoints.ts";

/** One object of the list. */
export interface ListedCheckpoint {
  key: string;
  tag: string;
  /** How long ago it was written, by S3's own clock, ms. */
  ageMs: number;
}

/** Reads the checkpoints of all calls of one instance. Every method throws the SDK's error after its own retries. */
export interface CheckpointList {
  /** Yields a page of up to a thousand at a time. */
  pages(): AsyncGenerator<ListedCheckpoint[], void, undefined>;
  /** Returns null when the object is gone. */
  read(key: string): Promise<StoredCheckpoint | null>;
  readOf(contactId: string): Promise<StoredCheckpoint | null>;
  close(): void;
}

export function openCheckpointList(bucket: string, instanceId: string): CheckpointList {
  const client = openBucket();
  const read = async (key: string): Promise<StoredCheckpoint | null> => {
    const object = await readObject(client, bucket, key);
    return object && { body: object.body, tag: object.etag, ageMs: object.ageMs };
  };
  return {
    async *pages() {
      let ContinuationToken: string | undefined;
      do {
        const command = new ListObjectsV2Command({ Bucket: bucket, Prefix: checkpointPrefix(instanceId), ContinuationToken });
        let answeredAt = Number.NaN;
        command.middlewareStack.add(
          (next) => async (args) => {
            const result = await next(args);
            answeredAt = serverTime(result.response);
            return result;
          },
          { step: "deserialize", name: "serverClock" },
        );
        const { Contents = [], NextContinuationToken } = await client.send(command);
        yield Contents.map(({ Key = "", ETag = "", LastModified }) => {
          const ageMs = answeredAt - (LastModified?.getTime() ?? Number.NaN);
          return { key: Key, tag: ETag, ageMs: Number.isNaN(ageMs) ? 0 : Math.max(0, ageMs) };
        });
        ContinuationToken = NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    read,
    readOf: (contactId) => read(checkpointKey(instanceId, contactId)),
    close: () => client.destroy(),
  };
}
