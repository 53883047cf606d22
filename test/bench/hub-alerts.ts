/**
 * What the alerts add to the work of the hub: `applyBatch` on 20,000 agents with the default rules against none, in one process by
 * turns. Run it with `npm run bench:alerts`. It prints the median of each, and the ratio.
 */
import { CenterCore } from "../../core/center/center-core.ts";
import { DEFAULT_EXPIRY } from "../../core/state/expiry.ts";
import type { AlertRules } from "../../protocol/alert-rules.ts";
import { DEFAULT_ALERT_RULES } from "../../protocol/default-alert-rules.ts";
import type { Update } from "../../protocol/updates.ts";
import { MemoryStore } from "../core/memory-store.ts";
import { aContact, anAgentState, NOON } from "../support/updates.ts";

const AGENTS = 20_000;
const BATCH = 100;
const ROUNDS = 400;

function centerWith(rules: AlertRules): CenterCore {
  const store = new MemoryStore();
  store.saveRules(rules);
  const events = { rowChanged() {}, turnsAdded() {}, alertsChanged() {} };
  const settings = { times: DEFAULT_EXPIRY, timeZone: "UTC", formula: "removed" as const, historyDays: 0 };
  const core = new CenterCore(store.loadCenter("epoch"), store.stores, events, settings);
  for (let first = 0; first < AGENTS; first += BATCH) core.applyBatch(batchOf(first, NOON), new Set(), NOON);
  return core;
}

/** Every agent changes its status by turns: available, on a call, after call work, at lunch. */
function batchOf(first: number, at: number): Update[] {
  return Array.from({ length: BATCH }, (_, index) => {
    const number = (first + index) % AGENTS;
    const phase = (Math.floor((at - NOON) / 1000) + number) % 4;
    const contactId = `call-${number}-${Math.floor(at / 60_000)}`;
    const contacts =
      phase === 1 || phase === 2 ? [aContact({ contactId, state: phase === 1 ? "connected" : "ended", since: at })] : [];
    const status = {
      name: phase === 3 ? "Lunch" : "Available",
      kind: phase === 3 ? ("custom" as const) : ("routable" as const),
      since: at,
    };
    return anAgentState({ agentId: `agent-${number}`, occurredAt: at, status, contacts });
  });
}

function median(times: readonly number[]): number {
  return [...times].sort((a, b) => a - b)[Math.floor(times.length / 2)] ?? 0;
}

const centers = { off: centerWith({ rules: [] }), on: centerWith(DEFAULT_ALERT_RULES) };
const times = { off: [] as number[], on: [] as number[] };
for (let round = 1; round <= ROUNDS; round += 1) {
  const at = NOON + round * 250;
  const updates = batchOf(round * BATCH, at);
  for (const kind of round % 2 === 0 ? (["off", "on"] as const) : (["on", "off"] as const)) {
    const begun = performance.now();
    centers[kind].applyBatch(updates, new Set(), at);
    times[kind].push(performance.now() - begun);
  }
}
const [off, on] = [median(times.off), median(times.on)];
const begun = performance.now();
centers.on.alerts.advance(NOON + ROUNDS * 250 + 1000);
const advance = performance.now() - begun;
console.log(
  `${BATCH} updates at ${AGENTS} agents: ${off.toFixed(2)} ms without rules, ${on.toFixed(2)} ms with the default rules, ratio ${(on / off).toFixed(2)}. ` +
    `A look at due limits: ${advance.toFixed(2)} ms.`,
);
