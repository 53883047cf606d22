import { expect, it } from "vitest";
import { freshInstance, post, posted } from "../support.ts";
import { agentState } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

it("DAT-4 A viewer at the hub or at a relay loses an erased agent: it gets a new list, or is sent away to start anew.", async () => {
  const instance = freshInstance();
  await posted(instance, agentState("ana"), agentState("luis"));
  const viewer = await TestViewer.open(instance);
  await viewer.until(({ agents }) => agents.has("ana") && agents.has("luis"), "both agents");
  const position = { epoch: viewer.epoch, seq: viewer.seq };
  const erasure = await post(instance, null, { path: "erasures", body: JSON.stringify({ agentId: "ana" }) });
  expect(await erasure.json()).toEqual({ rows: 2 }); // The agent, and its hour of the day.
  await viewer.until(({ agents, closed }) => closed !== null || !agents.has("ana"), "the end of ana");
  const again = await TestViewer.open(instance, { position });
  await again.until(({ agents }) => agents.has("luis"), "luis");
  expect(again.agents.has("ana")).toBe(false);
});
