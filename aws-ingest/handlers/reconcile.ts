import { type ConnectDirectory, type Names, openConnect } from "../clients/connect.ts";
import { agentBodies, rosterUpdates } from "../connect/current-users.ts";
import { DeletedUsers } from "../connect/deleted-users.ts";
import { ForeignValues } from "../connect/foreign-values.ts";
import { DELIVERY_RESERVE_MS, openDelivery } from "../delivery/delivery.ts";
import { countFlaws } from "../delivery/outcomes.ts";
import { type InvocationContext, timeUp } from "../runtime/invocation.ts";
import { createLog, type Log } from "../runtime/log.ts";
import { createMeter, type Meter } from "../runtime/meter.ts";
import { readHubSettings } from "../runtime/settings.ts";

/** Remembers from run to run whom Amazon Connect still has, so that no run asks about the same users again. */
const deletedUsers = new DeletedUsers();

/**
 * Asks Amazon Connect which agents are signed in and posts the complete list. It runs on a schedule, and by hand with the event
 * `{"once": true}`. So a lost event leaves no agent wrong for long, and a new board is filled at once. The hub answers which
 * agents it knows beyond the list, and those that Amazon Connect has deleted leave the board.
 * @throws the SDK's errors, or Error if the hub refuses the list
 */
export async function handler(
  _event: unknown = null,
  context: InvocationContext | null = null,
): Promise<{ agents: number; complete: boolean }> {
  const log = createLog("reconcile");
  const meter = createMeter("reconcile");
  const settings = readHubSettings(process.env);
  const end = timeUp(context, DELIVERY_RESERVE_MS);
  const connect = openConnect(settings.instanceId, end);
  try {
    const { agents, takenAt, userIds } = await readRoster(connect, log, meter);
    const delivery = openDelivery(settings, "retry", end, log, meter);
    const { retryable, deadLettered, unlisted = [] } = await delivery.deliver(rosterUpdates(agents, takenAt));
    if (retryable.length + deadLettered > 0)
      throw new Error("The hub refused the list of signed-in agents. The next run posts a new one.");
    log.info("The list of signed-in agents is posted.", { agents: agents.length });

    const candidates = unlisted.filter((agentId) => !userIds.has(agentId));
    const { deleted, failure } = await deletedUsers.findAmong(candidates, connect.userExists, end, Date.now());
    if (failure !== null)
      log.warn("Amazon Connect did not say whether a user still exists. The next run asks again.", { error: failure });
    if (deleted.length > 0) {
      log.info("Users that Amazon Connect has deleted leave the board.", { agents: deleted.length });
      await delivery.deliver(deleted.map((agentId) => ({ type: "agent.removed", agentId, occurredAt: takenAt })));
    }
    return { agents: agents.length, complete: true };
  } finally {
    connect.close();
    meter.flush();
  }
}

/** Reads the lists one after another, because Connect allows two requests a second. A list that cannot be read ends the run. */
async function readRoster(connect: ConnectDirectory, log: Log, meter: Meter) {
  const statusTypes = await connect.statusTypes();
  const routingProfiles = await connect.routingProfiles();
  const users = new Map((await connect.users()).map((user) => [user.Id ?? "", user]));
  const takenAt = Date.now();
  const current = await connect.currentUsers([...routingProfiles.keys()]);
  const contacts = current.flatMap((user) => user.Contacts ?? []);
  const queues = contacts.some(({ Queue }) => Queue?.Id) ? await queueNames(connect, log) : new Map<string, string>();
  const inGroups = current.some(
    ({ User, HierarchyPath }) => HierarchyPath?.LevelOne || users.get(User?.Id ?? "")?.HierarchyGroupId,
  );
  // Groups decide who may see an agent, so a list without their names must not be posted.
  const groups = inGroups ? await connect.hierarchyGroups() : new Map<string, string>();

  const values = new ForeignValues();
  const agents = agentBodies(current, { users, statusTypes, routingProfiles, queues, groups }, takenAt, values);
  countFlaws(values.flaws, meter);
  return { agents, takenAt, userIds: new Set(users.keys()) };
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
