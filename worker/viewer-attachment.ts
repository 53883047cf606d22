import * as v from "valibot";
import type { Viewer } from "../core/broadcast/viewer.ts";
import { storedRolesSchema } from "./auth/viewer-roles.ts";
import { log } from "./log.ts";
import { storedQueues } from "./watched-queue.ts";

/**
 * The viewer's data that a socket keeps through hibernation. The names are those of the first release: a socket may be older than
 * the code. Older ones have neither roles nor a name, are not compact, and have no pace.
 */
const attachmentSchema = v.pipe(
  v.object({
    id: v.string(),
    subject: v.string(),
    name: v.optional(v.string()),
    roles: storedRolesSchema,
    plain: v.boolean(),
    compact: v.optional(v.boolean()),
    pace: v.optional(v.number()),
    limit: v.nullable(v.array(v.string())),
    expiresAt: v.number(),
    watching: v.array(v.string()),
  }),
  v.transform(
    ({ plain, limit, watching, ...rest }): Viewer => ({
      ...rest,
      legacy: plain,
      groupFilter: limit,
      watching: new Set(watching),
    }),
  ),
);

/** Returns the viewer of a socket that outlived the object's memory; null = it has none that can be read. */
export function readAttachment(socket: WebSocket): Viewer | null {
  const known = v.safeParse(attachmentSchema, socket.deserializeAttachment());
  return known.success ? known.output : null;
}

/**
 * Writes what must survive hibernation. false = it does not fit into the 16,384 bytes of an attachment (Cloudflare docs, WebSocket
 * hibernation). V8 takes two bytes for each character of a text with one above U+00FF, so only trying tells.
 */
export function saveAttachment(socket: WebSocket, viewer: Viewer): boolean {
  try {
    socket.serializeAttachment({ ...toAttachment(viewer), queues: storedQueues(socket) });
    return true;
  } catch {
    log("attachment_too_large", { groups: viewer.groupFilter?.length ?? 0, watching: viewer.watching.size });
    return false;
  }
}

function toAttachment(viewer: Viewer): v.InferInput<typeof attachmentSchema> {
  const { id, subject, name, roles, legacy, compact, pace, groupFilter, expiresAt, watching } = viewer;
  const limit = groupFilter === null ? null : [...groupFilter];
  const known = { ...(name !== undefined && { name }), ...(roles !== undefined && roles.length > 0 && { roles: [...roles] }) };
  const ways = { ...(compact === true && { compact }), ...(pace !== undefined && pace > 0 && { pace }) };
  return { id, subject, ...known, ...ways, plain: legacy, limit, expiresAt, watching: [...watching] };
}
