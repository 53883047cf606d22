import { createHash, randomUUID } from "node:crypto";
import { ServiceError } from "./service.ts";

export interface StoredObject {
  bucket: string;
  key: string;
  bytes: Uint8Array;
  etag: string;
  contentType: string;
  modifiedAt: number;
  /** `x-amz-server-side-encryption` and its key, as the upload requested them. */
  encryption: { algorithm: string | null; keyId: string | null };
  metadata: Readonly<Record<string, string>>;
  /** The number of parts of the upload. A plain upload has 0. */
  parts: number;
}

/** The properties of an object that its upload sets at the beginning. */
export type ObjectHeading = Pick<StoredObject, "contentType" | "encryption" | "metadata">;

interface Part {
  etag: string;
  bytes: Uint8Array;
}

interface Upload {
  bucket: string;
  key: string;
  heading: ObjectHeading;
  parts: Map<number, Part>;
}

/** Every part but the last must be at least 5 MiB (user guide, "Amazon S3 multipart upload limits"). */
const MIN_PART_BYTES = 5 * 1024 * 1024;
const MAX_PART_NUMBER = 10_000;

/** Buckets in memory, with the rules of multipart uploads. */
export class S3Store {
  readonly #buckets: ReadonlySet<string>;
  readonly #maxBytes: number;
  readonly #expiryMs: Readonly<Record<string, number>>;
  readonly #objects = new Map<string, StoredObject>();
  readonly #uploads = new Map<string, Upload>();

  /**
   * Deletes the oldest objects when all objects together are larger than `maxBytes`.
   * @param expiryMs bucket -> the age at which its objects are deleted, as by a lifecycle rule
   */
  constructor(buckets: Iterable<string>, maxBytes: number, expiryMs: Readonly<Record<string, number>> = {}) {
    this.#buckets = new Set(buckets);
    this.#maxBytes = maxBytes;
    this.#expiryMs = expiryMs;
  }

  /** All objects, the oldest first. */
  get objects(): StoredObject[] {
    return [...this.#objects.values()];
  }

  get openUploads(): number {
    return this.#uploads.size;
  }

  /** Keeps a copy, because a small upload lies in a memory block of Node that is much larger, and would keep the whole block. */
  putObject(bucket: string, key: string, bytes: Uint8Array, heading: ObjectHeading): StoredObject {
    this.#checkBucket(bucket);
    return this.#storeObject({
      bucket,
      key,
      bytes: new Uint8Array(bytes),
      etag: `"${md5(bytes)}"`,
      modifiedAt: Date.now(),
      ...heading,
      parts: 0,
    });
  }

  /** Returns the object, or undefined when there is none. */
  findObject(bucket: string, key: string): StoredObject | undefined {
    this.#checkBucket(bucket);
    return this.#objects.get(`${bucket}/${key}`);
  }

  /** Returns the objects whose keys begin with `prefix`, in the order of the keys. */
  listObjects(bucket: string, prefix: string): StoredObject[] {
    this.#checkBucket(bucket);
    const found = this.objects.filter((object) => object.bucket === bucket && object.key.startsWith(prefix));
    return found.sort((a, b) => (a.key < b.key ? -1 : 1));
  }

  deleteObject(bucket: string, key: string): void {
    this.#checkBucket(bucket);
    this.#objects.delete(`${bucket}/${key}`);
  }

  getObject(bucket: string, key: string): StoredObject {
    const object = this.findObject(bucket, key);
    if (object === undefined) throw new ServiceError(404, "NoSuchKey", "The specified key does not exist.");
    return object;
  }

  beginUpload(bucket: string, key: string, heading: ObjectHeading): string {
    this.#checkBucket(bucket);
    const id = randomUUID();
    this.#uploads.set(id, { bucket, key, heading, parts: new Map() });
    return id;
  }

  /** Stores a part and returns its ETag. A part with a known number replaces the earlier one. */
  putPart(uploadId: string, number: number, bytes: Uint8Array): string {
    if (!Number.isInteger(number) || number < 1 || number > MAX_PART_NUMBER) {
      throw new ServiceError(
        400,
        "InvalidArgument",
        `Part number must be an integer between 1 and ${MAX_PART_NUMBER}, inclusive`,
      );
    }
    const etag = `"${md5(bytes)}"`;
    this.#upload(uploadId).parts.set(number, { etag, bytes: new Uint8Array(bytes) });
    return etag;
  }

  completeUpload(uploadId: string, listed: readonly { number: number; etag: string }[]): StoredObject {
    const upload = this.#upload(uploadId);
    if (listed.length === 0) throw new ServiceError(400, "MalformedXML", "You must specify at least one part");
    const parts = listed.map(({ number, etag }, index) => {
      const part = upload.parts.get(number);
      if (part === undefined || bare(part.etag) !== bare(etag)) {
        throw new ServiceError(400, "InvalidPart", `Part ${number} could not be found or its entity tag does not match.`);
      }
      if (index > 0 && number <= (listed[index - 1]?.number ?? 0)) {
        throw new ServiceError(400, "InvalidPartOrder", "The list of parts was not in ascending order.");
      }
      if (index < listed.length - 1 && part.bytes.length < MIN_PART_BYTES) {
        throw new ServiceError(400, "EntityTooSmall", "Your proposed upload is smaller than the minimum allowed size");
      }
      return part;
    });
    this.#uploads.delete(uploadId);
    const digests = Buffer.concat(parts.map((part) => Buffer.from(bare(part.etag), "hex")));
    return this.#storeObject({
      bucket: upload.bucket,
      key: upload.key,
      bytes: Buffer.concat(parts.map((part) => part.bytes)),
      etag: `"${md5(digests)}-${parts.length}"`,
      modifiedAt: Date.now(),
      ...upload.heading,
      parts: parts.length,
    });
  }

  abortUpload(uploadId: string): void {
    this.#upload(uploadId);
    this.#uploads.delete(uploadId);
  }

  #storeObject(object: StoredObject): StoredObject {
    const name = `${object.bucket}/${object.key}`;
    this.#objects.delete(name);
    this.#objects.set(name, object);
    this.#deleteExpired(object.modifiedAt);
    let total = this.objects.reduce((sum, { bytes }) => sum + bytes.length, 0);
    for (const [oldest, { bytes }] of this.#objects) {
      if (total <= this.#maxBytes || oldest === name) break;
      this.#objects.delete(oldest);
      total -= bytes.length;
    }
    return object;
  }

  #deleteExpired(now: number): void {
    for (const [name, { bucket, modifiedAt }] of this.#objects) {
      if (modifiedAt < now - (this.#expiryMs[bucket] ?? Number.POSITIVE_INFINITY)) this.#objects.delete(name);
    }
  }

  #upload(id: string): Upload {
    const upload = this.#uploads.get(id);
    if (upload !== undefined) return upload;
    throw new ServiceError(404, "NoSuchUpload", "The specified multipart upload does not exist.");
  }

  #checkBucket(bucket: string): void {
    if (!this.#buckets.has(bucket)) throw new ServiceError(404, "NoSuchBucket", "The specified bucket does not exist");
  }
}

function md5(bytes: Uint8Array): string {
  return createHash("md5").update(bytes).digest("hex");
}

function bare(etag: string): string {
  return etag.replaceAll('"', "");
}
