import * as v from "valibot";
import { createHubClient } from "../../aws-ingest/clients/hub.ts";
import { keyRing } from "../../aws-ingest/clients/secrets.ts";
import { readHubSettings } from "../../aws-ingest/runtime/settings.ts";
import { hireAgents } from "../simulator/staff.ts";

const ticketSchema = v.object({ ticket: v.string() });
const listSchema = v.object({ data: v.array(v.object({ agentId: v.string() })) });

/**
 * Removes every agent from the board who is not one of the first `agents`. The hub keeps its state, so an earlier start with
 * more agents may have left some. Agents that other senders posted for the same instance are removed too.
 */
export async function removeFormerStaff(hubUrl: string, instanceId: string, agents: number): Promise<void> {
  const staff = new Set(hireAgents(agents).map(({ id }) => id));
  const former = (await agentsOnBoard(`${hubUrl}/v1/instances/${instanceId}`)).filter((agentId) => !staff.has(agentId));
  if (former.length === 0) return;
  const settings = readHubSettings(process.env);
  const hub = createHubClient({ hubUrl, instanceId, keys: keyRing(settings.hubSecretId) });
  const occurredAt = Date.now();
  await hub.post(former.map((agentId) => ({ type: "agent.removed", agentId, occurredAt })));
}

async function agentsOnBoard(base: string): Promise<string[]> {
  const { ticket } = v.parse(ticketSchema, await (await fetch(`${base}/tickets`, { method: "POST" })).json());
  const answer = await fetch(`${base}/agents`, { headers: { authorization: `Bearer ${ticket}` } });
  return v.parse(listSchema, await answer.json()).data.map(({ agentId }) => agentId);
}
