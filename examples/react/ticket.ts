import { fetchTicket, type TicketRequest } from "vigia/client";

export const HUB = import.meta.env.VITE_HUB ?? "https://vigia.example.workers.dev";
export const INSTANCE = import.meta.env.VITE_INSTANCE ?? "a8c17f30-f72c-4900-abd2-8745056c4c99";

/** Returns the identity token that your sign-in has stored. It is "" for a hub in AUTH_MODE=local. */
async function idToken(): Promise<string> {
  return sessionStorage.getItem("idToken") ?? "";
}

export async function getTicket(request: TicketRequest): Promise<string> {
  return fetchTicket(request, { headers: { authorization: `Bearer ${await idToken()}` } });
}
