import * as v from "valibot";
import type { ConnectContact, ConnectRoster } from "./connect-roster.ts";
import { readInput, readJson } from "./json-service.ts";
import { ServiceError, type ServiceRequest } from "./service.ts";

/**
 * The operations with which a supervisor acts: PutUserStatus, DismissUserContact, MonitorContact and StopContact, with the errors of
 * the API reference and its notes of where each works (read 2026-11-26). The product does not import this file.
 */

/** What happens in the contact center when Amazon Connect has taken a request. The simulator and tests do it. */
export interface ActionEffects {
  setStatus(userId: string, statusName: string): void;
  clearContact(userId: string, contactId: string): void;
  stopContact(contactId: string): void;
  /** The supervisor's control panel rings. */
  ring(monitor: Monitor): void;
}

/** A contact that rings, or is listened to, in a supervisor's control panel. */
export interface Monitor {
  supervisorId: string;
  /** The contact that is listened to. */
  contactId: string;
  /** Its own id, with the initiation method MONITOR. */
  monitorContactId: string;
  mayBarge: boolean;
}

const NOTHING: ActionEffects = { setStatus() {}, clearContact() {}, stopContact() {}, ring() {} };

/** Five people may listen to a contact, and a conference has six participants (Administrator Guide, "Monitor", read 2026-11-25). */
const MOST_LISTENERS = 5;
const CLEARABLE: ReadonlySet<ConnectContact["state"]> = new Set(["MISSED", "ERROR", "ENDED", "REJECTED"]);
const TALKING: ReadonlySet<ConnectContact["state"]> = new Set(["CONNECTED", "CONNECTED_ONHOLD"]);
/** StopContact refuses voice contacts that began in one of these ways. */
const UNSTOPPABLE = new Set(["DISCONNECT", "TRANSFER", "QUEUE_TRANSFER", "EXTERNAL_OUTBOUND", "MONITOR"]);

const monitorSchema = v.object({
  InstanceId: v.pipe(v.string(), v.minLength(1), v.maxLength(100)),
  ContactId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  UserId: v.pipe(v.string(), v.minLength(1), v.maxLength(256)),
  AllowedMonitorCapabilities: v.optional(v.pipe(v.array(v.picklist(["SILENT_MONITOR", "BARGE"])), v.maxLength(2)), []),
  ClientToken: v.optional(v.pipe(v.string(), v.maxLength(500)), ""),
});
const stopSchema = v.object({ InstanceId: v.string(), ContactId: v.string() });
const statusSchema = v.object({ AgentStatusId: v.string() });
const dismissSchema = v.object({ ContactId: v.string() });

interface ActionCall {
  /** The second id in the path: the user's. */
  id: string;
  roster: ConnectRoster;
  request: ServiceRequest;
  actions: ActionState;
}

/** What the stand-in remembers of actions. */
export class ActionState {
  /** Does what the requests order. */
  effects: ActionEffects = NOTHING;
  /** Whether the instance has enhanced monitoring, without which nobody barges. */
  enhancedMonitoring = true;
  /** Users whose control panel is open, beside the agents who are signed in. */
  readonly openPanels = new Set<string>();
  readonly monitors: Monitor[] = [];
  readonly #tokens = new Map<string, { request: string; monitor: Monitor }>();
  #ids = 0;

  monitor(roster: ConnectRoster, input: v.InferOutput<typeof monitorSchema>): Monitor {
    const { ContactId: contactId, UserId: supervisorId, AllowedMonitorCapabilities: capabilities, ClientToken: token } = input;
    const request = JSON.stringify([contactId, supervisorId, capabilities]);
    const known = token === "" ? undefined : this.#tokens.get(token);
    if (known !== undefined && known.request !== request) {
      throw new ServiceError(409, "IdempotencyException", "An entity with the same name already exists.");
    }
    if (known !== undefined) return known.monitor;
    const user = userOf(roster, supervisorId);
    const held = heldContact(roster, contactId);
    if (held === null) throw notFound("The contact does not exist or has ended.");
    if (!TALKING.has(held.state) || !["VOICE", "CHAT"].includes(held.channel)) {
      throw new ServiceError(400, "InvalidRequestException", "Contact is not in a state that can be monitored.");
    }
    if (user.presence === null && !this.openPanels.has(user.id)) {
      throw new ServiceError(400, "InvalidRequestException", "User is not signed in to the Contact Control Panel.");
    }
    const mayBarge = capabilities.includes("BARGE");
    if (mayBarge && !this.enhancedMonitoring) {
      throw new ServiceError(400, "InvalidRequestException", "Enhanced contact monitoring is not enabled for the instance.");
    }
    if (this.monitors.filter((monitor) => monitor.contactId === contactId).length >= MOST_LISTENERS) {
      throw new ServiceError(402, "ServiceQuotaExceededException", "The service quota has been exceeded.");
    }
    this.#ids += 1;
    const monitor = { supervisorId, contactId, monitorContactId: `monitor-${this.#ids}-${contactId}`, mayBarge };
    this.monitors.push(monitor);
    if (token !== "") this.#tokens.set(token, { request, monitor });
    this.effects.ring(monitor);
    return monitor;
  }

  /** Somebody listens no more, so there is room for another. */
  endMonitor(monitorContactId: string): void {
    const place = this.monitors.findIndex((monitor) => monitor.monitorContactId === monitorContactId);
    if (place >= 0) this.monitors.splice(place, 1);
  }
}

/** "StopContact": 10 requests a second; the others have the usual two (Service quotas, read 2026-11-25). */
const STOP_LIMIT = { requestsPerSecond: 10, burst: 15 };

export const ACTION_ROUTES = [
  { name: "PutUserStatus", method: "PUT", path: /^\/users\/([^/]+)\/([^/]+)\/status$/, answer: putUserStatus },
  { name: "DismissUserContact", method: "POST", path: /^\/users\/([^/]+)\/([^/]+)\/contact$/, answer: dismissUserContact },
  { name: "MonitorContact", method: "POST", path: /^\/contact\/monitor()$/, answer: monitorContact },
  { name: "StopContact", method: "POST", path: /^\/contact\/stop()$/, answer: stopContact, limit: STOP_LIMIT },
] as const;

function putUserStatus({ id, roster, request, actions }: ActionCall): object {
  const { AgentStatusId } = readInput(statusSchema, readJson(request), "InvalidParameterException");
  const user = userOf(roster, id);
  const status = roster.statuses.find((one) => one.id === AgentStatusId);
  if (status === undefined) throw notFound("The agent status does not exist.");
  // Which error Amazon Connect has for a user who is signed out is not documented.
  if (user.presence === null) throw new ServiceError(400, "InvalidRequestException", "The user is not signed in.");
  actions.effects.setStatus(user.id, status.name);
  return {};
}

function dismissUserContact({ id, roster, request, actions }: ActionCall): object {
  const { ContactId } = readInput(dismissSchema, readJson(request), "InvalidParameterException");
  const held = userOf(roster, id).presence?.contacts.find(({ contactId }) => contactId === ContactId);
  if (held === undefined) throw notFound("The contact does not exist for this user.");
  if (!CLEARABLE.has(held.state)) {
    throw new ServiceError(400, "InvalidRequestException", "The contact is not in a state that can be dismissed.");
  }
  actions.effects.clearContact(id, ContactId);
  return {};
}

function monitorContact({ roster, request, actions }: ActionCall): object {
  const input = readInput(monitorSchema, readJson(request), "InvalidRequestException");
  checkInstance(roster, input.InstanceId);
  const { monitorContactId } = actions.monitor(roster, input);
  const arn = `arn:aws:connect:us-east-1:111122223333:instance/${roster.instanceId}/contact/${monitorContactId}`;
  return { ContactId: monitorContactId, ContactArn: arn };
}

function stopContact({ roster, request, actions }: ActionCall): object {
  const { InstanceId, ContactId } = readInput(stopSchema, readJson(request), "InvalidParameterException");
  checkInstance(roster, InstanceId);
  const held = heldContact(roster, ContactId);
  if (held === null || held.state === "ENDED") {
    throw new ServiceError(410, "ContactNotFoundException", "The contact with the specified ID is not active or does not exist.");
  }
  if (held.channel === "VOICE" && UNSTOPPABLE.has(held.initiationMethod)) {
    throw new ServiceError(400, "InvalidRequestException", "Contact cannot be stopped due to its initiation method.");
  }
  actions.effects.stopContact(ContactId);
  return {};
}

function userOf(roster: ConnectRoster, userId: string) {
  const user = roster.users.find(({ id }) => id === userId);
  if (user === undefined) throw notFound("The specified user does not exist.");
  return user;
}

function heldContact(roster: ConnectRoster, contactId: string): ConnectContact | null {
  const held = roster.users.flatMap(({ presence }) => presence?.contacts ?? []);
  return held.find((contact) => contact.contactId === contactId) ?? null;
}

function checkInstance(roster: ConnectRoster, instanceId: string): void {
  if (instanceId.split("/").at(-1) !== roster.instanceId) throw notFound("The specified instance does not exist.");
}

function notFound(message: string): ServiceError {
  return new ServiceError(404, "ResourceNotFoundException", message);
}
