import { readUpload } from "./s3-body.ts";
import { type ConditionalFaults, checkConditions, noConditionalFaults } from "./s3-conditions.ts";
import { type ObjectHeading, S3Store, type StoredObject } from "./s3-store.ts";
import { type LocalService, type ServiceAnswer, ServiceError, type ServiceRequest, startService } from "./service.ts";

/** Amazon S3 on loopback: plain, conditional and multipart uploads, reading and listing. It records the requested encryption. */
export interface LocalS3 extends LocalService {
  /** Faults of conditional writes. */
  conditional: ConditionalFaults;
  /** Returns all stored objects, the oldest first. */
  objects(): StoredObject[];
  /** Counts multipart uploads that were neither completed nor aborted, because AWS charges for them. */
  openUploads(): number;
  /** Deletes an object, as a lifecycle rule does. */
  deleteObject(bucket: string, key: string): void;
}

export interface S3Options {
  buckets: readonly string[];
  /** The oldest objects are deleted above this total. 256 MiB unless set: two hours of stereo calls. */
  maxBytes?: number;
  /** Bucket -> the age in ms at which its objects are deleted, as by a lifecycle rule. Others stay. */
  expiryMs?: Readonly<Record<string, number>>;
}

const MAX_BYTES = 256 * 1024 * 1024;
/** The largest page of ListObjectsV2. */
const MAX_KEYS = 1000;

interface Target {
  bucket: string;
  key: string;
  query: URLSearchParams;
}

export async function startS3({ buckets, maxBytes = MAX_BYTES, expiryMs = {} }: S3Options): Promise<LocalS3> {
  const store = new S3Store(buckets, maxBytes, expiryMs);
  const conditional = noConditionalFaults();
  const service = await startService({
    takesPresigned: true,
    serve: (request) => {
      const [, bucket = "", ...rest] = request.url.pathname.split("/");
      const target = { bucket, key: decodeURIComponent(rest.join("/")), query: request.url.searchParams };
      if (target.key === "") return listObjects(store, request, target);
      return answer(store, conditional, request, target);
    },
    writeError: (error) => ({
      status: error.status,
      headers: { "content-type": "application/xml" },
      body: xml("Error", `<Code>${error.code}</Code><Message>${escapeXml(error.message)}</Message>`),
    }),
  });
  return {
    ...service,
    conditional,
    objects: () => store.objects,
    openUploads: () => store.openUploads,
    deleteObject: (bucket, key) => store.deleteObject(bucket, key),
  };
}

function answer(store: S3Store, conditional: ConditionalFaults, request: ServiceRequest, target: Target): ServiceAnswer {
  const { bucket, key, query } = target;
  const uploadId = query.get("uploadId");
  switch (request.method) {
    case "PUT": {
      const bytes = readUpload(request.body, request.headers);
      if (uploadId !== null)
        return { status: 200, headers: { etag: store.putPart(uploadId, Number(query.get("partNumber")), bytes) } };
      const lost = checkConditions(request.headers, store.findObject(bucket, key)?.etag ?? null, conditional);
      return { status: 200, headers: objectHeaders(store.putObject(bucket, key, bytes, readHeading(request))), lost };
    }
    case "POST":
      return uploadId === null ? beginUpload(store, request, target) : completeUpload(store, request, uploadId);
    case "DELETE":
      if (uploadId !== null) store.abortUpload(uploadId);
      else {
        checkConditions(request.headers, store.findObject(bucket, key)?.etag ?? null, conditional);
        store.deleteObject(bucket, key);
      }
      return { status: 204 };
    case "GET":
      return readRange(store.getObject(bucket, key), request.headers.range);
    case "HEAD":
      return {
        status: 200,
        headers: {
          ...objectHeaders(store.getObject(bucket, key)),
          "content-length": String(store.getObject(bucket, key).bytes.length),
        },
      };
  }
  throw new ServiceError(501, "NotImplemented", "The stand-in has no such operation.");
}

/** ListObjectsV2, a thousand keys at a time, in the order of the keys (API reference, read 2026-11-25). */
function listObjects(store: S3Store, request: ServiceRequest, { bucket, query }: Target): ServiceAnswer {
  if (request.method !== "GET" || query.get("list-type") !== "2")
    throw new ServiceError(501, "NotImplemented", "The stand-in lists with ListObjectsV2 only.");
  const after = query.get("continuation-token") ?? query.get("start-after") ?? "";
  const size = Math.min(MAX_KEYS, Number(query.get("max-keys") ?? MAX_KEYS));
  const found = store.listObjects(bucket, query.get("prefix") ?? "").filter(({ key }) => key > after);
  const page = found.slice(0, size);
  const contents = page.map(
    ({ key, etag, modifiedAt, bytes }) =>
      `<Contents><Key>${escapeXml(key)}</Key><LastModified>${wholeSecond(modifiedAt)}</LastModified>` +
      `<ETag>${escapeXml(etag)}</ETag><Size>${bytes.length}</Size><StorageClass>STANDARD</StorageClass></Contents>`,
  );
  const next = found.length > size ? `<NextContinuationToken>${escapeXml(page.at(-1)?.key ?? "")}</NextContinuationToken>` : "";
  const head = `<Name>${escapeXml(bucket)}</Name><KeyCount>${page.length}</KeyCount><IsTruncated>${found.length > size}</IsTruncated>`;
  return {
    status: 200,
    headers: { "content-type": "application/xml" },
    body: xml("ListBucketResult", head + next + contents.join("")),
  };
}

/** S3 keeps whole seconds. */
function wholeSecond(ms: number): string {
  return new Date(Math.floor(ms / 1000) * 1000).toISOString();
}

function beginUpload(store: S3Store, request: ServiceRequest, { bucket, key, query }: Target): ServiceAnswer {
  if (!query.has("uploads")) throw new ServiceError(501, "NotImplemented", "The stand-in has no such operation.");
  const heading = readHeading(request);
  const id = store.beginUpload(bucket, key, heading);
  const body = `<Bucket>${escapeXml(bucket)}</Bucket><Key>${escapeXml(key)}</Key><UploadId>${id}</UploadId>`;
  return { status: 200, headers: encryptionHeaders(heading), body: xml("InitiateMultipartUploadResult", body) };
}

function completeUpload(store: S3Store, request: ServiceRequest, uploadId: string): ServiceAnswer {
  const text = Buffer.from(request.body).toString("utf8");
  const listed = [...text.matchAll(/<Part>(.*?)<\/Part>/gs)].map(([, part = ""]) => ({
    number: Number(/<PartNumber>(\d+)<\/PartNumber>/.exec(part)?.[1]),
    etag: (/<ETag>(.*?)<\/ETag>/.exec(part)?.[1] ?? "").replaceAll("&quot;", '"'),
  }));
  const object = store.completeUpload(uploadId, listed);
  const body = `<Bucket>${escapeXml(object.bucket)}</Bucket><Key>${escapeXml(object.key)}</Key><ETag>${escapeXml(object.etag)}</ETag>`;
  return { status: 200, headers: encryptionHeaders(object), body: xml("CompleteMultipartUploadResult", body) };
}

function readRange(object: StoredObject, range: string | undefined): ServiceAnswer {
  if (range === undefined) return { status: 200, headers: objectHeaders(object), body: object.bytes };
  const [, from = "", to = ""] = /^bytes=(\d*)-(\d*)$/.exec(range) ?? [];
  const size = object.bytes.length;
  const begin = from === "" ? Math.max(0, size - Number(to)) : Number(from);
  const end = from === "" || to === "" ? size : Math.min(size, Number(to) + 1);
  if (begin >= end) throw new ServiceError(416, "InvalidRange", "The requested range is not satisfiable");
  const headers = { ...objectHeaders(object), "content-range": `bytes ${begin}-${end - 1}/${size}` };
  return { status: 206, headers, body: object.bytes.subarray(begin, end) };
}

function readHeading({ headers }: ServiceRequest): ObjectHeading {
  const header = (name: string): string | null => headers[name]?.toString() ?? null;
  const metadata = Object.entries(headers)
    .filter(([name]) => name.startsWith("x-amz-meta-"))
    .map(([name, value]) => [name.slice("x-amz-meta-".length), String(value)]);
  return {
    contentType: header("content-type") ?? "application/octet-stream",
    encryption: {
      algorithm: header("x-amz-server-side-encryption"),
      keyId: header("x-amz-server-side-encryption-aws-kms-key-id"),
    },
    metadata: Object.fromEntries(metadata),
  };
}

function objectHeaders(object: StoredObject): Record<string, string> {
  return {
    etag: object.etag,
    "content-type": object.contentType,
    "last-modified": new Date(object.modifiedAt).toUTCString(),
    "accept-ranges": "bytes",
    ...encryptionHeaders(object),
    ...Object.fromEntries(Object.entries(object.metadata).map(([name, value]) => [`x-amz-meta-${name}`, value])),
  };
}

/** S3 encrypts every object: with AES256 unless the upload requested another algorithm. */
function encryptionHeaders({ encryption }: Pick<StoredObject, "encryption">): Record<string, string> {
  return {
    "x-amz-server-side-encryption": encryption.algorithm ?? "AES256",
    ...(encryption.keyId === null ? {} : { "x-amz-server-side-encryption-aws-kms-key-id": encryption.keyId }),
  };
}

function xml(name: string, body: string): string {
  return `<?xml version="1.0" encoding="UTF-8"?>\n<${name}>${body}</${name}>`;
}

function escapeXml(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll('"', "&quot;");
}
