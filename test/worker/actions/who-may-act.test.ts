import { expect, it } from "vitest";
import { posted } from "../support.ts";
import { agentState, contact } from "../updates.ts";
import { act, auditOf, ordersOf } from "./acting.ts";

const ACTIONS = ["status", "free", "listen", "barge", "stop"];
const ROLES: Readonly<Record<string, string[]>> = { nobody: [], supervisor: ["supervisor"], admin: ["admin"] };
/** The groups of who asks; undefined = everything. The agent is in Ventas. */
const VIEWS: Readonly<Record<string, string[] | undefined>> = {
  everything: undefined,
  own: ["Ventas"],
  other: ["Soporte"],
  none: [],
};
const AGENTS = ["a1", "ghost"];
/** Which actions fit the contact of this name. */
const FITTING: Readonly<Record<string, string[]>> = {
  talk: ["listen", "barge", "stop"],
  chat: ["listen", "barge", "stop"],
  task: ["stop"],
  ring: ["stop"],
  missed: ["free"],
  error: ["free"],
  wrapUp: ["free"],
  elsewhere: [],
  unheard: [],
};

interface Case {
  role: string;
  action: string;
  view: string;
  agentId: string;
  contactId: string;
}

const CASES: Case[] = Object.keys(ROLES).flatMap((role) =>
  ACTIONS.flatMap((action) =>
    Object.keys(VIEWS).flatMap((view) =>
      AGENTS.flatMap((agentId) => Object.keys(FITTING).map((contactId) => ({ role, action, view, agentId, contactId }))),
    ),
  ),
);

/** What docs/protocol.md says of a case. The hub of the tests has every action on but barge. */
function expected({ role, action, view, agentId, contactId }: Case): number {
  if (role === "nobody" || action === "barge") return 403;
  if (agentId === "ghost" || view === "other" || view === "none") return 404;
  return action === "status" || FITTING[contactId]?.includes(action) ? 200 : 409;
}

const nameOf = (one: Case) => [one.role, one.action, one.view, one.agentId, one.contactId].join("-");

it("ACT-3 Role, action, group and the contact decide together, and nothing that they refuse reaches the function.", async () => {
  // It has a function of its own, so that no order of another file is counted.
  const instance = "actions-1";
  const contacts = [
    contact("talk"),
    contact("chat", { channel: "chat" }),
    contact("task", { channel: "task" }),
    contact("ring", { state: "ringing" }),
    contact("missed", { state: "missed" }),
    contact("error", { state: "error" }),
    contact("wrapUp", { state: "ended" }),
  ];
  await posted(
    instance,
    agentState("a1", { groups: ["Ventas"], contacts }),
    agentState("a2", { groups: ["Soporte"], contacts: [contact("elsewhere")] }),
  );
  const answers = new Map<string, { status: number; text: string }>();
  const queue = [...CASES];
  const worker = async () => {
    for (let one = queue.pop(); one !== undefined; one = queue.pop()) {
      const { action, agentId, contactId } = one;
      const groups = VIEWS[one.view];
      // Each case is a person of its own, because one person may not do so many.
      const who = { subject: nameOf(one), roles: ROLES[one.role] ?? [], ...(groups && { groups }) };
      const { status, json } = await act(instance, { id: "1", action, agentId, contactId, statusName: "Almuerzo" }, who);
      answers.set(nameOf(one), { status, text: JSON.stringify(json) });
    }
  };
  await Promise.all(Array.from({ length: 8 }, worker));

  expect(Object.fromEntries([...answers].map(([name, { status }]) => [name, status]))).toEqual(
    Object.fromEntries(CASES.map((one) => [nameOf(one), expected(one)])),
  );
  const allowed = CASES.filter((one) => expected(one) === 200);
  const orders = await ordersOf(instance, "hub-who-may-act");
  expect(orders).toHaveLength(allowed.length);
  const audit = await auditOf(instance);
  expect(audit).toHaveLength(CASES.length + allowed.length);
  // An agent out of sight and one that there is not get the same answer, to the letter.
  const hidden = CASES.filter((one) => expected(one) === 404).map((one) => answers.get(nameOf(one))?.text);
  expect(new Set(hidden).size).toBe(1);
  // So do a contact out of sight and one that there is not.
  const gone = (contactId: string) => answers.get(`supervisor-listen-own-a1-${contactId}`)?.text;
  expect(gone("elsewhere")).toBe(gone("unheard"));
});
