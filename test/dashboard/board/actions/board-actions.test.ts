import { describe, expect, it } from "vitest";
import { BoardActions, newActionId, type WantedAction } from "../../../../dashboard/board/parts/actions/board-actions.ts";
import type { HubQuestion, HubReply } from "../../../../dashboard/client/contract.ts";

const LISTEN: WantedAction = {
  action: "listen",
  agentId: "a1",
  name: "Ana",
  contactId: "c1",
  contactWords: "Voice: Ventas",
  statusName: null,
};
const DONE: HubReply = { status: 200, body: { id: "x", ok: true, code: "done", message: "Done." } };
const NOTHING: HubReply = { status: 0, body: null };

/** Actions on a hub that gives these answers one after the other. Time passes at once. */
function actionsOn(...replies: HubReply[]) {
  const asked: HubQuestion[] = [];
  const slept: number[] = [];
  let refused = 0;
  let ids = 0;
  const actions = new BoardActions({
    ask: async (question) => {
      asked.push(question);
      return replies[asked.length - 1] ?? replies.at(-1) ?? NOTHING;
    },
    onRefused: () => {
      refused += 1;
    },
    newId: () => `id-${++ids}`,
    // A success stays for ten seconds: for these tests, for good.
    sleep: (ms) => {
      slept.push(ms);
      return ms === 10_000 ? new Promise<void>(() => {}) : Promise.resolve();
    },
  });
  const ended = async () => {
    for (let turn = 0; turn < 50; turn++) await Promise.resolve();
    return actions.state().presses.map(({ id, end }) => [id, end?.kind ?? "pending", end?.code ?? ""]);
  };
  return { actions, asked, slept, ended, refusals: () => refused };
}

describe("A press of the reader", () => {
  it("is on its way until the hub has answered.", async () => {
    const { actions, asked, ended } = actionsOn(DONE);
    actions.start(LISTEN);
    expect(actions.state().presses).toMatchObject([{ id: "id-1", end: null }]);
    expect(await ended()).toEqual([["id-1", "done", "done"]]);
    const body = { id: "id-1", action: "listen", agentId: "a1", contactId: "c1" };
    expect(asked).toEqual([{ method: "POST", resource: "actions", body }]);
  });

  it("keeps its id when a broken connection or a hub that restarts makes the board send it again.", async () => {
    const restarting: HubReply = { status: 503, body: { error: "unavailable" } };
    const { actions, asked, ended, slept } = actionsOn(NOTHING, restarting, DONE);
    actions.start(LISTEN);
    expect(await ended()).toEqual([["id-1", "done", "done"]]);
    expect(asked.map(({ body }) => JSON.stringify(body)).every((body) => body.includes('"id":"id-1"'))).toBe(true);
    expect([asked.length, slept.slice(0, 2)]).toEqual([3, [1_000, 3_000]]);
  });

  it("is unanswered after five attempts, and asks again with the same id.", async () => {
    const { actions, asked, ended } = actionsOn(NOTHING, NOTHING, NOTHING, NOTHING, NOTHING, DONE);
    actions.start(LISTEN);
    expect(await ended()).toEqual([["id-1", "unanswered", "unanswered"]]);
    expect(asked).toHaveLength(5);
    actions.askAgain("id-1");
    expect(await ended()).toEqual([["id-1", "done", "done"]]);
    expect(asked.at(-1)?.body).toMatchObject({ id: "id-1" });
  });

  it("is unknown, and never sent again, when the hub says that nobody knows.", async () => {
    const unknown: HubReply = {
      status: 504,
      body: { error: "unknown", id: "x", ok: false, code: "unknown", message: "Nobody knows." },
    };
    const { actions, asked, ended } = actionsOn(unknown);
    actions.start(LISTEN);
    expect(await ended()).toEqual([["id-1", "unknown", "unknown"]]);
    actions.askAgain("id-1");
    expect(asked).toHaveLength(1);
  });

  it("is one press while the same thing is on its way, and another one afterwards.", async () => {
    const { actions, asked, ended } = actionsOn(DONE);
    actions.start(LISTEN);
    actions.start(LISTEN);
    actions.start({ ...LISTEN, action: "status", contactId: null, statusName: "Lunch" });
    expect(actions.state().presses.map(({ id }) => id)).toEqual(["id-1", "id-2"]);
    await ended();
    actions.start(LISTEN);
    expect(await ended()).toEqual([["id-3", "done", "done"]]);
    expect(asked).toHaveLength(3);
  });

  it.each([
    [{ status: 403, body: { error: "not_allowed", ok: false, code: "not_allowed" } }, "not_allowed", 1],
    [{ status: 401, body: { error: "unauthorized" } }, "unauthorized", 1],
    [{ status: 409, body: { error: "contact_moved_on", ok: false, code: "contact_moved_on" } }, "contact_moved_on", 0],
    [{ status: 429, body: { error: "too_many_requests", message: "Wait." } }, "too_many_requests", 0],
    [{ status: 200, body: { ok: false, code: "listen_refused", message: "" } }, "listen_refused", 0],
    [{ status: 404, body: null }, "404", 0],
  ])(
    "is refused by the answer %o, which asks for the reader's rights only if they may have changed.",
    async (reply, code, times) => {
      const { actions, asked, ended, refusals } = actionsOn(reply);
      actions.start(LISTEN);
      expect(await ended()).toEqual([["id-1", "refused", code]]);
      expect([asked.length, refusals()]).toEqual([1, times]);
    },
  );

  it("that needs a confirmation sends nothing before it, and nothing after a no.", async () => {
    const { actions, asked, ended } = actionsOn(DONE);
    actions.confirm({ ...LISTEN, action: "stop" });
    actions.answerQuestion(false);
    expect([await ended(), asked, actions.state().question]).toEqual([[], [], null]);
    actions.confirm({ ...LISTEN, action: "stop" });
    actions.answerQuestion(true);
    expect(await ended()).toEqual([["id-1", "done", "done"]]);
  });

  it("has an id as the hub takes it, another one each time.", () => {
    const [one, two] = [newActionId(), newActionId()];
    expect(one).toMatch(/^[0-9a-f]{32}$/);
    expect(one).not.toBe(two);
  });
});
