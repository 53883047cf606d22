import { ConnectClient, ListQueuesCommand, ListUserHierarchyGroupsCommand } from "@aws-sdk/client-connect";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { handler } from "../../../aws-ingest/handlers/reconcile.ts";
import { type LocalConnect, startConnect } from "../../../local/aws/connect.ts";
import type { ConnectRoster } from "../../../local/aws/connect-roster.ts";
import { ServiceError } from "../../../local/aws/service.ts";
import { emittedMetrics } from "../../support/emitted-metrics.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { readerLab } from "../../support/reader-lab.ts";

const SINCE = 1_714_363_200_000;
const CALL = {
  contactId: "c-1",
  channel: "VOICE" as const,
  initiationMethod: "INBOUND",
  state: "CONNECTED" as const,
  since: SINCE,
  connectedAt: SINCE,
  queueId: "queue-1",
};

/** A contact center with one signed-in agent. */
function roster(contacts: (typeof CALL)[], hierarchyGroupId: string | null): ConnectRoster {
  return {
    instanceId: INSTANCE,
    statuses: [{ id: "available", name: "Available", type: "ROUTABLE" }],
    routingProfiles: [{ id: "profile-1", name: "Basic" }],
    queues: [{ id: "queue-1", name: "Cobranza" }],
    hierarchyGroups: [{ id: "team", name: "Equipo 7", parentId: null }],
    users: [
      {
        id: "agent-1",
        username: "ana",
        firstName: "Ana",
        lastName: "Paz",
        routingProfileId: "profile-1",
        presence: { statusId: "available", since: SINCE, contacts },
        ...(hierarchyGroupId !== null && { hierarchyGroupId }),
      },
    ],
  };
}

let connect: LocalConnect;
const lab = readerLab(async () => {
  connect = await startConnect({ roster: roster([], null), requestsPerSecond: 1000, burst: 1000 });
  return { env: { AWS_ENDPOINT_URL_CONNECT: connect.url }, close: () => connect.close() };
});
/** The commands that the function sent, by name. */
let sent: string[];
/** The name of a command that Amazon Connect refuses. */
let refused: string | null;
beforeEach(() => {
  sent = [];
  refused = null;
  const send = ConnectClient.prototype.send;
  vi.spyOn(ConnectClient.prototype, "send").mockImplementation(function (this: ConnectClient, command, ...rest) {
    sent.push(command.constructor.name);
    if (command.constructor.name === refused) return Promise.reject(new ServiceError(403, "AccessDeniedException", "no"));
    return Reflect.apply(send, this, [command, ...rest]);
  });
});
afterEach(() => {
  vi.restoreAllMocks();
  lab.hub.clearOrders();
});

describe("The reconciliation", () => {
  test("posts the list without the names of queues when Amazon Connect does not return them.", async () => {
    connect.roster = roster([CALL], null);
    refused = ListQueuesCommand.name;
    expect(await handler()).toEqual({ agents: 1, complete: true });
    expect(lab.hub.updates()).toMatchObject([{ agents: [{ name: "Ana Paz", contacts: [{ contactId: "c-1", queue: null }] }] }]);
  });

  test("posts no list without the names of groups, because groups decide who sees an agent.", async () => {
    connect.roster = roster([], "team");
    refused = ListUserHierarchyGroupsCommand.name;
    await expect(handler()).rejects.toThrow("no");
    expect(lab.hub.updates()).toEqual([]);
  });

  test("asks for queues and groups only when an agent has one.", async () => {
    connect.roster = roster([], null);
    await handler();
    expect(sent).not.toContain(ListQueuesCommand.name);
    expect(sent).not.toContain(ListUserHierarchyGroupsCommand.name);
    connect.roster = roster([CALL], "team");
    await handler();
    expect(sent).toContain(ListQueuesCommand.name);
    expect(lab.hub.updates().at(-1)).toMatchObject({ agents: [{ groups: ["Equipo 7"], contacts: [{ queue: "Cobranza" }] }] });
  });

  test.each([
    ["for now", [{ status: 401 }, { status: 401 }]],
    ["for good", [{ status: 413 }]],
  ])("fails and counts the refusal when the hub refuses the list %s, and closes its client.", async (_name, answers) => {
    const close = vi.spyOn(ConnectClient.prototype, "destroy");
    lab.hub.answerNext(...answers);
    const metrics = await emittedMetrics(() => expect(handler()).rejects.toThrow("The hub refused the list"));
    expect(metrics).toEqual({ PostsRefused: 1 });
    expect(close).toHaveBeenCalledTimes(1);
  });

  test("counts the list that the hub accepts.", async () => {
    expect(await emittedMetrics(() => handler())).toEqual({ PostsAccepted: 1 });
  });
});
