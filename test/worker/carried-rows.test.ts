import { evictDurableObject, runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { center, freshInstance, post, posted, withoutRules } from "./support.ts";
import { contact, onCall, sentiment } from "./updates.ts";
import { TestViewer } from "./viewer.ts";

/** Returns all that is stored of agents and their contacts, as text. */
function stored(instance: string): Promise<string> {
  return runInDurableObject(center(instance), (_, { storage }) =>
    JSON.stringify(["agents", "contacts"].map((table) => storage.sql.exec(`SELECT * FROM ${table}`).toArray())),
  );
}

it("SEQ-5 A viewer resumes after a restart from the number of a score, and misses the next one no more.", async () => {
  const instance = freshInstance();
  await withoutRules(instance);
  await posted(instance, onCall("a1", "c1"), onCall("a2", "c2"), sentiment("c1", 1));
  const at = Date.now() + 1000;
  const first = await posted(instance, sentiment("c1", 2, { occurredAt: at }));
  const second = await posted(instance, sentiment("c1", 3, { occurredAt: at + 1 }), sentiment("c2", 4, { occurredAt: at }));
  expect(second.seq).toBe(first.seq + 2);
  await evictDurableObject(center(instance));
  const behind = await TestViewer.open(instance, { position: first });
  await behind.until((viewer) => viewer.agents.size === 2);
  expect(behind.last("resumed")).toMatchObject({ from: first.seq, to: second.seq, data: [{}, {}] });
  expect(behind.agents.get("a1")?.sentimentScore).toBe(3);
  const current = await TestViewer.open(instance, { position: second });
  await current.until((viewer) => viewer.frames.length > 0);
  expect(current.last("resumed")).toMatchObject({ from: second.seq, to: second.seq, data: [] });
  expect((await posted(instance, sentiment("c2", 5, { occurredAt: at + 2 }))).seq).toBe(second.seq + 1);
  for (const viewer of [behind, current]) viewer.close();
});

it("ING-7 A score changes the row of its contact, which carries the agent's score, and not the row of the agent.", async () => {
  const instance = freshInstance();
  await withoutRules(instance);
  await posted(instance, onCall("a1", "c1"), sentiment("c1", 1));
  const own = await stored(instance);
  await posted(instance, sentiment("c1", 2, { occurredAt: Date.now() + 1000 }));
  const [agents, contacts] = JSON.parse(await stored(instance));
  expect(agents).toEqual(JSON.parse(own)[0]);
  expect(JSON.parse(contacts[0].record)).toMatchObject({ carried: [{ agentId: "a1", sentimentScore: 2, scores: [2] }] });
});

it("DAT-4 Nothing of an erased agent is left with the contact of a colleague that carried its row.", async () => {
  const instance = freshInstance();
  // The colleague's contact begins the call, so it scores for both.
  await posted(
    instance,
    onCall("ana", "c1", { contacts: [contact("c1", { initialContactId: "c0" })] }),
    onCall("luis", "c2", { contacts: [contact("c2", { initialContactId: "c0" })] }),
    sentiment("c0", 1),
  );
  await posted(instance, sentiment("c0", 2, { occurredAt: Date.now() + 1000 }));
  expect(await stored(instance)).toContain('\\"carried\\":[{\\"agentId\\":\\"ana\\"');
  const answer = await post(instance, null, { path: "erasures", body: JSON.stringify({ agentId: "ana" }) });
  expect(answer.status).toBe(200);
  expect(await stored(instance)).not.toMatch(/ana|carried/);
});
