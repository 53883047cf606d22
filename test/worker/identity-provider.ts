import { createServer } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import type { TestProject } from "vitest/node";
import type {} from "../support/provided-context.ts";

/** Serves an OIDC issuer's keys for the whole run. `/rotate` publishes the next key. */
export default async function setup(project: TestProject): Promise<() => Promise<void>> {
  const pairs = await Promise.all(
    ["first", "second"].map(async (kid) => {
      const { publicKey, privateKey } = await generateKeyPair("RS256", { extractable: true });
      return {
        public: { ...(await exportJWK(publicKey)), kid, alg: "RS256" },
        private: { ...(await exportJWK(privateKey)), kid },
      };
    }),
  );
  let published = 1;
  const server = createServer((request, response) => {
    if (request.url === "/rotate") published = 2;
    response.writeHead(200, { "Content-Type": "application/json" });
    response.end(JSON.stringify({ keys: pairs.slice(0, published).map((pair) => pair.public) }));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The key server does not listen on a TCP port.");
  project.provide("identityProvider", { url: `http://127.0.0.1:${address.port}`, keys: pairs.map((pair) => pair.private) });
  return () => new Promise((resolve) => server.close(() => resolve()));
}
