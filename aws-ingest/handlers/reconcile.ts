import { type ConnectDirectory, type Names, openConnect } from "../clients/connect.ts";
import { agentBodies, rosterUpdates } from "../connect/current-users.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";

/**
 * Asks Amazon Connect which agents are signed in and posts the complete list. It runs on a schedule, and by hand with the event
 * `{"once": true}`. So a lost event leaves no agent wrong for long, and a new board is filled at once.
 * @throws the SDK's errors, or Error if the hub refuses the list
 */
export async function handler(
  _event: unknown = null,
  context: InvocationContext | null = null,
): Promise<{ agents: number; complete: boolean }> {
  const log = createLog("reconcile");
  const meter = createMeter("reconcile");
  const settings = readHubSettings(process.env);
  const connect = openConnect(settings.instanceId);
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  try {
    // The lists are read one after another, because Connect allows two requests a second.
    const statusTypes = await connect.statusTypes();
    const routingProfiles = await connect.routingProfiles();
    const users = new Map((await connect.users()).map((user) => [user.Id ?? "", user]));
    const takenAt = Date.now();
    const current = await connect.currentUsers([...routingProfiles.keys()]);
    const contacts = current.flatMap((user) => user.Contacts ?? []);
    const queues = contacts.some(({ Queue }) => Queue?.Id) ? await queueNames(connect, log) : new Map();
    const inGroups = current.some(
      ({ User, HierarchyPath }) => HierarchyPath?.LevelOne || users.get(User?.Id ?? "")?.HierarchyGroupId,
    );
    // Groups decide who may see an agent, so a list without their names must not be posted.
    const groups = inGroups ? await connect.hierarchyGroups() : new Map();

    const agents = agentBodies(current, { users, statusTypes, routingProfiles, queues, groups }, takenAt);
    const { updates, complete } = rosterUpdates(agents, takenAt);
    if (!complete)
      log.warn("The list of agents is too large for one post, so a sign-out without an event stays unnoticed.", {
        agents: agents.length,
      });
    const { retryable, deadLettered } = await openDelivery(settings, "retry", end, log, meter).deliver(updates);
    if (retryable.length + deadLettered > 0)
      throw new Error("The hub refused the list of signed-in agents. The next run posts a new one.");
    log.info("The list of signed-in agents is posted.", { agents: agents.length });
    return { agents: agents.length, complete };
  } finally {
    connect.close();
    meter.flush();
  }
}

/** Returns the names of the queues, or none after an error, because the list is useful without them. */
async function queueNames(connect: ConnectDirectory, log: Log): Promise<Names> {
  try {
    return await connect.queues();
  } catch (error) {
    log.warn("The list has no queue names this time, because Amazon Connect did not return them.", {
      error: error instanceof Error ? error.name : "unknown",
    });
    return new Map();
  }
}
