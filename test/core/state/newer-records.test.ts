import { expect, it } from "vitest";
import { newRecord } from "../../../core/state/agent-record.ts";
import { agentRecordToStored, parseAgentRecord } from "../../../core/state/stored-records.ts";
import { aContact, anAgentState } from "../../support/updates.ts";

const { type: _, ...state } = anAgentState({ contacts: [aContact({ contactId: "known" })] });

function stored(change: object): unknown {
  return JSON.parse(JSON.stringify({ ...agentRecordToStored(newRecord("agent-1")), state: { ...state, ...change } }));
}

it("A contact state of a newer version costs only that contact of a stored record.", () => {
  const contacts = [{ ...aContact({ contactId: "new" }), state: "callback" }, ...state.contacts];
  expect(parseAgentRecord(stored({ contacts }))?.state).toEqual(state);
});

it("A kind of status of a newer version is read as a custom status.", () => {
  const record = parseAgentRecord(stored({ status: { ...state.status, kind: "training" } }));
  expect(record?.state?.status).toEqual({ ...state.status, kind: "custom" });
});

it("A field of a newer version does not make a stored record unreadable.", () => {
  expect(parseAgentRecord(stored({ weather: "good" }))?.state).toEqual(state);
  expect(parseAgentRecord(stored({ nextStatus: 7, capacity: "all", order: {} }))?.state).toMatchObject(state);
});

it("ROS-1 A stored state has the same JSON text as the posted one, because the text decides at equal times.", () => {
  expect(JSON.stringify(parseAgentRecord(stored({}))?.state)).toBe(JSON.stringify(state));
});
