import { randomUUID } from "node:crypto";
import { beforeEach, expect, test } from "vitest";
import { handler } from "../../../aws-ingest/handlers/reconcile.ts";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import type { ConnectRoster } from "../../../local/aws/connect-roster.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

const SINCE = 1_714_363_200_000;
const ANSWER = { accepted: 1, stale: 0, duplicate: false, epoch: "e", seq: 1, watched: [] };

function roster(...ids: string[]): ConnectRoster {
  return {
    instanceId: INSTANCE,
    statuses: [{ id: "available", name: "Available", type: "ROUTABLE" }],
    routingProfiles: [{ id: "basic", name: "Basic" }],
    users: ids.map((id, index) => ({
      id,
      username: id,
      firstName: "Ana",
      lastName: "Paz",
      routingProfileId: "basic",
      presence: index === 0 ? { statusId: "available", since: SINCE, contacts: [] } : null,
    })),
  };
}

let connect: LocalConnect;
const lab = readerLab(async () => {
  connect = await startConnect({ roster: roster(), requestsPerSecond: 1000, burst: 1000 });
  return { env: { AWS_ENDPOINT_URL_CONNECT: connect.url }, close: () => connect.close() };
});

/** New ids for each test, because the function remembers whom it has asked about. */
let present: string;
let offline: string;
let deleted: string;
beforeEach(() => {
  [present, offline, deleted] = [randomUUID(), randomUUID(), randomUUID()];
  connect.roster = roster(present, offline);
  connect.faults.clear();
  lab.hub.clearOrders();
});

/** The hub knows these agents beyond the list. */
const hubKnows = (...unlisted: string[]) => lab.hub.answerNext({ status: 200, body: { ...ANSWER, unlisted } });
const removals = () => lab.hub.updates().flatMap((update) => (update.type === "agent.removed" ? [update.agentId] : []));

test("A user whom Amazon Connect has deleted leaves the board at the time of the list, and one who is offline stays.", async () => {
  hubKnows(offline, deleted);
  const before = Date.now();
  await handler();
  const [removal, ...rest] = lab.hub.updates();
  expect([removal, rest]).toMatchObject([{ type: "agent.removed", agentId: deleted }, []]);
  if (removal?.type !== "agent.removed") throw new Error("The hub received no removal.");
  expect(removal.occurredAt).toBeGreaterThanOrEqual(before);
  // The hub asks nothing by itself: the snapshot has to.
  await handler();
  expect(lab.hub.updates().at(-1)).toMatchObject({
    type: "roster.snapshot",
    reportUnlisted: true,
    agents: [{ agentId: present }],
  });
});

test("A user who is missing in the search but exists is not removed, because the index may lag.", async () => {
  const searched = connect.roster;
  hubKnows(deleted);
  // The search reads the roster first, and the question about the user comes last.
  connect.roster = {
    ...searched,
    get users() {
      const users = searched.users;
      connect.roster = roster(present, offline, deleted);
      return users;
    },
  };
  await handler();
  expect(removals()).toEqual([]);
});

test("Nobody is removed when a list fails, or when Amazon Connect does not answer about the user.", async () => {
  hubKnows(deleted);
  connect.faults.refuse(1, new ServiceError(403, "AccessDeniedException", "no"));
  await expect(handler()).rejects.toThrow();
  expect(lab.hub.updates()).toEqual([]);

  // The search and the list read the users. From the third read on, Amazon Connect refuses: that is the question about the user.
  let reads = 0;
  connect.roster = {
    ...roster(present),
    get users() {
      reads += 1;
      if (reads > 2) throw new ServiceError(403, "AccessDeniedException", "no");
      return roster(present).users;
    },
  };
  expect(await handler()).toEqual({ agents: 1, complete: true });
  expect(removals()).toEqual([]);
  hubKnows(deleted);
  connect.roster = roster(present);
  await handler();
  expect(removals()).toEqual([deleted]);
});

test("Nobody is removed when the hub does not say whom it knows, as an older hub does not.", async () => {
  lab.hub.answerNext({ status: 200, body: ANSWER });
  await handler();
  expect(removals()).toEqual([]);
});

test("A run whose time is up reads no further page, posts nothing, and says which setting to raise.", async () => {
  const context = { functionName: "reconcile", getRemainingTimeInMillis: () => 0 };
  await expect(handler(null, context)).rejects.toThrow("Set reconcileMinutes to a larger number");
  expect(lab.hub.updates()).toEqual([]);
});
