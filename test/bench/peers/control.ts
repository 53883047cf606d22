import { writeSync } from "node:fs";
import type { Server } from "node:http";

/** Says on descriptor 3, in workerd's own words, which port the system chose. */
export function announcePort(server: Server): void {
  server.once("listening", () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
    writeSync(3, `${JSON.stringify({ event: "listen", port: address.port })}\n`);
  });
}
