import { describe, expect, it } from "vitest";
import { DEFAULT_EXPIRY } from "../../../core/state/expiry.ts";
import { DEFAULT_ALERT_RULES } from "../../../protocol/default-alert-rules.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";
import { MemoryStore } from "../memory-store.ts";
import { aQueueContact, aQueueSnapshot, queueFigures } from "../queues/queue-center.ts";

const SECOND = 1000;
const serving = aQueueSnapshot([queueFigures()], { profiles: [{ name: "Basic Routing Profile", queues: ["q1"] }] });

function centerWithQueue(): Center {
  const center = new Center(DEFAULT_EXPIRY, new MemoryStore(), undefined, DEFAULT_ALERT_RULES);
  center.post(anAgentState({ status: { name: "Almuerzo", kind: "custom", since: NOON } }), serving);
  return center;
}

/** The alerts about queues as short lines, those that fire. */
function lines(center: Center): string[] {
  return center.core.alerts
    .list(null, "firing")
    .filter(({ subject }) => typeof subject === "object" && "queueId" in subject)
    .map(({ rule, severity, groups }) => `${rule} ${severity} ${groups.join()}`)
    .sort();
}

describe("An alert about a queue", () => {
  it("ALR-1 fires when a contact waits too long or nobody could take it, and has the groups of those who serve the queue.", () => {
    const center = centerWithQueue();
    center.post(aQueueContact());
    expect(center.core.alerts.nextDeadline()).toBe(NOON + 30 * SECOND);
    center.advanceTo(NOON + 61 * SECOND);
    expect(lines(center)).toEqual(["queue-oldest warning Ventas", "queue-unattended warning Ventas"]);
  });

  it("ALR-1 resolves when the contact is answered.", () => {
    const center = centerWithQueue();
    center.post(aQueueContact());
    center.advanceTo(NOON + 61 * SECOND);
    center.now = NOON + 62 * SECOND;
    center.post(aQueueContact({ connectedAt: center.now }));
    expect(lines(center)).toEqual([]);
  });

  it("ALR-1 goes on after a restart.", () => {
    const center = centerWithQueue();
    center.post(aQueueContact());
    center.advanceTo(NOON + 61 * SECOND);
    center.now = NOON + 120 * SECOND;
    center.post(aQueueSnapshot([queueFigures({ waiting: 1, oldestSeconds: 120 })], { takenAt: center.now }));
    center.restart();
    expect(lines(center)).toEqual(["queue-oldest warning Ventas", "queue-unattended critical Ventas"]);
    center.advanceTo(NOON + 181 * SECOND);
    expect(lines(center)).toContain("queue-oldest critical Ventas");
  });
});
