import type { RecordingBucket, UploadedPart } from "../../aws-ingest/call/call-ports.ts";

/** A bucket for recordings in memory, with S3's rule that an upload is completed once. */
export class MemoryRecordings implements RecordingBucket {
  readonly bucket = "recordings";
  readonly objects = new Map<string, Uint8Array>();
  readonly #uploads = new Map<string, Map<number, Uint8Array>>();
  #begun = 0;

  /** Uploads with parts that were neither completed nor aborted. */
  get openUploads(): number {
    return [...this.#uploads.values()].filter((parts) => parts.size > 0).length;
  }

  /** Returns the only object whose key ends so. @throws Error when there is none, or more than one */
  find(ending: string): Uint8Array {
    const found = [...this.objects].filter(([key]) => key.endsWith(ending));
    const [object] = found;
    if (object === undefined || found.length > 1) throw new Error(`${found.length} objects end in ${ending}.`);
    return object[1];
  }

  async putObject(key: string, body: Uint8Array | string): Promise<void> {
    this.objects.set(key, Buffer.from(body));
  }

  async beginUpload(): Promise<string> {
    this.#begun += 1;
    this.#uploads.set(`upload-${this.#begun}`, new Map());
    return `upload-${this.#begun}`;
  }

  async uploadPart(_key: string, uploadId: string, number: number, body: Uint8Array): Promise<string> {
    this.#partsOf(uploadId).set(number, Buffer.from(body));
    return `"${uploadId}-${number}"`;
  }

  async completeUpload(key: string, uploadId: string, listed: readonly UploadedPart[]): Promise<void> {
    const parts = this.#partsOf(uploadId);
    this.objects.set(key, Buffer.concat(listed.map(([number]) => parts.get(number) ?? new Uint8Array())));
    this.#uploads.delete(uploadId);
  }

  async abortUpload(_key: string, uploadId: string): Promise<void> {
    this.#uploads.delete(uploadId);
  }

  #partsOf(uploadId: string): Map<number, Uint8Array> {
    const parts = this.#uploads.get(uploadId);
    if (parts === undefined) throw Object.assign(new Error("No such upload."), { name: "NoSuchUpload" });
    return parts;
  }
}
