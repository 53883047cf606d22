import { inject } from "vitest";

/** A request as a receiver of the tests got it. */
export interface ReceiverRequest {
  headers: Record<string, string>;
  body: string;
  open: number;
}

let names = 0;

/** Returns the address of a receiver that answers in this way, and the name by which its requests are found. */
export function receiver(kind: string): { url: string; name: string } {
  names += 1;
  const name = `r${names}-${crypto.randomUUID()}`;
  return { name, url: `${inject("receivers")}/${name}/${kind}?sig=s3cr3t-of-the-workflow` };
}

/** Returns what came to a receiver, in the order of arrival. */
export async function messagesTo(name: string): Promise<ReceiverRequest[]> {
  const response = await fetch(`${inject("receivers")}/${name}`);
  return response.json<ReceiverRequest[]>();
}

/** Lets a receiver answer in another way from now on. */
export async function answerFrom(name: string, kind: string): Promise<void> {
  await fetch(`${inject("receivers")}/${name}/${kind}`, { method: "PUT" });
}
