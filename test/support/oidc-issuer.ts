import { createHash, randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import { exportJWK, generateKeyPair } from "jose";
import Provider, { type ClientMetadata } from "oidc-provider";
import * as v from "valibot";

const AUDIENCE = "https://vigia.example/api";
const REDIRECT_URI = "http://127.0.0.1:9/callback";
const SERVICE_SECRET = randomBytes(16).toString("hex");
const tokensSchema = v.object({ access_token: v.string(), id_token: v.optional(v.string()) });

/** What an account or a service has in its tokens. */
export type IssuedClaims = Record<string, unknown>;

/** A real OpenID provider (the npm package `oidc-provider`) on loopback, as a judge that nobody here wrote. */
export class OidcIssuer {
  readonly url: string;
  /** The settings with which the hub trusts this issuer. */
  readonly settings: Readonly<Record<string, string>>;
  readonly #server: Server;

  private constructor(url: string, server: Server) {
    this.url = url;
    this.#server = server;
    this.settings = { AUTH_JWKS_URL: `${url}/jwks`, AUTH_ISSUER: url, AUTH_AUDIENCE: `board ${AUDIENCE}` };
  }

  /**
   * @param claimsOf returns the claims of an account or a service by its id.
   * @param boardUrl the address of a hub whose page is the client `page`, without a secret
   */
  static async start(claimsOf: (id: string) => IssuedClaims, boardUrl?: string): Promise<OidcIssuer> {
    const { privateKey } = await generateKeyPair("RS256", { extractable: true });
    const key = { ...(await exportJWK(privateKey)), alg: "RS256", use: "sig" };
    const server = createServer((request, response) => void provider.callback()(request, response));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("The issuer has no port.");
    const url = `http://127.0.0.1:${address.port}`;
    const provider = new Provider(url, {
      clients: [
        { client_id: "board", token_endpoint_auth_method: "none", redirect_uris: [REDIRECT_URI], application_type: "native" },
        {
          client_id: "report",
          client_secret: SERVICE_SECRET,
          redirect_uris: [],
          response_types: [],
          grant_types: ["client_credentials"],
        },
        ...(boardUrl === undefined ? [] : [pageClient(`${boardUrl}/`)]),
      ],
      clientBasedCORS: () => true,
      issueRefreshToken: (_, client) => client.clientId === "page",
      claims: { openid: ["sub", "instances", "groups", "roles", "hasgroups"] },
      conformIdTokenClaims: false,
      cookies: { keys: [randomBytes(16).toString("hex")] },
      jwks: { keys: [key] },
      ttl: { Interaction: 600, Session: 600, Grant: 600, AccessToken: 600, IdToken: 600, ClientCredentials: 600 },
      findAccount: (_, id) => ({ accountId: id, claims: () => ({ sub: id, ...claimsOf(id) }) }),
      extraTokenClaims: (_, token) => claimsOf("clientId" in token ? String(token.clientId) : ""),
      features: {
        devInteractions: { enabled: true },
        clientCredentials: { enabled: true },
        resourceIndicators: {
          enabled: true,
          getResourceServerInfo: () => ({ scope: "read", audience: AUDIENCE, accessTokenFormat: "jwt" }),
        },
      },
    });
    return new OidcIssuer(url, server);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  /** Listens again after {@link stop}, at the same address and with the same sessions. */
  async resume(): Promise<void> {
    await new Promise<void>((resolve) => this.#server.listen(Number(new URL(this.url).port), "127.0.0.1", resolve));
  }

  /** Signs a person in as a page does, with a code and PKCE, and returns the ID token. */
  async idTokenOf(login: string): Promise<string> {
    const cookies = new Map<string, string>();
    const verifier = randomBytes(32).toString("base64url");
    const query = new URLSearchParams({
      client_id: "board",
      response_type: "code",
      scope: "openid",
      redirect_uri: REDIRECT_URI,
      code_challenge: createHash("sha256").update(verifier).digest("base64url"),
      code_challenge_method: "S256",
    });
    let next = `${this.url}/auth?${query}`;
    for (let step = 0; step < 10 && !next.startsWith(REDIRECT_URI); step += 1) next = await this.#nextPage(next, login, cookies);
    const code = new URL(next).searchParams.get("code") ?? "";
    const form = {
      grant_type: "authorization_code",
      client_id: "board",
      redirect_uri: REDIRECT_URI,
      code,
      code_verifier: verifier,
    };
    return (await this.#tokens(form)).id_token ?? "";
  }

  /** Returns the access token of a service, by client credentials. */
  async serviceToken(): Promise<string> {
    const form = { grant_type: "client_credentials", client_id: "report", client_secret: SERVICE_SECRET, resource: AUDIENCE };
    return (await this.#tokens({ ...form, scope: "read" })).access_token;
  }

  /** Opens a page of the sign-in, fills in its form if it has one, and returns where it leads. */
  async #nextPage(address: string, login: string, cookies: Map<string, string>): Promise<string> {
    const open = async (init: RequestInit) => {
      const cookie = [...cookies].map(([name, value]) => `${name}=${value}`).join("; ");
      const answer = await fetch(address, { ...init, redirect: "manual", headers: { cookie } });
      for (const line of answer.headers.getSetCookie()) {
        const [, name = "", value = ""] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
        cookies.set(name, value);
      }
      return answer;
    };
    const page = await open({});
    const text = await page.text();
    const prompt = /name="prompt" value="(\w+)"/.exec(text)?.[1];
    const answer =
      prompt === undefined ? page : await open({ method: "POST", body: new URLSearchParams({ prompt, login, password: "any" }) });
    const location = answer.headers.get("location");
    if (location === null) throw new Error(`The issuer answers ${answer.status} without a way on: ${text.slice(0, 300)}`);
    return new URL(location, this.url).href;
  }

  async #tokens(form: Record<string, string>): Promise<v.InferOutput<typeof tokensSchema>> {
    const answer = await fetch(`${this.url}/token`, { method: "POST", body: new URLSearchParams(form) });
    if (!answer.ok) throw new Error(`The issuer gives no token: ${answer.status} ${await answer.text()}`);
    return v.parse(tokensSchema, await answer.json());
  }
}

/** A page of one address that signs people in with a code and PKCE. */
function pageClient(address: string) {
  return {
    client_id: "page",
    token_endpoint_auth_method: "none",
    redirect_uris: [address],
    post_logout_redirect_uris: [address],
    grant_types: ["authorization_code", "refresh_token"],
  } satisfies ClientMetadata;
}
