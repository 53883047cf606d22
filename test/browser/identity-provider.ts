import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair, SignJWT } from "jose";

/** An OpenID Connect issuer with the two parts that the hub needs: a key set, and tokens signed with it. */
export interface IdentityProvider {
  /** The settings with which the hub trusts this issuer. */
  settings: Record<string, string>;
  /**
   * Signs an identity token for one instance. `groups` limits the agents that it may see. Left out, it may see all of them.
   * `claims` are further ones, such as `roles` and `name`.
   */
  token(
    subject: string,
    instanceId: string,
    groups?: readonly string[],
    claims?: Readonly<Record<string, unknown>>,
  ): Promise<string>;
  close(): Promise<void>;
}

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const { publicKey, privateKey } = await generateKeyPair("ES256");
  const keys = JSON.stringify({ keys: [{ ...(await exportJWK(publicKey)), kid: "test", alg: "ES256", use: "sig" }] });
  const server: Server = createServer((_, response) => response.setHeader("content-type", "application/json").end(keys));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("The identity provider has no port.");
  const issuer = `http://127.0.0.1:${address.port}`;
  return {
    settings: { AUTH_MODE: "jwt", AUTH_JWKS_URL: `${issuer}/keys`, AUTH_ISSUER: issuer, AUTH_AUDIENCE: "vigia" },
    token: (subject, instanceId, groups = ["*"], claims = {}) =>
      new SignJWT({ instances: [instanceId], groups, ...claims })
        .setProtectedHeader({ alg: "ES256", kid: "test" })
        .setSubject(subject)
        .setIssuer(issuer)
        .setAudience("vigia")
        .setIssuedAt()
        .setExpirationTime("1h")
        .sign(privateKey),
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}
