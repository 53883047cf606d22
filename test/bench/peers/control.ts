import { writeSync } from "node:fs";
import type { Server } from "node:http";

/** Writes the port that the system chose to descriptor 3, in the format of workerd's `--control-fd`. */
export function announcePort(server: Server): void {
  server.once("listening", () => {
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The server listens on no port.");
    writeSync(3, `${JSON.stringify({ event: "listen", port: address.port })}\n`);
  });
}
