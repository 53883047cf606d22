import { type ConnectDirectory, type Names, openConnect } from "../clients/connect.ts";
import { agentBodies, rosterUpdates } from "../connect/current-users.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";

/**
 * Asks Amazon Connect who is signed in and posts the complete list, on a schedule and by hand (`{"once": true}`), so that a
 * lost event leaves no agent wrong for long, and a new board is filled at once.
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
    // One after the other: Connect allows two requests a second.
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
    // Groups decide who may see an agent: a list that cannot name them is not posted.
    const groups = inGroups ? await connect.hierarchyGroups() : new Map();

    const agents = agentBodies(current, { users, statusTypes, routingProfiles, queues, groups }, takenAt);
    const { updates, complete } = rosterUpdates(agents, takenAt);
    if (!complete) log.warn("Too many agents for one list: sign-outs that no event told stay unseen.", { agents: agents.length });
    const { retryable, deadLettered } = await openDelivery(settings, "retry", end, log, meter).deliver(updates);
    if (retryable.length + deadLettered > 0) throw new Error("The hub did not take the list of signed-in agents.");
    log.info("Listed.", { agents: agents.length });
    return { agents: agents.length, complete };
  } finally {
    connect.close();
    meter.flush();
  }
}

/** The board can do without them for once. */
async function queueNames(connect: ConnectDirectory, log: Log): Promise<Names> {
  try {
    return await connect.queues();
  } catch (error) {
    log.warn("The names of the queues are missing from the list.", { error: error instanceof Error ? error.name : "unknown" });
    return new Map();
  }
}
