import { ConnectClient, DescribeContactCommand, ResourceNotFoundException } from "@aws-sdk/client-connect";
import { GetObjectCommand, HeadObjectCommand, S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { getSignedUrl } from "@aws-sdk/s3-request-presigner";
import type { ConnectRecording, RecordedObject } from "../connect/recording-location.ts";

/** The hub waits ten seconds for all of it. */
const REQUEST_TIMEOUT_MS = 2_500;
const MAX_ATTEMPTS = 2;

export interface RecordingFinder {
  /** Whether the object is there. @throws the SDK's error when nobody knows */
  hasObject(place: RecordedObject): Promise<boolean>;
  /** Returns what Amazon Connect says of the recordings of a contact; none for an unknown contact. @throws the SDK's error */
  recordingsOf(contactId: string): Promise<readonly ConnectRecording[]>;
  /** Returns an address at which anybody can read the object for so many seconds. */
  linkTo(place: RecordedObject, seconds: number): Promise<string>;
  close(): void;
}

/**
 * Opens what is needed to find recordings.
 * @param timeUp when it aborts, no request goes on
 */
export function openRecordingFinder(instanceId: string, timeUp: AbortSignal): RecordingFinder {
  const settings = {
    maxAttempts: MAX_ATTEMPTS,
    requestHandler: { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true },
  };
  const s3 = new S3Client({ ...settings, forcePathStyle: true });
  const connect = new ConnectClient(settings);
  const abort = { abortSignal: timeUp };
  return {
    async hasObject({ bucket, key }) {
      try {
        await s3.send(new HeadObjectCommand({ Bucket: bucket, Key: key }), abort);
        return true;
      } catch (error) {
        // Without the right to list the bucket, S3 answers 403 for a missing object (API reference, HeadObject, read 2026-11-26).
        const status = error instanceof S3ServiceException ? error.$metadata.httpStatusCode : undefined;
        if (status === 404 || status === 403) return false;
        throw error;
      }
    },
    async recordingsOf(contactId) {
      try {
        const { Contact } = await connect.send(
          new DescribeContactCommand({ InstanceId: instanceId, ContactId: contactId }),
          abort,
        );
        return Contact?.Recordings ?? [];
      } catch (error) {
        if (error instanceof ResourceNotFoundException) return [];
        throw error;
      }
    },
    linkTo({ bucket, key }, seconds) {
      const command = new GetObjectCommand({ Bucket: bucket, Key: key, ResponseContentDisposition: "inline" });
      return getSignedUrl(s3, command, { expiresIn: seconds });
    },
    close() {
      s3.destroy();
      connect.destroy();
    },
  };
}
