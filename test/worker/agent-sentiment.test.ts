import { runInDurableObject } from "cloudflare:test";
import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { parseUpdates } from "../../protocol/updates.ts";
import { ContactCenter } from "../../worker/index.ts";
import { storedReplay } from "./replay/stored-log.ts";
import { center, freshInstance, posted } from "./support.ts";
import { agentState, onCall, sentiment, turn } from "./updates.ts";

/** A score that stands nowhere else in the test's storage and frames. */
const AGENTS_OWN = { score: -4.3, quarters: [-4.3, null, null, null], recent: -4.3 };
const UNKNOWN = { score: null, quarters: [null, null, null, null], recent: null };

it("SEN-6 A hub that does not show the agents' sentiment neither stores nor sends any of it, old or new.", async () => {
  const instance = freshInstance();
  const said = [onCall("a1", "c1"), sentiment("c1", 2.5, { agent: AGENTS_OWN })];
  await posted(instance, ...said, turn("c1", "t1", { role: "agent", sentiment: "mixed" }));
  await runInDurableObject(center(instance), async (_, state) => {
    const stored = () =>
      JSON.stringify([
        ...state.storage.sql.exec("SELECT * FROM contacts"),
        ...state.storage.sql.exec("SELECT * FROM agents"),
        ...state.storage.sql.exec("SELECT * FROM turns"),
      ]);
    expect([stored().includes("-4.3"), stored().includes("mixed")]).toEqual([true, true]);
    const quiet = new ContactCenter(state, { ...env, SHOW_AGENT_SENTIMENT: "false" });
    expect(stored()).not.toMatch(/-4\.3|mixed/);
    const later = [
      sentiment("c1", 3.5, { agent: AGENTS_OWN, occurredAt: Date.now() + 1000 }),
      turn("c1", "t2", { role: "agent", sentiment: "mixed" }),
    ];
    const parsed = parseUpdates(JSON.stringify({ updates: later }), Date.now());
    if (!parsed.ok) throw new Error(parsed.message);
    expect(quiet.ingest("post-2", parsed.updates, 0)).toMatchObject({ accepted: 2 });
    expect(stored()).not.toMatch(/-4\.3|mixed/);
    const body = (await quiet.poll(null, "ana", null, null))?.body ?? "";
    expect(JSON.parse(body).data).toMatchObject([
      { sentimentScore: 3.5, sentiment: { customer: { score: 3.5 }, agent: UNKNOWN } },
    ]);
  });
});

it("SEN-6 The past that an earlier deployment logged with the agents' sentiment goes once, and the log begins anew.", async () => {
  const instance = freshInstance();
  await posted(instance, onCall("a1", "c1"), sentiment("c1", 2.5, { agent: AGENTS_OWN }));
  await runInDurableObject(center(instance), async (_, state) => {
    await expect.poll(() => storedReplay(state)).toContain("-4.3");
    const quiet = new ContactCenter(state, { ...env, SHOW_AGENT_SENTIMENT: "false" });
    expect(await storedReplay(state)).toBe("");
    const later = parseUpdates(JSON.stringify({ updates: [agentState("a1", { name: "Rosa" })] }), Date.now());
    if (!later.ok) throw new Error(later.message);
    quiet.ingest("post-2", later.updates, 0);
    await expect.poll(() => storedReplay(state)).toContain("Rosa");
    // Later wakings find a log that was always without it.
    new ContactCenter(state, { ...env, SHOW_AGENT_SENTIMENT: "false" });
    expect(await storedReplay(state)).toContain("Rosa");
  });
});
