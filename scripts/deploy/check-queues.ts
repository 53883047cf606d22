import { type ConnectClient, paginateListQueues } from "@aws-sdk/client-connect";
import type { Deployment } from "../../infra/settings-file.ts";
import { attention, type Finding, ok } from "./preflight-report.ts";

/**
 * Compares the targets of the settings with the queues of the instance, because a misspelt name would silently leave a queue with the
 * default. Without names there is nothing to compare, and nobody is asked.
 */
export async function checkQueues(connect: ConnectClient, { instance, settings }: Deployment): Promise<Finding[]> {
  const named = Object.keys(settings.serviceLevelSeconds).filter((key) => key !== "*");
  if (named.length === 0) return [];
  const known = new Set<string>();
  for await (const page of paginateListQueues({ client: connect }, { InstanceId: instance.id, QueueTypes: ["STANDARD"] })) {
    for (const { Id, Name } of page.QueueSummaryList ?? []) known.add(Id ?? "").add(Name ?? "");
  }
  const strangers = named.filter((key) => !known.has(key));
  if (strangers.length === 0) return [ok("serviceLevelSeconds names queues that the instance has.")];
  const list = strangers.map((key) => `"${key}"`).join(", ");
  return [
    attention(
      `serviceLevelSeconds names ${list}, and the instance has no such queue.`,
      "Correct the name, or use the id. Names are compared letter by letter.",
    ),
  ];
}
