import type { TicketRequest } from "../../client/contract.ts";
import { TicketError } from "../../client/fetch-ticket.ts";
import type { HubConfig } from "./hub-config.ts";
import type { Reader } from "./reader-storage.ts";
import type { TokenSet } from "./sign-in-flow.ts";
import type { PendingSignIn, SignInMemory } from "./sign-in-memory.ts";
import type { SignInPort } from "./sign-in-port.ts";

/** What stands between the reader and the board. */
export type SignInStage =
  | { kind: "board" }
  /** On the way to the issuer or back. */
  | { kind: "busy" }
  /** The reader has to sign in; `again` = the tab was signed in before. */
  | { kind: "ask"; again: boolean }
  | { kind: "signedOut" }
  | { kind: "issuerDown" }
  | { kind: "unknownCenter" }
  /** The issuer or the hub said no. `code` is their word for it. */
  | { kind: "failed"; code: string }
  | { kind: "refused"; code: string; name: string | null }
  /** The board cannot sign people in, so the reader pastes a token. */
  | { kind: "paste"; refused: boolean };

/** An ID token with less time than this may end on its way, in milliseconds. */
const SHORTEST_LEFT_MS = 30_000;
/** Without a refresh token the page leaves for the issuer, but not while the token outlives a session (60 min) by half. */
const LEAVE_BELOW_MS = 30 * 60_000;
/** After a silent try the page makes no other for this time, so that it can never go round in circles. */
const SILENT_AGAIN_MS = 60_000;
/** The issuer's words for "I would have to show something" (OpenID Connect Core §3.1.2.6). */
const NEEDS_PERSON = new Set([
  "login_required",
  "interaction_required",
  "consent_required",
  "account_selection_required",
  "access_denied",
]);

/** Signs the reader of this tab in, and keeps the tokens: in memory only, so they end with the page. */
export class SignIn {
  readonly #port: SignInPort;
  readonly #memory: SignInMemory;
  readonly #listeners = new Set<() => void>();
  #stage: SignInStage = { kind: "board" };
  #config: HubConfig | null = null;
  #tokens: (TokenSet & { keptAt: number; endsAt: number }) | null = null;
  #answer: { url: URL; pending: PendingSignIn | null } | null;
  #silentAt: number | null = null;
  #leaving = false;
  #renewal: Promise<void> | null = null;
  #reader: Reader = undefined;

  /** @param answer the issuer's answer with which this page was opened, if it was */
  constructor(port: SignInPort, memory: SignInMemory, answer: { url: URL; pending: PendingSignIn | null } | null) {
    this.#port = port;
    this.#memory = memory;
    this.#answer = answer;
    if (answer?.pending?.silent === true) this.#silentAt = port.now();
  }

  get stage(): SignInStage {
    return this.#stage;
  }

  /** Whether the reader can sign out here. */
  get canSignOut(): boolean {
    return this.#tokens !== null;
  }

  /** Whose preferences this page shows. */
  get reader(): Reader {
    return this.#reader;
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  /**
   * Returns the ID token to ask for a ticket with; null = the hub's page does not sign people in, so the caller has its own.
   * @throws TicketError when there is none. The stage then says why.
   */
  async token(reason: TicketRequest["reason"]): Promise<string | null> {
    const { signIn, instanceKnown, local } = await this.#knownConfig();
    if (!instanceKnown) {
      this.#show({ kind: "unknownCenter" });
      throw new TicketError(403, { error: "not_allowed" }, 0);
    }
    if (local || signIn === null) {
      this.#showReader(null);
      return null;
    }
    if (this.#port.signedOut.get() && this.#answer === null) return this.#stop({ kind: "signedOut" });
    if (this.#answer !== null) await this.#finish(this.#answer);
    if (this.#tokens !== null) await this.#renewInTime(reason);
    const leftMs = (this.#tokens?.endsAt ?? 0) - this.#port.now();
    if (this.#tokens?.idToken != null && leftMs > 0) return this.#tokens.idToken;
    this.#tokens = null;
    return this.#leaveSilently();
  }

  /** The hub took the token. */
  accepted(): void {
    // The answer may come when the reader has just signed out.
    if (this.#stage.kind === "signedOut") return;
    if (this.#tokens !== null) this.#memory.noteSignedIn();
    this.#show({ kind: "board" });
  }

  /** The hub refused the token, or asked for one. */
  refused(error: TicketError, hadOwnToken: boolean): void {
    const signIn = this.#config?.signIn ?? null;
    if (this.#config?.instanceKnown === false || this.#leaving || this.#stage.kind !== "board") return;
    // The hub took an older token before, so it has ended, by a clock that this page does not know.
    const age = this.#tokens === null ? 0 : this.#port.now() - this.#tokens.keptAt;
    if (signIn === null) this.#show({ kind: "paste", refused: hadOwnToken });
    else if (error.status === 401 && age > SILENT_AGAIN_MS && this.#maySilently()) void this.#leaveSilently().catch(() => {});
    else this.#show({ kind: "refused", code: error.code ?? String(error.status), name: this.#tokens?.name ?? null });
  }

  /** The reader asked to sign in. */
  async begin(): Promise<void> {
    const { signIn } = await this.#knownConfig();
    if (signIn === null) return this.#show({ kind: "paste", refused: false });
    this.#leaving = false;
    // Somebody whom the hub refused may want to be somebody else. Left alone, the issuer would send the same person back.
    const prompt = this.#stage.kind === "refused" ? "login" : signIn.prompt;
    await this.#leaveFor(prompt, "assign").catch(() => {});
  }

  async signOut(): Promise<void> {
    const { signIn } = await this.#knownConfig();
    const idToken = this.#tokens?.idToken ?? null;
    this.#tokens = null;
    this.#port.signedOut.set(true);
    this.#memory.keepReturn(this.#port.path());
    const address =
      signIn === null || idToken === null
        ? null
        : (await this.#port.flow()).signOutAddress(signIn, idToken, this.#port.redirectUri);
    this.#show({ kind: "signedOut" });
    if (address !== null) this.#port.leave(address, "assign");
  }

  /** Somebody signed out in another tab of this browser. */
  signedOutElsewhere(): void {
    if (this.#tokens === null) return;
    this.#tokens = null;
    this.#show({ kind: "signedOut" });
  }

  /** The reader closes the dialog for a token, or gave one. */
  close(): void {
    this.#show({ kind: "board" });
  }

  async #knownConfig(): Promise<HubConfig> {
    if (this.#config !== null) return this.#config;
    try {
      this.#config = await this.#port.config();
      if (this.#stage.kind === "issuerDown") this.#show({ kind: "board" });
      return this.#config;
    } catch (error) {
      if (error instanceof TicketError && error.code === ISSUER_DOWN) this.#show({ kind: "issuerDown" });
      throw error;
    }
  }

  async #finish(answer: { url: URL; pending: PendingSignIn | null }): Promise<void> {
    this.#answer = null;
    const { signIn, skewMs } = await this.#knownConfig();
    if (signIn === null) return;
    if (answer.pending === null) return this.#stop({ kind: "failed", code: "wrong_answer" });
    this.#show({ kind: "busy" });
    try {
      const flow = await this.#port.flow();
      this.#keep(await flow.finishSignIn(signIn, skewMs, answer.url, answer.pending));
      this.#port.signedOut.set(false);
      this.#show({ kind: "board" });
    } catch (error) {
      const code = codeOf(error);
      if (code === "unreachable") this.#pause();
      if (answer.pending.silent && NEEDS_PERSON.has(code)) return this.#stop({ kind: "ask", again: this.#memory.signedInBefore });
      return this.#stop({ kind: "failed", code });
    }
  }

  async #renewInTime(reason: TicketRequest["reason"]): Promise<void> {
    const { refreshToken, endsAt } = this.#tokens ?? { refreshToken: null, endsAt: 0 };
    const leftMs = endsAt - this.#port.now();
    if (leftMs > (reason === "refresh" ? LEAVE_BELOW_MS : SHORTEST_LEFT_MS)) return;
    // A socket and a poll may ask at once, and a rotating refresh token counts once.
    if (refreshToken !== null) {
      this.#renewal ??= this.#renew(refreshToken).finally(() => {
        this.#renewal = null;
      });
      return this.#renewal;
    }
    if (!this.#maySilently()) return;
    // The token that there is outlives an issuer that is away for a while, and the board stays.
    if (leftMs > SHORTEST_LEFT_MS && !(await this.#reachesIssuer())) return;
    return this.#leaveSilently();
  }

  async #reachesIssuer(): Promise<boolean> {
    const { signIn } = await this.#knownConfig();
    return signIn !== null && (await this.#port.reaches(signIn.issuer));
  }

  async #renew(refreshToken: string): Promise<void> {
    const { signIn, skewMs } = await this.#knownConfig();
    const before = this.#tokens;
    if (signIn === null || before === null) return;
    try {
      const flow = await this.#port.flow();
      const renewed = await flow.renewTokens(signIn, skewMs, refreshToken);
      if (this.#tokens !== before) return;
      if (renewed.idToken === null) this.#tokens = { ...before, refreshToken: renewed.refreshToken };
      else this.#keep(renewed);
    } catch (error) {
      if (codeOf(error) === "unreachable") {
        // The client asks again, while the session lasts and afterwards.
        if (before.endsAt - this.#port.now() > SHORTEST_LEFT_MS) throw error;
        throw new TicketError(503, { error: ISSUER_DOWN }, 0);
      }
      if (this.#tokens === before) this.#tokens = { ...before, refreshToken: null };
      if (this.#maySilently()) return this.#leaveSilently();
    }
  }

  #keep(tokens: TokenSet): void {
    const keptAt = this.#port.now();
    this.#tokens = { ...tokens, keptAt, endsAt: keptAt + tokens.validForMs };
    if (tokens.subject !== null) this.#showReader(tokens.subject);
  }

  #maySilently(): boolean {
    return this.#silentAt === null || this.#port.now() - this.#silentAt > SILENT_AGAIN_MS;
  }

  async #leaveSilently(): Promise<never> {
    if (this.#leaving) return this.#stop(this.#stage);
    if (!this.#maySilently()) return this.#stop({ kind: "ask", again: this.#memory.signedInBefore });
    return this.#leaveFor("none", "replace");
  }

  async #leaveFor(prompt: string | null, how: "replace" | "assign"): Promise<never> {
    const { signIn, skewMs } = await this.#knownConfig();
    if (signIn === null || this.#leaving) return this.#stop(this.#stage);
    this.#leaving = true;
    if (!(await this.#port.reaches(signIn.issuer))) {
      this.#leaving = false;
      return this.#pause();
    }
    const flow = await this.#port.flow();
    const { url, started } = await flow.startSignIn(signIn, skewMs, this.#port.redirectUri, prompt);
    const silent = prompt === "none";
    if (silent) this.#silentAt = this.#port.now();
    this.#memory.keepPending({ ...started, returnTo: this.#port.path(), silent });
    this.#show({ kind: "busy" });
    this.#port.leave(url.href, how);
    return this.#stop({ kind: "busy" });
  }

  /** The issuer does not answer. The client asks for a ticket again in a while. */
  #pause(): never {
    this.#show({ kind: "issuerDown" });
    throw new TicketError(503, { error: ISSUER_DOWN }, 0);
  }

  /** Nothing goes on without the reader, or without another page. */
  #stop(stage: SignInStage): never {
    this.#show(stage);
    throw new TicketError(401, { error: "unauthorized" }, 0);
  }

  #show(stage: SignInStage): void {
    if (stage.kind === this.#stage.kind && stage.kind === "board") return;
    this.#stage = stage;
    for (const listener of this.#listeners) listener();
  }

  #showReader(reader: Reader): void {
    if (reader === this.#reader) return;
    this.#reader = reader;
    for (const listener of this.#listeners) listener();
  }
}

/** The hub's word for an issuer that is out of reach. */
const ISSUER_DOWN = "identity_provider_unreachable";

function codeOf(error: unknown): string {
  return error instanceof Error && "code" in error && typeof error.code === "string" ? error.code : "wrong_answer";
}
