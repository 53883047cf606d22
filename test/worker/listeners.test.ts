import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { parseUpdates } from "../../protocol/updates.ts";
import { ContactCenter } from "../../worker/index.ts";
import { storedReplay } from "./replay/stored-log.ts";
import { center, freshInstance, post, posted } from "./support.ts";
import { agentState, onCall } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

const listensTo = (contactId: string, since: number) => ({
  ...agentState("boss", { name: "Rosa" }),
  monitoring: [{ contactId: "ear-1", initialContactId: contactId, since }],
});

it("ROS-26 A viewer of hub.v1 sees who listens, and a legacy viewer does not.", async () => {
  const instance = freshInstance();
  const viewer = await TestViewer.open(instance);
  const legacy = await TestViewer.open(instance, { legacy: true });
  const since = Date.now() - 1000;
  await posted(instance, onCall("a1", "c1"), listensTo("c1", since));
  await viewer.until(({ agents }) => agents.get("a1")?.listening?.length === 1);
  expect(viewer.agents.get("a1")?.listening).toEqual([{ agentId: "boss", name: "Rosa", since }]);
  await legacy.until(({ frames }) => JSON.stringify(frames).includes("a1"));
  expect(JSON.stringify(legacy.frames)).not.toMatch(/listening|contactCount/);
  viewer.close();
  legacy.close();
});

it("ROS-27 A hub with SHOW_LISTENERS=false neither stores nor sends who listens, old or new.", async () => {
  const instance = freshInstance();
  await posted(instance, onCall("a1", "c1"), listensTo("c1", Date.now() - 1000));
  await runInDurableObject(center(instance), async (_, state) => {
    const stored = () => JSON.stringify([...state.storage.sql.exec("SELECT * FROM agents")]);
    expect(stored()).toContain("ear-1");
    expect(stored()).toContain('\\"listening\\":[{');
    const quiet = new ContactCenter(state, { ...env, SHOW_LISTENERS: "false" });
    expect(stored()).not.toContain("ear-1");
    expect(stored()).not.toContain('\\"listening\\":[{');
    const later = [{ ...listensTo("c1", Date.now()), occurredAt: Date.now() + 1000 }];
    const parsed = parseUpdates(JSON.stringify({ updates: later }), Date.now());
    if (!parsed.ok) throw new Error(parsed.message);
    expect(quiet.ingest("post-2", parsed.updates, 0)).toMatchObject({ accepted: 1 });
    expect(stored()).not.toContain("ear-1");
    const body = (await quiet.poll(null, "ana", null, null))?.body ?? "";
    expect(JSON.parse(body).data).toMatchObject([{ agentId: "a1", listening: [] }, { agentId: "boss" }]);
  });
});

it("ROS-27 The past that an earlier deployment logged with listeners goes when the hub may not know them.", async () => {
  const instance = freshInstance();
  await posted(instance, onCall("a1", "c1"), listensTo("c1", Date.now() - 1000));
  await runInDurableObject(center(instance), async (_, state) => {
    await expect.poll(() => storedReplay(state)).toContain('"listening":[{');
    new ContactCenter(state, { ...env, SHOW_LISTENERS: "false" });
    expect(await storedReplay(state)).toBe("");
  });
});

it("DAT-4 The erasure of a supervisor leaves nothing of her at the agents to whom she listens.", async () => {
  const instance = freshInstance();
  await posted(instance, onCall("a1", "c1"), listensTo("c1", Date.now() - 1000));
  const answer = await post(instance, null, { path: "erasures", body: JSON.stringify({ agentId: "boss" }) });
  expect(answer.status).toBe(200);
  const viewer = await TestViewer.open(instance);
  await viewer.until(({ agents }) => agents.has("a1"));
  expect(viewer.agents.get("a1")).toMatchObject({ listening: [], status: "on a call" });
  await runInDurableObject(center(instance), (_, state) => {
    expect(JSON.stringify([...state.storage.sql.exec("SELECT * FROM agents")])).not.toMatch(/Rosa|boss/);
  });
  viewer.close();
});
