import { useState } from "react";
import { useAgentClient } from "../../../react/provider.tsx";

export interface Acknowledging {
  /** Ids of the alerts that wait for the hub's answer. */
  pending: ReadonlySet<string>;
  /** The hub's word for each refused acknowledgement, by the alert's id. */
  refusals: ReadonlyMap<string, string>;
  acknowledge: (alertIds: readonly string[]) => void;
}

/** Acknowledges alerts for everybody, and keeps what the hub has refused. */
export function useAcknowledging(): Acknowledging {
  const client = useAgentClient();
  const [pending, setPending] = useState<ReadonlySet<string>>(new Set());
  const [refusals, setRefusals] = useState<ReadonlyMap<string, string>>(new Map());
  const acknowledgeOne = async (alertId: string) => {
    const { status, error } = await client.acknowledge(alertId);
    setPending((before) => new Set([...before].filter((id) => id !== alertId)));
    if (status === "refused") setRefusals((before) => new Map(before).set(alertId, error ?? "other"));
  };
  const acknowledge = (alertIds: readonly string[]) => {
    setPending((before) => new Set([...before, ...alertIds]));
    setRefusals((before) => new Map([...before].filter(([id]) => !alertIds.includes(id))));
    for (const alertId of alertIds) void acknowledgeOne(alertId);
  };
  return { pending, refusals, acknowledge };
}
