// `npm run bench:wallboard -- [--minutes 10] [--agents 300] [--speed 6]`: shows the built wallboard in Chromium while a center changes
// faster than a real one, ends its connection every two minutes, and prints the memory of the page after a collection.
// Exit code 1: the page still grew after the warm-up. `npm run build` first. docs/load.md has the figures.
import { parseArgs } from "node:util";
import { sampleQueues } from "../../dashboard/board/stories/sample-queues.ts";
import { fakeAgent, fakeAlert } from "../../dashboard/client/testing.ts";
import type { AgentStatus } from "../../protocol/agent.ts";
import { FakeHub } from "../browser/fake-hub.ts";
import { launchBrowser } from "./board/browser.ts";
import { pause } from "./measure/processes.ts";
import { growthPerHour } from "./soak/memory-curve.ts";

const MIB = 2 ** 20;
/** A center of 300 agents has some ten changes a second. */
const CHANGES_PER_SECOND = 10;
const TICK_MS = 100;
const SAMPLE_SECONDS = 15;
const OUTAGE_SECONDS = 120;
/** The heap needs a while to find its height: code is compiled, and each agent has been shown once. */
const WARM_UP_SHARE = 0.3;
/** Less than this in an hour of real updates is not told from the noise of the collector. A week of it would be 170 MiB. */
const FLAT_MIB_PER_HOUR = 1;
const STATUSES: readonly AgentStatus[] = [
  "available",
  "on a call",
  "on hold",
  "after call work",
  "away",
  "ringing",
  "missed",
  "error",
];

const { values } = parseArgs({
  options: {
    minutes: { type: "string", default: "10" },
    agents: { type: "string", default: "300" },
    speed: { type: "string", default: "6" },
  },
});
const [minutes, agents, speed] = [Number(values.minutes), Number(values.agents), Number(values.speed)];

const hub = new FakeHub();
hub.changeQueues(...sampleQueues(Date.now()));
hub.changeAgents(
  ...Array.from({ length: agents }, (_, index) => ({
    ...fakeAgent({ agentId: `agent-${index}`, name: `Agent ${index}`, since: Date.now(), routingProfile: "Perfil básico" }),
    groups: ["México", `Team ${index % 6}`],
  })),
);
await hub.start();
const browser = await launchBrowser();
const page = await browser.newPage({ viewport: { width: 1920, height: 1080 } });
const errors: string[] = [];
page.on("pageerror", (error) => errors.push(error.message));
await page.goto(`${hub.url}/?tv=1&lang=en`);
await page.locator(".vg-pill[data-state=live]").waitFor();
const devtools = await page.context().newCDPSession(page);

let change = 0;
function changeSomething(): void {
  const now = Date.now();
  const agentsOfTick = Array.from({ length: Math.round((CHANGES_PER_SECOND * speed * TICK_MS) / 1000) }, () => {
    change += 1;
    return { agentId: `agent-${(change * 7) % agents}`, status: STATUSES[change % STATUSES.length] ?? "available", since: now };
  });
  hub.changeAgents(...agentsOfTick);
  const index = change % 40;
  const state = change % 3 === 0 ? "resolved" : "firing";
  const severity = index % 4 === 0 ? "critical" : "warning";
  const fields = { groups: ["México"], since: now, value: 200, limit: 180, resolvedAt: state === "resolved" ? now : null };
  hub.changeAlerts(
    fakeAlert({
      alertId: `alert-${index}`,
      rule: "hold-long",
      subject: { agentId: `agent-${index}` },
      severity,
      state,
      ...fields,
    }),
  );
  for (const queue of sampleQueues(now)) hub.changeQueues({ ...queue, waiting: (change + queue.name.length) % 9 });
}
const timer = setInterval(changeSomething, TICK_MS);

/** The heap of the page in MiB after a collection, its elements and its listeners. */
async function memoryOfPage(): Promise<{ heap: number; nodes: number; listeners: number }> {
  await devtools.send("HeapProfiler.collectGarbage");
  const { usedSize } = await devtools.send("Runtime.getHeapUsage");
  const { nodes, jsEventListeners } = await devtools.send("Memory.getDOMCounters");
  return { heap: usedSize / MIB, nodes, listeners: jsEventListeners };
}

const points: [number, number][] = [];
const startedAt = Date.now();
let outages = 0;
console.log("minute  heap MiB  nodes  listeners");
while (Date.now() - startedAt < minutes * 60_000) {
  await pause(SAMPLE_SECONDS * 1000);
  const minute = (Date.now() - startedAt) / 60_000;
  if (minute * 60 > (outages + 1) * OUTAGE_SECONDS) {
    outages += 1;
    await hub.stop();
    await hub.start();
    await page.locator(".vg-pill[data-state=live]").waitFor();
  }
  const { heap, nodes, listeners } = await memoryOfPage();
  points.push([minute, heap]);
  console.log(
    `${minute.toFixed(1).padStart(6)}  ${heap.toFixed(2).padStart(8)}  ${String(nodes).padStart(5)}  ${String(listeners).padStart(9)}`,
  );
}
clearInterval(timer);
await browser.close();
await hub.stop();

const growth = growthPerHour({ name: "wallboard", points }, minutes * WARM_UP_SHARE);
const perRealHour = growth === null ? null : growth / speed;
const words = perRealHour === null ? "too few points" : `${perRealHour.toFixed(2)} MiB in an hour of real updates`;
console.log(`${change.toLocaleString("en")} changes of agents, ${outages} outages. Growth after the warm-up: ${words}.`);
for (const error of errors) console.log(`Error on the page: ${error}`);
process.exitCode = errors.length > 0 || perRealHour === null || perRealHour > FLAT_MIB_PER_HOUR ? 1 : 0;
