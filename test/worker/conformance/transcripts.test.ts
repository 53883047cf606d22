import { evictDurableObject } from "cloudflare:test";
import { describe, expect, it } from "vitest";
import { center, freshInstance, post, posted } from "../support.ts";
import { agentState, contact, onCall, turn } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

describe("Live transcripts", () => {
  it("TRA-1 A watched transcript begins with the turns so far, goes on with new ones, and says when it is complete.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"), turn("c1", "t2", { beginMs: 3000, endMs: 4000 }), turn("c1", "t1"));
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((v) => v.transcripts.length === 1);
    expect(viewer.transcripts[0]).toMatchObject({
      contactId: "c1",
      complete: false,
      turns: [{ turnId: "t1" }, { turnId: "t2" }],
    });

    expect((await posted(instance, turn("c1", "t3", { final: false, text: "half" }))).watched).toEqual(["c1"]);
    await viewer.until((v) => v.transcripts.length === 2);
    await posted(instance, turn("c1", "t3", { text: "whole", sentiment: "negative", occurredAt: Date.now() - 1000 }));
    await viewer.until((v) => v.transcripts.length === 3);
    expect(viewer.transcripts[2]).toMatchObject({ turns: [{ turnId: "t3", text: "whole", final: true, sentiment: "negative" }] });

    await posted(instance, { type: "contact.ended", contactId: "c1", occurredAt: Date.now() });
    await viewer.until((v) => v.transcripts.length === 4);
    expect(viewer.transcripts[3]).toMatchObject({ complete: true });
    viewer.close();
  });

  it("ING-8 The answer to a post names those of its contacts that a viewer watches.", async () => {
    const instance = freshInstance();
    expect((await posted(instance, onCall("a1", "c1"), turn("c1", "t1"))).watched).toEqual([]);
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((v) => v.transcripts.length === 1);
    expect((await posted(instance, turn("c1", "t2"), turn("c2", "t1"))).watched).toEqual(["c1"]);
    viewer.send({ type: "unwatch", contactId: "c1" });
    for (let tries = 0; tries < 100 && (await posted(instance, turn("c1", `u${tries}`))).watched.length > 0; tries += 1);
    expect((await posted(instance, turn("c1", "t9"))).watched).toEqual([]);
    viewer.close();
  });

  it("ING-8 The answer to a repeated post names the watched contacts too.", async () => {
    const instance = freshInstance();
    const id = "msg_lost_answer";
    const updates = [onCall("a1", "c1"), turn("c0", "t1")];
    await posted(instance, agentState("a2", { contacts: [contact("c2", { initialContactId: "c0" })] }));
    await post(instance, updates, { id });
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c2" });
    await viewer.until((v) => v.transcripts.length === 1);
    expect(await (await post(instance, updates, { id })).json()).toMatchObject({ duplicate: true, watched: ["c0"] });
    viewer.close();
  });

  it("TRA-3 A viewer that watches the agent's new contact gets the turns of the call's first contact.", async () => {
    const instance = freshInstance();
    await posted(instance, turn("c1", "t1"), agentState("a2", { contacts: [contact("c2", { initialContactId: "c1" })] }));
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c2" });
    await viewer.until((v) => v.transcripts.length === 1);
    expect(viewer.transcripts[0]).toMatchObject({ contactId: "c2", turns: [{ turnId: "t1" }] });
    await posted(instance, turn("c1", "t2"));
    await viewer.until((v) => v.transcripts.length === 2);
    expect(viewer.transcripts[1]).toMatchObject({ contactId: "c2", turns: [{ turnId: "t2" }] });
    viewer.close();
  });

  it("TRA-5 A viewer still gets the turns of its watched contact after the object hibernated.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"), turn("c1", "t1"));
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c1" });
    await viewer.until((v) => v.transcripts.length === 1);
    await posted(instance, agentState("a2"));
    await viewer.until((v) => v.agents.has("a2"));
    await evictDurableObject(center(instance));
    expect((await posted(instance, turn("c1", "t2"))).watched).toEqual(["c1"]);
    await viewer.until((v) => v.transcripts.length === 2);
    viewer.close();
  });

  it("TRA-2 A late partial turn never replaces a final one.", async () => {
    const instance = freshInstance();
    await posted(instance, turn("c1", "t1", { text: "final words" }));
    expect(await posted(instance, turn("c1", "t1", { final: false, text: "fin", occurredAt: Date.now() + 1000 }))).toMatchObject({
      stale: 1,
    });
  });

  it("TRA-5 The hub handles quick watch messages in the order in which they were sent.", async () => {
    const instance = freshInstance();
    await posted(instance, onCall("a1", "c1"), onCall("a2", "c2"));
    const viewer = await TestViewer.open(instance);
    viewer.send({ type: "watch", contactId: "c1" });
    viewer.send({ type: "unwatch", contactId: "c1" });
    viewer.send({ type: "watch", contactId: "c2" });
    await viewer.until((v) => v.transcripts.some((frame) => frame["contactId"] === "c2"));
    expect((await posted(instance, turn("c1", "t1"), turn("c2", "t1"))).watched).toEqual(["c2"]);
    viewer.close();
  });

  it("TRA-5 A viewer watches at most 20 contacts, also when it asks for more at once.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    for (let number = 0; number < 25; number += 1) viewer.send({ type: "watch", contactId: `c${number}` });
    const refusals = () => viewer.frames.filter((frame) => frame["code"] === "too_many_watched").length;
    await viewer.until((v) => v.transcripts.length + refusals() === 25);
    expect(viewer.transcripts).toHaveLength(20);
    viewer.close();
  });

  it("TRA-8 The error for a refused watch names the contact, and the error for an unreadable message names none.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    for (let number = 0; number < 22; number += 1) viewer.send({ type: "watch", contactId: `c${number}` });
    viewer.send("no JSON");
    const errors = () => viewer.frames.filter((frame) => frame.type === "error");
    await viewer.until(() => errors().length === 3);
    const named = errors().map((frame) => [frame["code"], "contactId" in frame ? frame["contactId"] : null]);
    expect(named.sort()).toEqual([
      ["not_json", null],
      ["too_many_watched", "c20"],
      ["too_many_watched", "c21"],
    ]);
    viewer.close();
  });
});
