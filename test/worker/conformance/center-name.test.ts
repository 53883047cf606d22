import { expect, it } from "vitest";
import { call, freshInstance, posted, ticket } from "../support.ts";
import { agentState } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

const NAMED = "named-1";

it("CEN-1 A viewer learns the name and the time zone of its center in a whole list, in a resume and in a poll.", async () => {
  await posted(NAMED, agentState("a1"));
  const expected = { name: "Ventas México", timeZone: "UTC", recordingRole: "supervisor" };
  for (const subject of ["first", "second"]) {
    const viewer = await TestViewer.open(NAMED, { subject });
    await viewer.until((v) => v.frames.length === 1);
    const { epoch, seq, center } = viewer.last("initialAgentList");
    expect(center).toEqual(expected);
    const back = await TestViewer.open(NAMED, { subject, position: { epoch: String(epoch), seq: Number(seq) } });
    await back.until((v) => v.frames.length === 1);
    expect(back.last("resumed")["center"]).toEqual(expected);
  }
  const answer = await call(`/v1/instances/${NAMED}/agents`, { headers: { Authorization: `Bearer ${await ticket(NAMED)}` } });
  expect(await answer.json()).toMatchObject({ center: expected });
});

it("CEN-1 A center without a name says so, and legacy viewers are told nothing.", async () => {
  const instance = freshInstance();
  await posted(instance, agentState("a1"));
  const viewer = await TestViewer.open(instance);
  await viewer.until((v) => v.frames.length === 1);
  expect(viewer.last("initialAgentList")["center"]).toEqual({ name: null, timeZone: "UTC", recordingRole: "supervisor" });
  const legacy = await TestViewer.open(instance, { legacy: true, subject: "legacy" });
  await legacy.until((v) => v.frames.length === 1);
  expect(legacy.last("initialAgentList")).not.toHaveProperty("center");
});

it("CEN-2 What everybody may ask names no contact center.", async () => {
  for (const path of [`/v1/config?instance=${NAMED}`, "/v1/config", "/readyz", `/v1/instances/${NAMED}/agents`])
    expect(await (await call(path)).text()).not.toContain("Ventas");
});
