import { PutObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";

/** S3 answers in a fraction of a second, and the hub waits ten for the whole action. */
const REQUEST_TIMEOUT_MS = 2_000;

export interface ActionIds {
  /**
   * Takes an id. Returns false if it was taken before: then somebody sends an old order again.
   * @throws the SDK's error when nobody knows
   */
  takeId(id: string): Promise<boolean>;
  close(): void;
}

/**
 * Opens the memory of orders: an empty object for each id, written on the condition that there is none. It outlives the function's
 * containers, works for all of them at once, and its bucket forgets an id long after its signature has become too old.
 */
export function openActionIds(bucket: string, instanceId: string): ActionIds {
  const client = new S3Client({
    forcePathStyle: true,
    // A second attempt would find the object of the first.
    maxAttempts: 1,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  });
  return {
    async takeId(id) {
      const Key = `actions/${instanceId}/${encodeURIComponent(id)}`;
      try {
        await client.send(new PutObjectCommand({ Bucket: bucket, Key, Body: "-", IfNoneMatch: "*" }));
        return true;
      } catch (error) {
        // 412: the object is there. 409: another writer of the same key was faster (user guide, "conditional writes", read 2026-11-25).
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 412 || status === 409) return false;
        throw error;
      }
    },
    close: () => client.destroy(),
  };
}
