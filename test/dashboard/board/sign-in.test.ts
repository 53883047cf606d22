import { describe, expect, test } from "vitest";
import type { HubConfig } from "../../../dashboard/board/page/hub-config.ts";
import { SignIn } from "../../../dashboard/board/page/sign-in.ts";
import * as realFlow from "../../../dashboard/board/page/sign-in-flow.ts";
import { type PendingSignIn, SignInMemory } from "../../../dashboard/board/page/sign-in-memory.ts";
import type { SignInPort } from "../../../dashboard/board/page/sign-in-port.ts";
import { TicketError } from "../../../dashboard/client/fetch-ticket.ts";

const MINUTE = 60_000;
const ISSUER = "https://issuer.example";
const CONFIG: HubConfig = {
  local: false,
  instanceKnown: true,
  skewMs: 0,
  signIn: {
    issuer: ISSUER,
    clientId: "board",
    scopes: "openid",
    authorizationEndpoint: `${ISSUER}/auth`,
    tokenEndpoint: `${ISSUER}/token`,
    endSessionEndpoint: null,
    signOutUrl: null,
    prompt: null,
  },
};
const PENDING: PendingSignIn = { state: "s", nonce: "n", verifier: "v", returnTo: "/?q=a", silent: true };
const ANSWER = { url: new URL("https://hub.example/?code=c&state=s"), pending: PENDING };
const TOKENS: realFlow.TokenSet = { idToken: "first", refreshToken: "r1", validForMs: 60 * MINUTE, name: "Ana", subject: "ana" };

/** A page with a sign-in whose issuer and clock the test plays. */
class PageUnderTest {
  now = 0;
  reachable = true;
  config: () => HubConfig = () => CONFIG;
  left: URL[] = [];
  renewals: string[] = [];
  finish: () => realFlow.TokenSet = () => TOKENS;
  renew: () => realFlow.TokenSet | Promise<realFlow.TokenSet> = () => ({ ...TOKENS, idToken: "second", refreshToken: "r2" });
  readonly kept = new Map<string, string>();
  readonly signIn: SignIn;

  constructor(answer: typeof ANSWER | { url: URL; pending: null } | null) {
    let signedOut = false;
    const port: SignInPort = {
      config: async () => this.config(),
      flow: async () => ({
        ...realFlow,
        finishSignIn: async () => this.finish(),
        renewTokens: async (_config, _skew, token) => {
          this.renewals.push(token);
          return this.renew();
        },
      }),
      reaches: async () => this.reachable,
      now: () => this.now,
      path: () => "/?q=a",
      redirectUri: "https://hub.example/",
      leave: (url) => this.left.push(new URL(url)),
      signedOut: {
        get: () => signedOut,
        set: (value) => {
          signedOut = value;
        },
      },
    };
    const storage = {
      getItem: (key: string) => this.kept.get(key) ?? null,
      setItem: (key: string, value: string) => void this.kept.set(key, value),
      removeItem: (key: string) => void this.kept.delete(key),
    };
    this.signIn = new SignIn(port, new SignInMemory(storage), answer);
  }

  /** Returns the token, or the status of the refusal. */
  async ask(reason: "connect" | "refresh" = "connect"): Promise<string | number | null> {
    try {
      return await this.signIn.token(reason);
    } catch (error) {
      return error instanceof TicketError ? error.status : String(error);
    }
  }

  get prompts(): (string | null)[] {
    return this.left.map((url) => url.searchParams.get("prompt"));
  }
}

const refusal = (code: string) => () => {
  throw new realFlow.SignInError(code);
};

describe("The sign-in of a page", () => {
  test("SGN-2 A page tries silently once, and asks the person when the issuer wants one.", async () => {
    const first = new PageUnderTest(null);
    expect(await first.ask()).toBe(401);
    expect([first.prompts, first.signIn.stage]).toEqual([["none"], { kind: "busy" }]);
    const second = new PageUnderTest(ANSWER);
    second.finish = refusal("login_required");
    for (let time = 0; time < 3; time += 1) expect(await second.ask()).toBe(401);
    expect([second.prompts, second.signIn.stage]).toEqual([[], { kind: "ask", again: false }]);
  });

  test("SGN-2 A token that ends at once sends nobody round in circles.", async () => {
    const page = new PageUnderTest(ANSWER);
    page.finish = () => ({ ...TOKENS, refreshToken: null, validForMs: 0 });
    expect([await page.ask(), page.prompts, page.signIn.stage.kind]).toEqual([401, [], "ask"]);
  });

  test("SGN-4 Without a refresh token the page leaves silently before the session ends, and not while the token lasts long.", async () => {
    const page = new PageUnderTest(ANSWER);
    page.finish = () => ({ ...TOKENS, refreshToken: null });
    expect(await page.ask()).toBe("first");
    page.now = 10 * MINUTE;
    expect([await page.ask("refresh"), page.prompts]).toEqual(["first", []]);
    page.now = 48 * MINUTE;
    expect([await page.ask("refresh"), page.prompts]).toEqual([401, ["none"]]);
  });

  test("SGN-4 Two questions at once use a refresh token once, and the next renewal uses the new one.", async () => {
    const page = new PageUnderTest(ANSWER);
    await page.ask();
    page.now = 48 * MINUTE;
    expect(await Promise.all([page.ask("refresh"), page.ask("refresh")])).toEqual(["second", "second"]);
    page.now = 96 * MINUTE;
    await page.ask("refresh");
    expect(page.renewals).toEqual(["r1", "r2"]);
  });

  test("SGN-4 A renewal without an ID token keeps the one that there is.", async () => {
    const page = new PageUnderTest(ANSWER);
    await page.ask();
    page.renew = () => ({ ...TOKENS, idToken: null, refreshToken: "r2", validForMs: 0 });
    page.now = 48 * MINUTE;
    expect(await page.ask("refresh")).toBe("first");
    page.now = 61 * MINUTE;
    expect([await page.ask(), page.prompts]).toEqual([401, ["none"]]);
  });

  test("SGN-10 An issuer that is away during a renewal costs nothing while the session lasts, and is asked again.", async () => {
    const page = new PageUnderTest(ANSWER);
    await page.ask();
    page.renew = refusal("unreachable");
    page.now = 48 * MINUTE;
    expect(await page.ask("refresh")).toMatch(/unreachable/);
    page.now = 61 * MINUTE;
    expect([await page.ask(), page.left]).toEqual([503, []]);
    page.renew = () => ({ ...TOKENS, idToken: "second" });
    expect(await page.ask()).toBe("second");
  });

  test("SGN-10 Without a refresh token, too, the board stays for as long as the token lasts when the issuer is away.", async () => {
    const page = new PageUnderTest(ANSWER);
    page.finish = () => ({ ...TOKENS, refreshToken: null });
    await page.ask();
    page.reachable = false;
    page.now = 48 * MINUTE;
    expect([await page.ask("refresh"), page.left, page.signIn.stage.kind]).toEqual(["first", [], "board"]);
    page.now = 60 * MINUTE;
    expect([await page.ask("refresh"), page.left, page.signIn.stage.kind]).toEqual([503, [], "issuerDown"]);
  });

  test("SGN-5 A refused refresh token is not used again, and a try that would be too early leaves the session to its end.", async () => {
    const page = new PageUnderTest(ANSWER);
    page.finish = () => ({ ...TOKENS, validForMs: MINUTE });
    await page.ask();
    page.renew = refusal("invalid_grant");
    page.now = 30_000;
    expect([await page.ask("refresh"), page.prompts]).toEqual(["first", []]);
    page.now = 70_000;
    expect([await page.ask(), page.prompts, page.renewals]).toEqual([401, ["none"], ["r1"]]);
  });

  test("SGN-10 A page never leaves for an issuer that is away, and leaves when it is back.", async () => {
    const page = new PageUnderTest(null);
    page.reachable = false;
    expect([await page.ask(), page.left, page.signIn.stage.kind]).toEqual([503, [], "issuerDown"]);
    page.reachable = true;
    expect([await page.ask(), page.prompts]).toEqual([401, ["none"]]);
  });

  test("SGN-10 A hub that does not know the endpoints yet is asked again.", async () => {
    const page = new PageUnderTest(ANSWER);
    page.config = () => {
      throw new TicketError(503, { error: "identity_provider_unreachable" }, 0);
    };
    expect([await page.ask(), page.signIn.stage.kind]).toEqual([503, "issuerDown"]);
    page.config = () => CONFIG;
    expect([await page.ask(), page.signIn.stage.kind]).toEqual(["first", "board"]);
  });

  test("SGN-6 Who signed out is not signed in by a ticket that comes late, nor silently.", async () => {
    const page = new PageUnderTest(ANSWER);
    await page.ask();
    await page.signIn.signOut();
    page.signIn.accepted();
    expect([await page.ask(), page.signIn.stage.kind, page.left]).toEqual([401, "signedOut", []]);
    await page.signIn.begin();
    expect(page.prompts).toEqual([null]);
  });

  test("SGN-2 A token that the hub refuses after a while is asked for anew, once, and a new one that it refuses is not.", async () => {
    const page = new PageUnderTest(ANSWER);
    const unauthorized = new TicketError(401, { error: "unauthorized" }, 0);
    await page.ask();
    page.now = 20 * MINUTE;
    page.signIn.refused(unauthorized, false);
    await expect.poll(() => page.prompts).toEqual(["none"]);
    expect(page.signIn.stage.kind).toBe("busy");
    const back = new PageUnderTest(ANSWER);
    await back.ask();
    back.signIn.refused(unauthorized, false);
    expect([back.signIn.stage.kind, back.prompts]).toEqual(["refused", []]);
  });

  test("SGN-7 Who was refused and signs in as somebody else is asked by the issuer.", async () => {
    const page = new PageUnderTest(ANSWER);
    await page.ask();
    page.signIn.refused(new TicketError(403, { error: "no_groups" }, 0), false);
    expect(page.signIn.stage).toEqual({ kind: "refused", code: "no_groups", name: "Ana" });
    await page.signIn.begin();
    expect(page.prompts).toEqual(["login"]);
  });

  test.each([
    ["in local mode", { local: true, signIn: null }],
    ["at a hub without a client", { signIn: null }],
  ])("SGN-11 The caller uses a token of its own %s.", async (_, change) => {
    const page = new PageUnderTest(null);
    page.config = () => ({ ...CONFIG, ...change });
    expect([await page.ask(), page.left]).toEqual([null, []]);
    page.signIn.refused(new TicketError(401, {}, 0), true);
    expect(page.signIn.stage).toEqual({ kind: "paste", refused: true });
  });

  test("SGN-9 What a tab remembers leads to no other host.", () => {
    for (const returnTo of ["//evil.example/", "/\\evil.example", "https://evil.example/", "javascript:alert(1)"]) {
      const kept = new Map([["vigia.signin", JSON.stringify({ ...PENDING, returnTo })]]);
      const storage = { getItem: (key: string) => kept.get(key) ?? null, setItem: () => {}, removeItem: () => {} };
      expect(new SignInMemory(storage).claimPending()).toBeNull();
    }
  });
});
