import * as v from "valibot";
import { createHubClient } from "../../aws-ingest/clients/hub.ts";
import { keyRing } from "../../aws-ingest/clients/secrets.ts";
import { readHubSettings } from "../../aws-ingest/runtime/settings.ts";
import { hireAgents } from "../simulator/staff.ts";

const ticketSchema = v.object({ ticket: v.string() });
const listSchema = v.object({ data: v.array(v.object({ agentId: v.string() })) });

/**
 * Takes everybody off the board who is none of the first `agents` of the house: a start before this one had more of them, and
 * the hub keeps its state. Other people's agents on the same hub and instance go too, as in a directory that is the truth.
 */
export async function removeFormerStaff(hubUrl: string, instanceId: string, agents: number): Promise<void> {
  const staff = new Set(hireAgents(agents).map(({ id }) => id));
  const strangers = (await agentsOnBoard(`${hubUrl}/v1/instances/${instanceId}`)).filter((agentId) => !staff.has(agentId));
  if (strangers.length === 0) return;
  const settings = readHubSettings(process.env);
  const hub = createHubClient({ hubUrl, instanceId, keys: keyRing(settings.hubSecretId) });
  const occurredAt = Date.now();
  await hub.post(strangers.map((agentId) => ({ type: "agent.removed", agentId, occurredAt })));
}

async function agentsOnBoard(base: string): Promise<string[]> {
  const { ticket } = v.parse(ticketSchema, await (await fetch(`${base}/tickets`, { method: "POST" })).json());
  const answer = await fetch(`${base}/agents`, { headers: { authorization: `Bearer ${ticket}` } });
  return v.parse(listSchema, await answer.json()).data.map(({ agentId }) => agentId);
}
