import { mkdtempSync, rmSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Browser, BrowserContext, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, expect } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { type IssuedClaims, OidcIssuer } from "../support/oidc-issuer.ts";
import { signedPost } from "../support/signed-post.ts";
import { anAgentState } from "../support/updates.ts";
import { NETWORK, openPage, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

export const CENTER = "5a0c17f3-0f72-4c49-8abd-28745056c4c9";
const SECRET = `whsec_${Buffer.alloc(32, 3).toString("base64")}`;

/** The issuer's pages want fonts from the network, and it may be away. A violation of the content policy is another message. */
const EXPECTED = new RegExp(`${NETWORK.source}|^vigia: ticket_failed TicketError: The ticket was refused: 503 `);

/** People of the issuer, by the name with which they sign in. */
const ACCOUNTS: Readonly<Record<string, IssuedClaims>> = {
  ana: { instances: [CENTER], groups: ["*"] },
  eva: { instances: [CENTER], groups: ["*"] },
  nadia: { instances: [CENTER] },
  otto: { instances: [CENTER], hasgroups: true },
  uli: { instances: ["another"], groups: ["*"] },
};

export interface SignInStand {
  readonly hub: RunningHub;
  readonly issuer: OidcIssuer;
  /** Opens an address of the hub in a profile of its own. */
  visit(query?: string, options?: BrowserContextOptions): Promise<Page>;
  /** Opens an address of the hub as a person who has the board open already. */
  visitAs(login: string, query?: string): Promise<Page>;
}

/** Starts a real hub that trusts a real OpenID provider, with one agent on its board. Call it once at the top of a file. */
export function setSignInStand(vars: Readonly<Record<string, string>> = {}): SignInStand {
  const folder = mkdtempSync(join(tmpdir(), "vigia-signin-"));
  let running: { hub: RunningHub; issuer: OidcIssuer; browser: Browser } | null = null;
  beforeAll(async () => {
    const port = await freePort();
    const issuer = await OidcIssuer.start((id) => ACCOUNTS[id] ?? {}, `http://127.0.0.1:${port}`);
    const hub = await startHub({
      port,
      folder,
      vars: {
        ...issuer.settings,
        AUTH_MODE: "jwt",
        AUTH_CLIENT_ID: "page",
        AUTH_SCOPES: "openid",
        INGEST_SECRETS: JSON.stringify({ [CENTER]: SECRET }),
        TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
        ...vars,
      },
    });
    running = { hub, issuer, browser: await sharedBrowser() };
    const now = Date.now();
    const status = { name: "Available", kind: "routable", since: now } as const;
    const update = anAgentState({ agentId: "bea", name: "Bea Luna", groups: ["Ventas"], occurredAt: now, status });
    const answer = await signedPost(`${hub.url}/v1/instances/${CENTER}/updates`, [update], { secret: SECRET });
    expect(answer.status).toBe(200);
  });
  afterEach(async () => {
    for (const context of running?.browser.contexts() ?? []) await context.close();
    expect(takeComplaints(EXPECTED)).toEqual([]);
  });
  afterAll(async () => {
    await running?.browser.close();
    await running?.hub.stop();
    await running?.issuer.stop();
    rmSync(folder, { recursive: true, force: true });
  });
  const begun = () => {
    if (running === null) throw new Error("The hub and the issuer exist only while a test runs.");
    return running;
  };
  const stand: SignInStand = {
    get hub() {
      return begun().hub;
    },
    get issuer() {
      return begun().issuer;
    },
    async visit(query = `?lang=en&instance=${CENTER}`, options = {}) {
      const { page } = await openPage(begun().browser, `${begun().hub.url}/${query}`, options);
      return page;
    },
    async visitAs(login, query) {
      const page = await stand.visit(query);
      await page.getByRole("button", { name: "Sign in" }).click();
      await signInAtIssuer(page, login);
      await seesBoard(page);
      return page;
    },
  };
  return stand;
}

/** Fills in the issuer's own pages. */
export async function signInAtIssuer(page: Page, login: string): Promise<void> {
  await page.locator("input[name=login]").fill(login);
  await page.locator("input[name=password]").fill("any");
  await page.locator("button[type=submit]").click();
  await page.getByRole("button", { name: "Continue" }).click();
}

export async function seesBoard(page: Page): Promise<void> {
  await page.locator(".vg-pill[data-state=live]").waitFor();
  await page.getByText("Bea Luna").first().waitFor();
}

/** Opens another tab of the same browser profile. */
export async function anotherTab(context: BrowserContext, url: string): Promise<Page> {
  const page = await context.newPage();
  await page.goto(url);
  return page;
}

/** Redirect addresses are registered before the hub starts. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === "string") throw new Error("There is no free port.");
  return address.port;
}
