import { gunzipLines } from "../../../worker/replay/gzip.ts";

/** Returns all that the storage has of the log behind replay, as text. "" = nothing. */
export async function storedReplay({ storage }: DurableObjectState): Promise<string> {
  const log = storage.sql.exec<{ content: string | ArrayBuffer }>("SELECT lines AS content FROM replay_log");
  const keyframes = storage.sql.exec<{ content: ArrayBuffer }>("SELECT rows AS content FROM replay_keyframes");
  let text = "";
  for (const { content } of [...log, ...keyframes]) {
    if (typeof content === "string") text += content;
    else for await (const lines of gunzipLines([content])) text += lines;
  }
  return text;
}
