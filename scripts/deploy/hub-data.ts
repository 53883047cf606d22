import { randomUUID } from "node:crypto";
import { closeSync, createReadStream, existsSync, openSync, renameSync, rmSync, writeSync } from "node:fs";
import { createInterface } from "node:readline";
import * as v from "valibot";
import { HubError, postSigned, type SignedHub } from "./signed-hub.ts";

const FORMAT = "vigia-backup-1";
const pageSchema = v.looseObject({ table: v.string(), rows: v.array(v.unknown()) });
const answerSchema = v.object({ page: v.nullable(pageSchema), next: v.unknown() });
const rowsSchema = v.object({ rows: v.number() });
const lineSchema = v.union([
  v.object({ format: v.literal(FORMAT), instanceId: v.string() }),
  v.object({ end: v.literal(true), rows: v.number() }),
  pageSchema,
]);

/** Writes a backup to a new file, a line for each page, and returns the number of rows. @throws HubError */
export async function writeBackup(hub: SignedHub, file: string): Promise<number> {
  if (existsSync(file)) throw new HubError(`${file} exists. Name a new file.`);
  const unfinished = `${file}.part`;
  try {
    const rows = await writePages(hub, unfinished);
    renameSync(unfinished, file);
    return rows;
  } catch (error) {
    // It holds personal data, and nobody would look for it.
    rmSync(unfinished, { force: true });
    throw fileError(error, file, "written");
  }
}

async function writePages(hub: SignedHub, file: string): Promise<number> {
  // A file that is there already would keep its own mode.
  rmSync(file, { force: true });
  const output = openSync(file, "wx", 0o600);
  const writeLine = (line: unknown) => writeSync(output, `${JSON.stringify(line)}\n`);
  let rows = 0;
  try {
    writeLine({ format: FORMAT, instanceId: hub.instanceId, takenAt: new Date().toISOString() });
    for (let after: unknown = null; ; ) {
      const { page, next } = v.parse(answerSchema, await postSigned(hub, "backups", { after }));
      if (page === null) break;
      rows += page.rows.length;
      writeLine(page);
      after = next;
    }
    writeLine({ end: true, rows });
  } finally {
    closeSync(output);
  }
  return rows;
}

/** Returns what to throw for a fault of the file itself. Every other fault stays as it is. */
function fileError(error: unknown, file: string, what: "read" | "written"): unknown {
  if (!(error instanceof Error && "syscall" in error && "code" in error)) return error;
  return new HubError(`${file} cannot be ${what} (${error.code}). Correct its name, or make room for it.`);
}

/** Restores a whole backup and returns the number of rows. Nothing changes before the last page. @throws HubError */
export async function restoreFile(hub: SignedHub, file: string): Promise<number> {
  const pages = await countPages(file, hub.instanceId);
  const restoreId = randomUUID();
  let part = 0;
  let restored = 0;
  for await (const line of linesOf(file)) {
    if (!("table" in line)) continue;
    const last = part === pages - 1;
    const answer = await postSigned(hub, "restores", { restoreId, part, last, ...line });
    if (last) restored = v.parse(rowsSchema, answer).rows;
    part += 1;
  }
  return restored;
}

/** Erases an agent or everything, and returns the number of rows. @throws HubError */
export async function eraseData(hub: SignedHub, what: { agentId: string } | { everything: true }): Promise<number> {
  return v.parse(rowsSchema, await postSigned(hub, "erasures", what)).rows;
}

/** Reads the whole file once, so that a file that is cut off or foreign is refused before anything is sent. */
async function countPages(file: string, instanceId: string): Promise<number> {
  if (!existsSync(file)) throw new HubError(`The file ${file} does not exist. Correct its name.`);
  const counted = { pages: 0, rows: 0, begun: false, ended: false };
  for await (const line of linesOf(file)) {
    if ("format" in line) {
      if (line.instanceId !== instanceId)
        throw new HubError(
          `${file} is a backup of the instance ${line.instanceId}, and this is ${instanceId}. Name its own backup.`,
        );
      counted.begun = true;
    } else if ("end" in line) counted.ended = line.rows === counted.rows;
    else {
      counted.pages += 1;
      counted.rows += line.rows.length;
    }
  }
  if (counted.begun && counted.ended && counted.pages > 0) return counted.pages;
  throw new HubError(`${file} is not a whole backup. Take one that npm run data -- backup has finished.`);
}

async function* linesOf(file: string): AsyncGenerator<v.InferOutput<typeof lineSchema>> {
  try {
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Number.POSITIVE_INFINITY })) {
      const line = v.safeParse(v.pipe(v.string(), v.parseJson(), lineSchema), text);
      if (!line.success) throw new HubError(`${file} is not a whole backup. Take one that npm run data -- backup has finished.`);
      yield line.output;
    }
  } catch (error) {
    throw fileError(error, file, "read");
  }
}
