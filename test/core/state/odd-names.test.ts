import { describe, expect, it } from "vitest";
import { Board } from "../../../core/board/board.ts";
import { AGENTS } from "../../../core/state/agent-row.ts";
import { aContact, anAgentState, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

const HOUR = 60 * 60_000;
/** Names of properties that every JavaScript object inherits. */
const ODD_NAMES = ["__proto__", "constructor", "toString", "hasOwnProperty"];

describe("Names that JavaScript objects inherit", () => {
  it.each(ODD_NAMES)("TIM-2 A contact called %s expires like any other and delays no other deadline.", (contactId) => {
    const center = new Center();
    const held = [aContact({ contactId, since: NOON, connectedAt: NOON })];
    const { wakeAt } = center.post(anAgentState({ agentId: contactId, contacts: held }));
    expect(wakeAt).toBe(NOON + 5 * 60_000);
    center.restart();
    expect(center.state.nextWake()).toBe(NOON + 5 * 60_000);
    center.expireAt(NOON + 12 * HOUR - 1);
    expect(center.row(contactId)?.status).toBe("on a call");
    center.expireAt(NOON + 12 * HOUR);
    expect(center.row(contactId)?.status).toBe("available");
  });

  it.each(ODD_NAMES)("VIS-3 A viewer that resumes learns of an agent that left a group called %s.", (group) => {
    const center = new Center();
    center.postEach(anAgentState({ groups: [group] }), anAgentState({ occurredAt: NOON + 1, groups: ["Ventas"] }));
    center.restart();
    const { epoch } = center.state.board;
    expect(center.missedSince(epoch, 1, [group])?.removed).toEqual(["agent-1"]);
    expect(center.missedSince(epoch, 1, ["Ventas", "valueOf"])?.removed).toEqual([]);
  });

  it.each(ODD_NAMES)("ROS-16 A category called %s is shown once.", (name) => {
    const center = new Center();
    const category = { type: "contact.category", contactId: "contact-1", initialContactId: null, name } as const;
    center.postEach(anAgentState({ contacts: [aContact()] }), { ...category, occurredAt: NOON });
    center.restart();
    center.post({ ...category, occurredAt: NOON + 1 });
    expect(center.agent().categories).toEqual([name]);
  });

  it("An empty board names no agent for a group called __proto__.", () => {
    expect(new Board("e").addCollection(AGENTS).missedSince(0, ["__proto__"])).toEqual({ changed: [], removed: [] });
  });
});
