import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { join } from "node:path";
import { UsageError } from "./options.ts";

/** The folder that one run of the product keeps its things in; two at once would write into the same database. */
export interface Place {
  folder: string;
  /** Empties the hub's state. */
  forget(): void;
  /** Says to later starts that this one runs at `url`. */
  occupy(url: string): void;
  leave(): void;
}

/** Opens the folder, with the logs of the last run gone. @throws UsageError when the product runs there already. */
export async function openPlace(folder: string): Promise<Place> {
  mkdirSync(folder, { recursive: true });
  const note = join(folder, "running-at");
  const running = readNote(note);
  if (running !== null && (await answers(running))) {
    throw new UsageError(`Vigía runs already, at ${running}/ with the same state; stop that one first.`);
  }
  for (const log of ["hub.log", "center.log", "transcriber.log"]) rmSync(join(folder, log), { force: true });
  return {
    folder,
    forget: () => rmSync(join(folder, "state"), { recursive: true, force: true }),
    occupy: (url) => writeFileSync(note, url),
    leave: () => rmSync(note, { force: true }),
  };
}

/** @throws UsageError when somebody listens on the port, or we may not. */
export async function refuseTakenPort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EADDRINUSE") throw new UsageError(`Port ${port} is taken; choose another one with --port.`);
    if (code === "EACCES") throw new UsageError(`Port ${port} is not ours to use; choose one above 1023 with --port.`);
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
}

function readNote(note: string): string | null {
  try {
    return new URL(readFileSync(note, "utf8")).origin;
  } catch {
    return null;
  }
}

async function answers(url: string): Promise<boolean> {
  try {
    return (await fetch(`${url}/healthz`, { signal: AbortSignal.timeout(1_000) })).ok;
  } catch {
    return false;
  }
}
