import { setTimeout as sleep } from "node:timers/promises";
import { type ActionOrder, type ActionOutcome, OUTCOME_UNKNOWN } from "../../protocol/actions.ts";
import { openActionIds } from "../clients/action-ids.ts";
import { type ConnectActions, openConnectActions } from "../clients/connect-actions.ts";
import { openRecordingFinder } from "../clients/recording-links.ts";
import { keyRing } from "../clients/secrets.ts";
import { done, failureOf, notDone, type OutcomeCode, questionFailureOf } from "../connect/action-outcomes.ts";
import { NamedIds } from "../connect/named-ids.ts";
import { openRecording } from "../delivery/recording-order.ts";
import { type OrderRefusal, readSignedOrder } from "../delivery/signed-order.ts";
import { type ActionsFunctionSettings, readActionsSettings } from "../runtime/actions-settings.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";

/** What a function URL answers. */
interface UrlAnswer {
  statusCode: number;
  headers: Record<string, string>;
  body: string;
}

/** Left of the function's time to answer when Amazon Connect does not. */
const RESERVE_MS = 1_000;
/** A throttled request was not carried out. Amazon Connect refills two a second. */
const THROTTLE_PAUSES_MS = [300, 700, 1_200];

const statuses = new NamedIds();
const users = new NamedIds();

/**
 * Does one action in Amazon Connect for a supervisor, whom the hub has signed in and permitted. It is called at its own address, which
 * everybody can reach: only a fresh order with the hub's signature counts, each once, and only for the actions of this stack.
 * @throws the errors of the settings and of Secrets Manager: then nothing was done
 */
export async function handler(event: unknown, context: InvocationContext | null = null): Promise<UrlAnswer> {
  const log = createLog("actions");
  const meter = createMeter("actions");
  const refuse = (status: number, code: OutcomeCode, reason: string): UrlAnswer => {
    meter.add("ActionsRefused", 1);
    log.warn("An order was refused. Nothing was done.", { reason });
    return answer(status, notDone(code));
  };
  try {
    const settings = readActionsSettings(process.env);
    const signed = await readSignedOrder(event, keyRing(settings.secretId), Date.now());
    if (!signed.ok) return refuse(...REFUSALS[signed.reason], signed.reason);
    const { id, order } = signed;
    if (order.instanceId !== settings.instanceId) return refuse(400, "bad_order", "foreign_instance");
    const { ownBucket, connectLocation } = settings.recordings;
    const isOn =
      order.action === "recording" ? ownBucket !== null || connectLocation !== null : settings.enabled.has(order.action);
    if (!isOn) return refuse(403, "switched_off", "switched_off");
    const ids = openActionIds(settings.idsBucket, settings.instanceId);
    try {
      // Somebody else, or a proxy, sends an order again. Whether the first was carried out is not known here.
      if (!(await ids.takeId(id))) return refuse(409, OUTCOME_UNKNOWN, "replayed");
    } catch (error) {
      log.error("The id of an order could not be kept. Nothing was done.", { error: nameOf(error) });
      return answer(200, notDone("connect_unavailable"));
    } finally {
      ids.close();
    }
    const end = timeUp(context, RESERVE_MS);
    const outcome =
      order.action === "recording"
        ? await findRecording(order, settings, end, log)
        : await doOrder(order, id, settings.instanceId, end, log);
    meter.add(outcome.ok ? "ActionsDone" : "ActionsFailed", 1);
    log.info("An order is over.", { action: order.action, agentId: order.agentId, code: outcome.code });
    return answer(200, outcome);
  } finally {
    meter.flush();
  }
}

const REFUSALS: Readonly<Record<OrderRefusal, [status: number, code: OutcomeCode]>> = {
  no_event: [400, "bad_order"],
  method: [405, "bad_order"],
  too_large: [413, "bad_order"],
  missing_header: [401, "unauthorized"],
  bad_timestamp: [401, "unauthorized"],
  outside_tolerance: [401, "unauthorized"],
  no_match: [401, "unauthorized"],
  bad_id: [400, "bad_order"],
  bad_order: [400, "bad_order"],
};

async function findRecording(
  order: Extract<ActionOrder, { action: "recording" }>,
  { instanceId, recordings }: ActionsFunctionSettings,
  end: AbortSignal,
  log: Log,
): Promise<ActionOutcome> {
  const finder = openRecordingFinder(instanceId, end);
  const noteFault = (error: string) => log.warn("A recording could not be looked up.", { action: order.action, error });
  try {
    return await openRecording(order, recordings, finder, noteFault);
  } finally {
    finder.close();
  }
}

/** An order that changes something in Amazon Connect. */
type ConnectOrder = Exclude<ActionOrder, { action: "recording" }>;

async function doOrder(order: ConnectOrder, id: string, instanceId: string, end: AbortSignal, log: Log): Promise<ActionOutcome> {
  const connect = openConnectActions(instanceId, end);
  try {
    const call = await prepare(order, id, connect, log);
    if ("code" in call) return call;
    for (const pause of [...THROTTLE_PAUSES_MS, null]) {
      try {
        await call.send();
        return done(order.action);
      } catch (error) {
        const { name, status } = describe(error);
        const failure = failureOf(order.action, name, status);
        if (failure.code !== "busy" || pause === null || end.aborted) {
          if (name === "ResourceNotFoundException") forgetNames(order);
          log.warn("Amazon Connect did not carry out an order.", { action: order.action, error: name, status });
          return failure;
        }
        await sleep(pause);
      }
    }
    return notDone("busy");
  } finally {
    connect.close();
  }
}

/** A status or a user may have been deleted since its id was looked up. */
function forgetNames(order: ConnectOrder): void {
  if (order.action === "status") statuses.forget(order.statusName);
  if ("usernames" in order) for (const name of order.usernames) users.forget(name);
}

/** Looks up what the one call needs. Returns that call, or why there is none. */
async function prepare(
  order: ConnectOrder,
  id: string,
  connect: ConnectActions,
  log: Log,
): Promise<{ send: () => Promise<void> } | ActionOutcome> {
  const now = Date.now();
  try {
    switch (order.action) {
      case "status": {
        const statusId = await statuses.find([order.statusName], () => connect.statuses(), now);
        if (statusId === null) return notDone("status_unknown");
        return { send: () => connect.putUserStatus(order.agentId, statusId) };
      }
      case "free":
        return { send: () => connect.dismissContact(order.agentId, order.contactId) };
      case "stop":
        return { send: () => connect.stopContact(order.contactId) };
      case "listen":
      case "barge": {
        const lookUp = async (names: readonly string[]) =>
          (await connect.usersNamed(names)).map(({ username, userId }) => ({ name: username, id: userId }));
        const supervisorId = await users.find(order.usernames, lookUp, now);
        if (supervisorId === null) return notDone("supervisor_unknown");
        return { send: () => connect.monitorContact(supervisorId, order.contactId, order.action === "barge", id) };
      }
    }
  } catch (error) {
    const { name, status } = describe(error);
    log.warn("Amazon Connect did not answer a question. Nothing was done.", { action: order.action, error: name, status });
    return questionFailureOf(name, status);
  }
}

function answer(statusCode: number, outcome: ActionOutcome): UrlAnswer {
  const headers = { "content-type": "application/json", "cache-control": "no-store" };
  return { statusCode, headers, body: JSON.stringify(outcome) };
}

function describe(error: unknown): { name: string; status: number | undefined } {
  const metadata: unknown = typeof error === "object" && error !== null && "$metadata" in error ? error.$metadata : null;
  const status: unknown = typeof metadata === "object" && metadata !== null ? Reflect.get(metadata, "httpStatusCode") : undefined;
  return { name: nameOf(error), status: typeof status === "number" ? status : undefined };
}

function nameOf(error: unknown): string {
  return error instanceof Error ? error.name : "unknown";
}
