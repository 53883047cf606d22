import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import type { AlertRaised } from "../../../protocol/alert-raised.ts";
import { raisedRuleId } from "../../../protocol/raised-rule-id.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";
import { MemoryStore } from "../memory-store.ts";

const MINUTE = 60_000;

function raised(fields: Partial<AlertRaised> = {}): AlertRaised {
  const none = { contactId: null, agentId: null, queueId: null };
  return { type: "alert.raised", ruleName: "Cliente enojado", severity: "warning", ...none, occurredAt: NOON, ...fields };
}

const emptyRules = { rules: [] };
const center = (store = new MemoryStore()) => new Center(DEFAULT_EXPIRY, store, undefined, emptyRules);
const lines = (of: Center, state: "firing" | "all" = "firing", groups: string[] | null = null) =>
  of.core.alerts.list(groups, state).map(({ rule, state: now }) => `${rule} ${now}`);

describe("An alert of Amazon Connect's own rules", () => {
  it("RAI-1 It fires with the event, is seen by the groups of its agent, and resolves after 15 min.", () => {
    const it = center();
    it.post(anAgentState({ contacts: [aContact()] }));
    it.post(raised({ agentId: "agent-1" }));
    expect(lines(it)).toEqual(["connect_cliente-enojado firing"]);
    expect(lines(it, "firing", ["Ventas"])).toHaveLength(1);
    expect(lines(it, "firing", ["Soporte"])).toHaveLength(0);
    expect(it.core.alerts.nextDeadline()).toBe(NOON + 15 * MINUTE);
    it.advanceTo(NOON + 15 * MINUTE);
    expect(lines(it, "all")).toEqual(["connect_cliente-enojado resolved"]);
    expect(it.core.alerts.nextDeadline()).toBeNull();
  });

  it("RAI-4 It goes with the groups of its subject, also when the event comes before the news of the contact.", () => {
    const it = center();
    it.post(raised({ contactId: "contact-1" }));
    expect(lines(it, "firing", ["Ventas"])).toHaveLength(0);
    it.post(anAgentState({ contacts: [aContact()] }));
    expect(lines(it, "firing", ["Ventas"])).toHaveLength(1);
    it.post(anAgentState({ contacts: [aContact()], groups: ["Soporte"], occurredAt: NOON + 1000 }));
    expect([lines(it, "firing", ["Ventas"]), lines(it, "firing", ["Soporte"])]).toEqual([[], ["connect_cliente-enojado firing"]]);
    it.post(anAgentState({ contacts: [], groups: ["Ventas"], occurredAt: NOON + 2000 }));
    expect(lines(it, "firing", ["Soporte"])).toHaveLength(1);
  });

  it("RAI-2 A repeated event, one that is over by now, and a second one about the same subject raise nothing anew.", () => {
    const it = center();
    expect(it.post(raised({ queueId: "q1" }))).toMatchObject({ accepted: 1, stale: 0 });
    expect(it.post(raised({ queueId: "q1" }))).toMatchObject({ accepted: 0, stale: 1 });
    expect(it.post(raised({ queueId: "q1", occurredAt: NOON + MINUTE }))).toMatchObject({ accepted: 1 });
    expect(it.post(raised({ queueId: "q1", occurredAt: NOON + MINUTE }))).toMatchObject({ accepted: 0, stale: 1 });
    expect(it.post(raised({ queueId: "q2", occurredAt: NOON - 15 * MINUTE }))).toMatchObject({ accepted: 0, stale: 1 });
    expect(lines(it, "all")).toHaveLength(1);
    expect(it.post(raised({ queueId: "q2" }))).toMatchObject({ accepted: 1 });
    expect(lines(it)).toHaveLength(2);
  });

  it("RAI-3 It is acknowledged by name, and outlives a restart.", () => {
    const store = new MemoryStore();
    const before = center(store);
    before.post(raised({ contactId: "c1", agentId: "agent-1" }));
    const [alert] = before.core.alerts.list(null, "firing");
    expect(before.core.alerts.acknowledge(alert?.alertId ?? "", "Eva", null, NOON)).toMatchObject({ acknowledgedBy: "Eva" });
    const after = center(store);
    expect(after.core.alerts.list(null, "firing")).toMatchObject([{ acknowledgedBy: "Eva", subject: { contactId: "c1" } }]);
    after.advanceTo(NOON + 16 * MINUTE);
    expect(after.core.alerts.list(null, "all")).toMatchObject([{ state: "resolved", resolvedAt: NOON + 15 * MINUTE }]);
  });

  it("RAI-1 The id of its rule has letters, digits and hyphens after connect_, whatever the name is.", () => {
    expect(raisedRuleId("QUEUE_WAIT_TOO_LONG")).toBe("connect_queue-wait-too-long");
    expect(raisedRuleId("Atención: español")).toBe("connect_atencion-espanol");
    expect(raisedRuleId("規則")).toBe("connect_rule");
    expect(raisedRuleId("x".repeat(200))).toHaveLength(64);
  });
});
