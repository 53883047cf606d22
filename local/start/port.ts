import { createServer } from "node:net";
import { UsageError } from "./options.ts";

/**
 * Checks that this user can listen on `port` of 127.0.0.1. Another program may still take the port after the check, so
 * check again when the hub fails to start.
 * @throws UsageError when the port is in use or needs more rights than this user has.
 */
export async function checkPort(port: number): Promise<void> {
  const server = createServer();
  try {
    await new Promise<void>((resolve, reject) => server.once("error", reject).listen(port, "127.0.0.1", resolve));
  } catch (error) {
    const code = error instanceof Error && "code" in error ? error.code : null;
    if (code === "EADDRINUSE") throw new UsageError(`Port ${port} is in use. Choose another one with --port.`);
    if (code === "EACCES") throw new UsageError(`This user may not listen on port ${port}. Choose one above 1023 with --port.`);
    throw error;
  }
  await new Promise((resolve) => server.close(resolve));
}

/** Returns a port of 127.0.0.1 that nobody uses, for a service whose address has to be known before it starts. */
export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => server.once("error", reject).listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("The system gave no free port.");
  return address.port;
}
