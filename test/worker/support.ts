import { env, exports } from "cloudflare:workers";
import { SignJWT } from "jose";
import type { UpdatesAnswer } from "../../protocol/answers.ts";
import { importSecrets, sign } from "../../protocol/signature.ts";

/** The signing secrets in the settings of the tests' hub (vitest.config.ts). */
export const SECRET = "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==";
export const OTHER_SECRET = "whsec_b3RoZXItc2VjcmV0LW90aGVyLXNlY3JldC1vdGhlci0x";

let instances = 0;

/** Returns an instance that no other test uses, so that every test has its own hub. */
export function freshInstance(): string {
  instances += 1;
  if (instances > 200) throw new Error("The tests need more than 200 instances. Raise the number in vitest.config.ts and here.");
  return `test-${instances}`;
}

export function center(instance: string) {
  return env.CONTACT_CENTER.getByName(instance);
}

/** Sends a request to the whole Worker. */
export function call(path: string, init: RequestInit = {}, origin = "http://localhost"): Promise<Response> {
  return exports.default.fetch(new Request(`${origin}${path}`, init));
}

export interface PostOptions {
  id?: string;
  secrets?: string;
  at?: number;
  body?: string;
  path?: string;
  headers?: Record<string, string>;
}

/** Sends a signed post. The options can make each part of it wrong. */
export async function post(instance: string, updates: unknown, options: PostOptions = {}): Promise<Response> {
  const body = options.body ?? JSON.stringify({ updates });
  const keys = await importSecrets(options.secrets ?? SECRET);
  const seconds = Math.floor((options.at ?? Date.now()) / 1000);
  const signature = await sign(keys, options.id ?? crypto.randomUUID(), seconds, body);
  return call(`/v1/instances/${instance}/${options.path ?? "updates"}`, {
    method: "POST",
    headers: { "Content-Type": "application/json", ...signature, ...options.headers },
    body,
  });
}

/** Posts the updates and returns the answer. Throws if the answer is not 200. */
export async function posted(instance: string, ...updates: unknown[]): Promise<UpdatesAnswer> {
  const response = await post(instance, updates);
  if (response.status !== 200) throw new Error(`The hub refused the post: ${response.status} ${await response.text()}`);
  return response.json();
}

/** Returns a ticket from the hub in `AUTH_MODE=local`. */
export async function ticket(
  instance: string,
  identity: { subject?: string; groups?: string[]; roles?: string[] } = {},
): Promise<string> {
  const response = await call(`/v1/instances/${instance}/tickets`, { method: "POST", body: JSON.stringify(identity) });
  const { ticket: token } = await response.json<{ ticket: string }>();
  return token;
}

/** Leaves the instance without rules for alerts, for tests that count alarms or rows. */
export async function withoutRules(instance: string): Promise<void> {
  const asker = { subject: "test", name: "test", filter: null, ticket: null };
  await center(instance).ask(asker, { what: "save-rules", rules: [], version: null });
}

const TICKET_KEY = Uint8Array.from(atob("dGlja2V0LXNlY3JldC10aWNrZXQtc2VjcmV0LXRpY2tldC0wMQ=="), (c) => c.charCodeAt(0));

/** Signs a ticket with its own times in epoch seconds: `end` of the session and `expires` of the ticket. */
export function signedTicket(instance: string, times: { end?: number; expires?: number }): Promise<string> {
  return new SignJWT({ end: times.end ?? 1 })
    .setProtectedHeader({ alg: "HS256", typ: "vigia-ticket" })
    .setIssuer("vigia")
    .setAudience(instance)
    .setSubject("ana")
    .setJti(crypto.randomUUID())
    .setExpirationTime(times.expires ?? Math.floor(Date.now() / 1000) + 60)
    .sign(TICKET_KEY);
}
