import * as v from "valibot";
import { call, ticket } from "../support.ts";

interface Admin {
  subject?: string;
  groups?: string[];
  roles?: string[];
}

export interface DisplayAnswer {
  status: number;
  headers: Headers;
  text: string;
  json: unknown;
}

/** Asks about display links as an admin with these groups; without groups it sees everything. */
export async function askDisplays(
  instance: string,
  method: string,
  path = "",
  body?: unknown,
  admin: Admin = {},
): Promise<DisplayAnswer> {
  return answerOf(
    await call(`/v1/instances/${instance}/displays${path}`, {
      method,
      headers: { Authorization: `Bearer ${await ticket(instance, { subject: "eva", ...admin })}` },
      ...(body !== undefined && { body: typeof body === "string" ? body : JSON.stringify(body) }),
    }),
  );
}

/** Makes a link and returns the secret in it. */
export async function madeSecret(instance: string, name: string, groups: string[] = ["*"]): Promise<string> {
  const { json } = await askDisplays(instance, "POST", "", { name, groups });
  return secretIn(v.parse(v.object({ url: v.string() }), json).url);
}

export function secretIn(url: string): string {
  return new URLSearchParams(new URL(url).hash.slice(1)).get("display") ?? "";
}

/** Asks for a ticket with this `Authorization`. */
export async function buyTicket(
  instance: string,
  authorization: string,
  headers: Record<string, string> = {},
): Promise<DisplayAnswer> {
  const init = { method: "POST", headers: { Authorization: authorization, ...headers } };
  return answerOf(await call(`/v1/instances/${instance}/tickets`, init));
}

/** Returns a ticket of the display with this secret. */
export async function displayTicket(instance: string, secret: string): Promise<string> {
  return v.parse(v.object({ ticket: v.string() }), (await buyTicket(instance, `Display ${secret}`)).json).ticket;
}

/** The names of the links that an admin sees. */
export async function namesOf(instance: string, admin: Admin = {}): Promise<string[]> {
  const { json } = await askDisplays(instance, "GET", "", undefined, admin);
  return v.parse(v.object({ data: v.array(v.object({ name: v.string() })) }), json).data.map(({ name }) => name);
}

async function answerOf(response: Response): Promise<DisplayAnswer> {
  const text = await response.text();
  const isJson = (response.headers.get("Content-Type") ?? "").includes("json");
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : null };
}
