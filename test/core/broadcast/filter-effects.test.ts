import { expect, it, vi } from "vitest";
import { AGENTS } from "../../../core/state/agent-row.ts";
import { anAgentState, NOON } from "../../support/updates.ts";
import { Center, type TestPort } from "../center.ts";

const AGENT_COUNT = 500;
const changed = (index: number, round: number) =>
  anAgentState({ agentId: `agent-${index}`, name: `Round ${round}`, groups: ["Ventas"], occurredAt: NOON + round });

function joinAll(center: Center, filterOf: (index: number) => string[]): TestPort[] {
  return Array.from({ length: 1000 }, (_, index) => center.join(`v${index}`, { groupFilter: filterOf(index) }));
}

it("VIS-5 1,000 filters that differ by groups of no agent cost one text of each row, and frames are made as they are sent.", () => {
  const center = new Center();
  for (let index = 0; index < AGENT_COUNT; index += 1) center.post(changed(index, 0));
  center.flush();
  const wholes = vi.spyOn(AGENTS, "toWire");
  const ports = joinAll(center, (index) => ["Ventas", `Directory ${index}`]);
  // One list for all, although each viewer has a filter of its own.
  expect(wholes).toHaveBeenCalledTimes(AGENT_COUNT);
  for (const port of ports) port.newFrames();
  const patches = vi.spyOn(AGENTS, "toPatch");
  const grouped = vi.spyOn(AGENTS, "groupsOf");
  for (let index = 0; index < AGENT_COUNT; index += 1) center.post(changed(index, 1));
  grouped.mockClear();
  center.flush();
  const served = () => ports.filter((port) => port.texts.length > 0).length;
  expect(served()).toBeLessThanOrEqual(16);
  while (center.broadcaster.isFanningOut) center.broadcaster.takeStep(center.now);
  expect(served()).toBe(1000);
  expect(patches).toHaveBeenCalledTimes(AGENT_COUNT);
  // No filter looks at the agents one by one.
  expect(grouped).not.toHaveBeenCalled();
  const [first, last] = [ports[0], ports.at(-1)].map((port) => port?.newFrames()[0]);
  expect(first?.data).toHaveLength(AGENT_COUNT);
  expect({ ...last, epoch: "" }).toEqual({ ...first, epoch: "" });
  expect(last?.epoch).not.toBe(first?.epoch);
});

it("VIS-5 A group that an agent gets later counts from then on, for lists, resumes and changes.", () => {
  const center = new Center();
  center.post(changed(0, 0));
  center.flush();
  const [wide, narrow] = [
    center.join("wide", { groupFilter: ["Ventas", "Norte"] }),
    center.join("narrow", { groupFilter: ["Ventas"] }),
  ];
  const at = { epoch: wide.newFrames()[0]?.epoch ?? "", seq: 1 };
  narrow.newFrames();
  center.post(anAgentState({ agentId: "agent-1", groups: ["Norte"] }));
  center.flush();
  expect(wide.newFrames()).toMatchObject(
    [{ from: 0, to: 2, data: [{ agentId: "agent-1" }] }].map(({ data, to }) => ({ data, to })),
  );
  expect(narrow.texts).toEqual([]);
  expect(center.join("later", { groupFilter: ["Norte", "Ventas"] }).newFrames()[0]?.data).toHaveLength(2);
  expect(center.join("again", { groupFilter: ["Ventas", "Norte"], at }).newFrames()).toMatchObject([
    { type: "resumed", from: 1, data: [{ agentId: "agent-1" }] },
  ]);
  expect(center.join("other", { groupFilter: ["Ventas"] }).newFrames()[0]?.data).toHaveLength(1);
});

it("FLU-9 A flush of more rows than a step holds is written and sent in steps.", () => {
  const center = new Center();
  for (let index = 0; index < 4 * AGENT_COUNT; index += 1) center.post(changed(index, 0));
  center.flush();
  const port = center.join("v");
  while (center.broadcaster.nextStepAt(center.now) === center.now) center.broadcaster.takeStep(center.now);
  port.newFrames();
  for (let index = 0; index < 4 * AGENT_COUNT; index += 1) center.post(changed(index, 1));
  const patches = vi.spyOn(AGENTS, "toPatch");
  center.flush();
  expect(patches).toHaveBeenCalledTimes(AGENT_COUNT);
  expect(port.texts).toEqual([]);
  let steps = 1;
  for (; center.broadcaster.isFanningOut; steps += 1) center.broadcaster.takeStep(center.now);
  expect(steps).toBeGreaterThanOrEqual(4);
  expect(port.newFrames()).toMatchObject([{ type: "agentStatusBatch", data: { length: 4 * AGENT_COUNT } }]);
});
