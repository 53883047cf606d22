import {
  ConnectClient,
  DismissUserContactCommand,
  MonitorContactCommand,
  PutUserStatusCommand,
  paginateListAgentStatuses,
  paginateSearchUsers,
  StopContactCommand,
} from "@aws-sdk/client-connect";

/** The hub waits ten seconds for the whole action. */
const REQUEST_TIMEOUT_MS = 4_000;
/** Looking up is safe to repeat. */
const READ_ATTEMPTS = 3;

/** A user of Amazon Connect: name and id. */
export interface NamedUser {
  username: string;
  userId: string;
}

export interface ConnectActions {
  /** Returns the statuses of the instance: name and id. */
  statuses(): Promise<{ name: string; id: string }[]>;
  /** Returns the users with exactly these names, whatever their case. */
  usersNamed(usernames: readonly string[]): Promise<NamedUser[]>;
  putUserStatus(userId: string, statusId: string): Promise<void>;
  dismissContact(userId: string, contactId: string): Promise<void>;
  /**
   * Lets a contact ring in the supervisor's control panel.
   * @param token the same token again is the same contact
   */
  monitorContact(supervisorId: string, contactId: string, mayBarge: boolean, token: string): Promise<void>;
  stopContact(contactId: string): Promise<void>;
  close(): void;
}

/**
 * Opens Amazon Connect for actions in one instance. The methods that change something send one request and never repeat it: a lost
 * answer does not say that nothing was done.
 * @param timeUp when it aborts, no request goes on
 * @throws the SDK's errors
 */
export function openConnectActions(instanceId: string, timeUp: AbortSignal): ConnectActions {
  const requestHandler = { requestTimeout: REQUEST_TIMEOUT_MS, throwOnRequestTimeout: true };
  const reader = new ConnectClient({ maxAttempts: READ_ATTEMPTS, requestHandler });
  const client = new ConnectClient({ maxAttempts: 1, requestHandler });
  const abort = { abortSignal: timeUp };
  return {
    async statuses() {
      const found: { name: string; id: string }[] = [];
      const pages = paginateListAgentStatuses({ client: reader }, { InstanceId: instanceId, MaxResults: 1000 }, abort);
      for await (const { AgentStatusSummaryList = [] } of pages)
        for (const { Id, Name } of AgentStatusSummaryList) if (Id && Name) found.push({ name: Name, id: Id });
      return found;
    },
    async usersNamed(usernames) {
      const conditions = usernames.map((Value) => ({
        StringCondition: { FieldName: "Username", Value, ComparisonType: "EXACT" as const },
      }));
      const request = { InstanceId: instanceId, SearchCriteria: { OrConditions: conditions } };
      const found: NamedUser[] = [];
      for await (const { Users = [] } of paginateSearchUsers({ client: reader }, request, abort))
        for (const { Id, Username } of Users) if (Id && Username) found.push({ username: Username, userId: Id });
      return found;
    },
    async putUserStatus(userId, statusId) {
      await client.send(new PutUserStatusCommand({ InstanceId: instanceId, UserId: userId, AgentStatusId: statusId }), abort);
    },
    async dismissContact(userId, contactId) {
      await client.send(new DismissUserContactCommand({ InstanceId: instanceId, UserId: userId, ContactId: contactId }), abort);
    },
    async monitorContact(supervisorId, contactId, mayBarge, token) {
      const command = new MonitorContactCommand({
        InstanceId: instanceId,
        ContactId: contactId,
        UserId: supervisorId,
        AllowedMonitorCapabilities: mayBarge ? ["SILENT_MONITOR", "BARGE"] : ["SILENT_MONITOR"],
        ClientToken: token,
      });
      await client.send(command, abort);
    },
    async stopContact(contactId) {
      await client.send(new StopContactCommand({ InstanceId: instanceId, ContactId: contactId }), abort);
    },
    close() {
      reader.destroy();
      client.destroy();
    },
  };
}
