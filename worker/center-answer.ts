/**
 * The answer of a contact center to a question over HTTP. `body` is JSON; null with an `etag` = the asker has it already.
 * `revoked` is a subject that may see nothing from now on.
 */
export type CenterAnswer =
  | { ok: true; body: string | null; etag: string | null; revoked?: string | null }
  | {
      ok: false;
      status: 400 | 401 | 403 | 404 | 409 | 429 | 503 | 504;
      error: string;
      message?: string;
      path?: string;
      retryAfterSeconds?: number;
    };

/** The answer with a body that is made anew each time. */
export function answered(body: object): { ok: true; body: string; etag: null } {
  return { ok: true, body: JSON.stringify(body), etag: null };
}
