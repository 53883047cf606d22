import type { HubConfig } from "./hub-config.ts";

type Flow = typeof import("./sign-in-flow.ts");

/** What signing in needs of the page around it. */
export interface SignInPort {
  /** Asks the hub. @throws TicketError */
  config(): Promise<HubConfig>;
  flow(): Promise<Flow>;
  /** Whether the issuer answers at all. A browser that leaves for a dead one shows its own error and has lost the board. */
  reaches(issuer: string): Promise<boolean>;
  now(): number;
  /** Path and query of the page as it is. */
  path(): string;
  /** The address that is registered with the issuer: the root of the hub. */
  redirectUri: string;
  /** Goes to another page. */
  leave(url: string, how: "replace" | "assign"): void;
  /** Whether somebody has signed out in this browser since the last sign-in. */
  signedOut: { get(): boolean; set(value: boolean): void };
}
