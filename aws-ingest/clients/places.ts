import { ListObjectsV2Command, PutObjectCommand, S3ServiceException } from "@aws-sdk/client-s3";
import * as v from "valibot";
import type { ListedPlace, PlaceStore } from "../call/call-ports.ts";
import { openBucket, readObject } from "./checkpoints.ts";

/** What S3 answers to a conditional write that it refuses: gone, contended, overtaken (user guide, read 2026-11-25). */
const REFUSED_WRITES: readonly number[] = [404, 409, 412];

/**
 * The content of a free place. A place is taken when its object is longer, so one request lists them all, and nobody needs the
 * right to delete. It is not empty, because the SDK sends an empty body without its length.
 */
const FREE = "-";
const takenSchema = v.pipe(v.string(), v.parseJson(), v.object({ contactId: v.string() }));

/**
 * Opens the places in the bucket for checkpoints: one object per place, with the id of its contact.
 * @param requestTimeout milliseconds per attempt
 */
export function openPlaces(bucket: string, instanceId: string, requestTimeout?: number): PlaceStore & { close(): void } {
  const client = openBucket(requestTimeout);
  const prefix = `places/${instanceId}/`;
  return {
    async listPlaces() {
      const places: ListedPlace[] = [];
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(new ListObjectsV2Command({ Bucket: bucket, Prefix: prefix, ContinuationToken }));
        for (const { Key = "", ETag = "", Size = 0 } of page.Contents ?? []) {
          places.push({ number: Number(Key.slice(prefix.length)), taken: Size > FREE.length, tag: ETag });
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
      return places;
    },
    async readPlace(number) {
      const object = await readObject(client, bucket, `${prefix}${number}`);
      const taken = v.safeParse(takenSchema, object?.body);
      return object !== null && taken.success ? { ...taken.output, tag: object.etag, ageMs: object.ageMs } : null;
    },
    async writePlace(number, contactId, previous) {
      const condition = previous === null ? { IfNoneMatch: "*" } : { IfMatch: previous };
      const Body = contactId === null ? FREE : JSON.stringify({ contactId });
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key: `${prefix}${number}`, Body, ...condition }));
        return true;
      } catch (error) {
        if (!(error instanceof S3ServiceException) || error.name === "NoSuchBucket") throw error;
        if (!REFUSED_WRITES.includes(error.$metadata.httpStatusCode ?? 0)) throw error;
        return false;
      }
    },
    close: () => client.destroy(),
  };
}
