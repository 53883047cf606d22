import { describe, expect, it } from "vitest";
import type { AgentStatus } from "../../../protocol/agent.ts";
import type { AgentContact, AgentState, Update } from "../../../protocol/updates.ts";
import { aContact, anAgentState, aSentiment, NOON } from "../../support/updates.ts";
import { Center } from "../center.ts";

type ContactState = AgentContact["state"];

function shown(state: AgentState, ...more: Update[]) {
  const center = new Center();
  center.postEach(state, ...more);
  return center.agent();
}
const holding = (...contacts: AgentContact[]) => anAgentState({ contacts });
const ended = (occurredAt: number, contactId = "contact-1"): Update => ({
  type: "contact.ended",
  contactId,
  initialContactId: null,
  occurredAt,
});
const category = (name: string, occurredAt: number): Update => ({
  type: "contact.category",
  contactId: "contact-1",
  initialContactId: null,
  name,
  occurredAt,
});

/** Contact states in their order of precedence, and the status that each one shows. */
const PRECEDENCE: ReadonlyArray<readonly [ContactState[], AgentStatus[]]> = [
  [["error"], ["error"]],
  [
    ["missed", "rejected"],
    ["missed", "missed"],
  ],
  [
    ["connected", "hold"],
    ["on a call", "on hold"],
  ],
  [["ended"], ["after call work"]],
  [["ringing"], ["ringing"]],
  [["paused"], ["available"]],
];

describe("Status", () => {
  const single = PRECEDENCE.flatMap(([states, statuses]) => states.map((state, index) => [state, statuses[index]] as const));
  it.each(single)("ROS-9 A contact that is %s shows as %s.", (state, status) => {
    expect(shown(holding(aContact({ state })))).toMatchObject({ status });
  });

  const pairs = PRECEDENCE.flatMap(([higher, statuses], rank) =>
    PRECEDENCE.slice(rank + 1).flatMap(([lower]) =>
      higher.flatMap((first, index) => lower.map((second) => [first, second, statuses[index]] as const)),
    ),
  );
  it.each(pairs)("ROS-9 A contact that is %s decides before one that is %s.", (first, second, status) => {
    // The second contact wins every tie-break: it is voice, it is older and its id is smaller.
    const decisive = aContact({ contactId: "z", state: first, channel: "chat", since: NOON });
    const word = status === "on a call" ? "on a contact" : status;
    const other = aContact({ contactId: "a", state: second, channel: "voice", since: NOON - 900 });
    expect(shown(holding(decisive, other))).toMatchObject({ status: word });
    expect(shown(holding(other, decisive))).toMatchObject({ status: word });
  });

  it.each([
    ["routable", "available"],
    ["custom", "away"],
    ["offline", "offline"],
  ] as const)("ROS-10 Without a contact an agent whose status is %s shows as %s.", (kind, status) => {
    expect(shown(anAgentState({ status: { name: "Estado", kind, since: NOON - 7 } }))).toMatchObject({
      status,
      statusName: "Estado",
      since: NOON - 7,
      contactId: null,
      channel: null,
      queue: null,
    });
  });

  it.each(["routable", "custom", "offline"] as const)(
    "ROS-10 A call counts in a %s status too while the agent is signed in.",
    (kind) => {
      const status = { name: "Estado", kind, since: NOON - 7 };
      expect(shown(anAgentState({ status, contacts: [aContact()] }))).toMatchObject({
        status: "on a call",
        statusName: "Estado",
      });
      expect(shown(anAgentState({ status, contacts: [aContact()], signedIn: false }))).toMatchObject({
        status: "offline",
        contactId: null,
        duration: null,
      });
    },
  );

  it("ROS-11 A voice contact decides before a chat.", () => {
    const chat = aContact({ contactId: "a", channel: "chat", since: NOON - 900 });
    const voice = aContact({ contactId: "b", channel: "voice", state: "hold", queue: "Ventas" });
    expect(shown(holding(chat, voice))).toMatchObject({ status: "on hold", contactId: "b", channel: "voice", queue: "Ventas" });
  });

  it("ROS-11 Talk decides before hold, then the older contact, then the smaller id.", () => {
    const held = aContact({ contactId: "a", state: "hold", since: NOON - 900 });
    const talk = aContact({ contactId: "d", since: NOON - 3 });
    const older = aContact({ contactId: "c", since: NOON - 5 });
    const twin = aContact({ contactId: "b", since: NOON - 5 });
    expect(shown(holding(held, talk)).contactId).toBe("d");
    expect(shown(holding(held, talk, older)).contactId).toBe("c");
    for (const contacts of [
      [older, twin],
      [twin, older],
    ])
      expect(shown(holding(...contacts)).contactId).toBe("b");
  });

  it("ROS-12 `since` is the time at which the deciding contact entered its state.", () => {
    expect(shown(holding(aContact({ state: "hold", since: NOON - 20, connectedAt: NOON - 500 }))).since).toBe(NOON - 20);
  });

  it("ROS-12 `since` is the time of the sign-out, unless the agent's own status was offline before.", () => {
    const status = { name: "Available", kind: "routable", since: NOON - 900 } as const;
    expect(shown(anAgentState({ signedIn: false, status }))).toMatchObject({ status: "offline", since: NOON });
    const offline = { name: "Offline", kind: "offline", since: NOON - 900 } as const;
    expect(shown(anAgentState({ signedIn: false, status: offline })).since).toBe(NOON - 900);
  });

  it.each(["connected", "hold"] as const)("ROS-13 The end of a contact that is %s shows after call work at once.", (state) => {
    const agent = holding(aContact({ state, since: NOON - 50 }));
    for (const order of [
      [agent, ended(NOON + 7)],
      [ended(NOON + 7), agent],
    ]) {
      const center = new Center();
      center.postEach(...order);
      expect(center.agent()).toMatchObject({
        status: "after call work",
        since: NOON + 7,
        contactId: "contact-1",
        duration: null,
      });
    }
  });

  it("ROS-13 News of the agent wins over the end of a contact if it is as new or newer.", () => {
    expect(shown(holding(aContact()), ended(NOON)).status).toBe("on a call");
    const newer = anAgentState({ occurredAt: NOON + 9, contacts: [aContact({ state: "hold", since: NOON + 8 })] });
    expect(shown(holding(aContact()), ended(NOON + 7), newer)).toMatchObject({ status: "on hold", since: NOON + 8 });
    expect(shown(holding(aContact()), ended(NOON + 7), anAgentState({ occurredAt: NOON + 9 })).status).toBe("available");
  });

  it("ROS-13 The end of a contact changes only that contact, and only if it is connected or on hold.", () => {
    expect(shown(holding(aContact()), ended(NOON + 7, "contact-2")).status).toBe("on a call");
    const transferred = holding(aContact({ contactId: "contact-2", initialContactId: "contact-1" }));
    expect(shown(transferred, ended(NOON + 7)).status).toBe("on a call");
    expect(shown(holding(aContact({ state: "missed" })), ended(NOON + 7)).status).toBe("missed");
    const two = holding(aContact(), aContact({ contactId: "contact-2", since: NOON + 1 }));
    expect(shown(two, ended(NOON + 7))).toMatchObject({ status: "on a call", contactId: "contact-2" });
  });

  it("ROS-14 The duration counts whole seconds from the time at which the call was connected.", () => {
    const center = new Center();
    center.post(holding(aContact({ state: "hold", since: NOON + 4000, connectedAt: NOON })));
    for (const [after, seconds] of [
      [-5000, 0],
      [0, 0],
      [999, 0],
      [1000, 1],
      [61_999, 61],
    ] as const) {
      center.now = NOON + after;
      expect(center.agent().duration).toBe(seconds);
    }
  });

  it("ROS-14 The duration counts from the contact's `since` without `connectedAt`, and is null off a call.", () => {
    const center = new Center();
    center.post(holding(aContact({ since: NOON - 3000, connectedAt: null })));
    expect(center.agent().duration).toBe(3);
    for (const state of ["ringing", "ended", "missed", "error", "paused"] as const) {
      expect(shown(holding(aContact({ state, since: NOON - 3000 }))).duration).toBeNull();
    }
  });

  it("ROS-15 The status name, routing profile and groups are shown as they were posted.", () => {
    const own = { routingProfile: "Perfil básico", groups: ["Ventas", "México"] };
    const status = { name: "Pausa 🥪", kind: "custom", since: NOON } as const;
    expect(shown(anAgentState({ ...own, status, contacts: [aContact()] }))).toMatchObject({ ...own, statusName: "Pausa 🥪" });
    expect(shown(anAgentState({ routingProfile: null, groups: [] }))).toMatchObject({ routingProfile: null, groups: [] });
  });

  it("ROS-16 Of more than 100 categories the first 100 matches count, in whatever order they arrive.", () => {
    const posted = Array.from({ length: 120 }, (_, index) => category(`c${index}`, NOON + ((index * 7) % 120)));
    const first = posted
      .flatMap((update) => (update.type === "contact.category" && update.occurredAt < NOON + 100 ? [update] : []))
      .sort((a, b) => a.occurredAt - b.occurredAt)
      .map((update) => update.name);
    const call = holding(aContact());
    expect(shown(call, ...posted).categories).toEqual(first);
    expect(shown(call, ...posted.slice().reverse(), ...posted).categories).toEqual(first);
  });

  it("ROS-16 Categories are in the order of their first match, then by name, and stay through after call work.", () => {
    const matched = [
      category("Zeta", NOON + 5),
      category("Alfa", NOON + 9),
      category("Beta", NOON + 5),
      category("Alfa", NOON + 1),
    ];
    for (const state of ["connected", "ended"] as const) {
      expect(shown(holding(aContact({ state })), ...matched).categories).toEqual(["Alfa", "Beta", "Zeta"]);
    }
    expect(shown(anAgentState(), ...matched).categories).toEqual([]);
  });
});

describe("Sentiment of an agent", () => {
  it("SEN-5 The sentiment is shown as posted on a call or on hold, and is null otherwise.", () => {
    const { customer, agent } = aSentiment(-2.5);
    for (const state of ["connected", "hold"] as const) {
      const call = holding(aContact({ state }));
      expect(shown(call, aSentiment(-2.5))).toMatchObject({ sentimentScore: -2.5, sentiment: { customer, agent } });
    }
    for (const state of ["ringing", "ended", "missed", "error", "paused"] as const) {
      expect(shown(holding(aContact({ state })), aSentiment(-2.5))).toMatchObject({ sentimentScore: null, sentiment: null });
    }
  });

  it("SEN-5 The sentiment score is null before the first score.", () => {
    expect(shown(holding(aContact()))).toMatchObject({ sentimentScore: null, sentiment: null });
    const silent = aSentiment(0);
    const none = { score: null, quarters: [null, null, null, null], recent: null };
    expect(shown(holding(aContact()), { ...silent, customer: none }).sentimentScore).toBeNull();
  });

  it("SEN-5 The sentiment score is rounded to one decimal.", () => {
    expect(shown(holding(aContact()), aSentiment(-1.25)).sentimentScore).toBe(-1.3);
    expect(shown(holding(aContact()), aSentiment(3.06)).sentimentScore).toBe(3.1);
  });

  it("ROS-1 The newest score counts, and at equal times the same one counts in either order.", () => {
    const call = holding(aContact());
    expect(shown(call, aSentiment(5, { occurredAt: NOON + 1 }), aSentiment(-5)).sentimentScore).toBe(5);
    expect(shown(call, aSentiment(5), aSentiment(-5)).sentimentScore).toBe(
      shown(call, aSentiment(-5), aSentiment(5)).sentimentScore,
    );
  });
});
