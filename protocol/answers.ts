/** The JSON bodies of the hub's HTTP answers. */

/** 200 to a signed post: the hub has stored it durably. */
export interface UpdatesAnswer {
  accepted: number;
  stale: number;
  duplicate: boolean;
  epoch: string;
  seq: number;
  /** The contacts of the batch that some viewer watches now. The sender posts their partial turns. */
  watched: string[];
  /** Only if a snapshot of the batch asks for it and its list is complete: the agents on the board that the list leaves out. */
  unlisted?: string[];
  /**
   * Only to a queue snapshot, and only if it makes some doubtful: contacts that the hub counts as waiting. The sender asks about each
   * and posts what it is told as `contact.queue`.
   */
  suspects?: string[];
}

export interface TicketAnswer {
  ticket: string;
  /** Epoch milliseconds. */
  expiresAt: number;
}

/** 200 to `alerts/test`: what the receiver answered to a test message. */
export interface AlertTestAnswer {
  target: string;
  /** Whether the receiver took the message. A workflow of Microsoft Teams may still fail after that. */
  delivered: boolean;
  /** The status of its answer; null = there was none. */
  status: number | null;
  /** What it said, without addresses, keys and long numbers. */
  said: string;
  /** All of it as sentences. */
  message: string;
}

/** How the page signs people in: the authorization code flow of OpenID Connect with PKCE, as a client without a secret. */
export interface SignInConfig {
  issuer: string;
  clientId: string;
  /** Separated by spaces. */
  scopes: string;
  authorizationEndpoint: string;
  /** The issuer's, or the hub's own relay to it. */
  tokenEndpoint: string;
  /** Where RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0) happens; null = the issuer has none. */
  endSessionEndpoint: string | null;
  /** The issuer's own sign-out address, which wins over `endSessionEndpoint`. `{returnTo}` stands for the board's address. */
  signOutUrl: string | null;
  /** The `prompt` of a sign-in that a person asked for. */
  prompt: string | null;
}

/** `GET /v1/config`: what the page needs to sign people in. Everybody may read it. */
export interface ConfigAnswer {
  /** Whether this request may have tickets without an identity (`AUTH_MODE=local`). */
  local: boolean;
  /** Null = the board cannot sign people in itself. */
  signIn: SignInConfig | null;
  /** With `?instance=`: whether the hub knows that instance. */
  instanceKnown?: boolean;
  /** The hub's clock in epoch milliseconds. The clock of a PC may be wrong, and tokens are valid by the right one. */
  serverTime: number;
}

export interface ErrorAnswer {
  error: string;
  message?: string;
  /** With `unknown_target`: the targets that there are. */
  targets?: readonly string[];
  /** Where in the body the mistake is, e.g. `updates[3].score`. */
  path?: string;
}
