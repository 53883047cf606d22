import type { AgentContact, AgentState } from "../../protocol/updates.ts";

/** Amazon Connect's words about statuses and contacts, in ours. The agent event stream and the API use the same ones. */

const STATES = new Map<string, AgentContact["state"]>([
  ["INCOMING", "ringing"],
  ["PENDING", "ringing"],
  ["CONNECTING", "ringing"],
  ["CONNECTED", "connected"],
  ["CONNECTED_ONHOLD", "hold"],
  ["ENDED", "ended"],
  ["MISSED", "missed"],
  ["REJECTED", "rejected"],
  ["ERROR", "error"],
  ["PAUSED", "paused"],
]);
const CHANNELS = new Map<string, AgentContact["channel"]>([
  ["VOICE", "voice"],
  ["CHAT", "chat"],
  ["TASK", "task"],
  ["TASKS", "task"],
  ["EMAIL", "email"],
]);
/** Initiation methods (Administrator Guide, "Contact records data model", 2026-11). Others keep their own word in lower case. */
const DIRECTIONS = new Map<string, string>([
  ["INBOUND", "inbound"],
  ["WEBRTC_API", "inbound"],
  ["OUTBOUND", "outbound"],
  ["EXTERNAL_OUTBOUND", "outbound"],
  ["AGENT_REPLY", "outbound"],
  ["TRANSFER", "transfer"],
  ["QUEUE_TRANSFER", "transfer"],
  ["CALLBACK", "callback"],
]);

/** Returns the kind of a status. Older events have no type, and a custom status cannot have one of these two names. */
export function statusKind(type: string | null, name: string): AgentState["status"]["kind"] {
  if (type === "ROUTABLE" || (type === null && name === "Available")) return "routable";
  if (type === "OFFLINE" || (type === null && name === "Offline")) return "offline";
  return "custom";
}

/** Translates Connect's names for the state and channel of a contact. Returns null if one of them is unknown. */
export function contactWords(state: string, channel: string): Pick<AgentContact, "state" | "channel"> | null {
  const ours = { state: STATES.get(state), channel: channelWord(channel) };
  return ours.state === undefined || ours.channel === null ? null : { state: ours.state, channel: ours.channel };
}

/** Translates a channel. Returns null if it is unknown. */
export function channelWord(channel: string): AgentContact["channel"] | null {
  return CHANNELS.get(channel.toUpperCase()) ?? null;
}

/** Says how a contact began. Returns null if Amazon Connect does not say. */
export function directionWord(initiationMethod: string | null | undefined): string | null {
  return initiationMethod ? (DIRECTIONS.get(initiationMethod) ?? initiationMethod.toLowerCase()) : null;
}

/** How an agent begins a contact beside the one that is running. */
const ADDED_BY_AGENT: ReadonlySet<string> = new Set(["transfer", "outbound"]);

/**
 * Returns the contacts with `consult` as the direction of those that an agent added to a call that the same list shows: the agent asks
 * a colleague before a transfer, or adds somebody to the call. Amazon Connect has no initiation method for that.
 */
export function withConsults(contacts: readonly AgentContact[]): AgentContact[] {
  return contacts.map((contact) => {
    const added = contact.channel === "voice" && ADDED_BY_AGENT.has(contact.direction ?? "");
    return added && contacts.some((call) => isBefore(call, contact)) ? { ...contact, direction: "consult" } : contact;
  });
}

/** Whether the agent talks on the call, or holds it, and has added the other contact to it. */
function isBefore(call: AgentContact, added: AgentContact): boolean {
  if (added.initialContactId === null || call.contactId === added.contactId || call.channel !== "voice") return false;
  if (call.state !== "connected" && call.state !== "hold") return false;
  if (call.contactId === added.initialContactId) return true;
  const [begun, addedAt] = [call, added].map(({ connectedAt, since }) => connectedAt ?? since);
  return call.initialContactId === added.initialContactId && (begun ?? 0) < (addedAt ?? 0);
}
