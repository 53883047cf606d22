import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { MAX_AHEAD_MS, MAX_ISSUES, MAX_UPDATES, parseUpdates, type Update } from "../../protocol/updates.ts";
import { update } from "../core/arbitraries.ts";
import { aContact, anAgentState, aSentiment, aTranscription, aTurn, NOON } from "../support/updates.ts";

const EXAMPLES: Readonly<Record<Update["type"], Update>> = {
  "agent.state": anAgentState({ contacts: [aContact()] }),
  "agent.heartbeat": { type: "agent.heartbeat", agentId: "agent-1", occurredAt: NOON },
  "agent.removed": { type: "agent.removed", agentId: "agent-1", occurredAt: NOON },
  "contact.sentiment": aSentiment(-2.5),
  "contact.turn": aTurn(),
  "contact.category": {
    type: "contact.category",
    contactId: "contact-1",
    initialContactId: null,
    name: "PortalIssue",
    occurredAt: NOON,
  },
  "contact.ended": { type: "contact.ended", contactId: "contact-1", initialContactId: null, occurredAt: NOON },
  "contact.transcription": aTranscription("live"),
  "roster.snapshot": { type: "roster.snapshot", takenAt: NOON, agents: [bodyOf(anAgentState())] },
  "contact.queue": {
    type: "contact.queue",
    contactId: "contact-2",
    initialContactId: "contact-1",
    previousContactId: "contact-1",
    channel: "voice",
    method: "transfer",
    queueId: "queue-1",
    queueKind: "standard",
    enqueuedAt: NOON,
    acceptedAt: null,
    connectedAt: null,
    endedAt: null,
    scheduledAt: null,
    paused: false,
    agentId: null,
    occurredAt: NOON,
  },
  "alert.raised": {
    type: "alert.raised",
    ruleName: "QUEUE_WAIT_TOO_LONG",
    severity: "warning",
    contactId: null,
    agentId: null,
    queueId: "queue-1",
    occurredAt: NOON,
  },
  "queue.snapshot": {
    type: "queue.snapshot",
    takenAt: NOON,
    complete: true,
    queues: [
      {
        queueId: "queue-1",
        name: "Ventas",
        serviceLevelSeconds: 20,
        channels: [{ channel: "voice", waiting: 3, oldestSeconds: 74, scheduled: 1, estimatedWaitSeconds: 95 }],
        staffed: 7,
        available: 1,
      },
    ],
    profiles: [{ name: "Ventas ES", queues: ["queue-1"] }],
  },
};
const TYPES = Object.values(EXAMPLES).map(({ type }) => type);

function bodyOf(state: Extract<Update, { type: "agent.state" }>) {
  const { type: _, ...body } = state;
  return body;
}

/** Returns the path of every time in the update. */
function timesIn(value: unknown, path: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return value === NOON || value === NOON - 60_000 ? [[...path]] : [];
  return Object.entries(value).flatMap(([key, each]) => timesIn(each, [...path, Array.isArray(value) ? Number(key) : key]));
}

/** Returns updates of every type, those of agents with every time that they may have. */
function updatesWithAllTimes(): Update[] {
  const monitoring = [{ contactId: "heard", initialContactId: null, since: NOON }];
  const full = anAgentState({ contacts: [aContact({ connectedAt: NOON })], order: "9", monitoring });
  const { agentId, occurredAt, type: _, order: __, ...snapshot } = full;
  return [
    ...Object.values(EXAMPLES),
    full,
    { type: "agent.heartbeat", agentId, occurredAt, snapshot },
    { type: "roster.snapshot", takenAt: NOON, agents: [bodyOf(full)] },
  ];
}

const parse = (...updates: unknown[]) => parseUpdates(JSON.stringify({ updates }), NOON);

/** Returns a copy of `target` with `value` at `path`. Undefined leaves the field out of the JSON. */
function withValue(target: unknown, path: readonly (string | number)[], value: unknown): unknown {
  const [key, ...rest] = path;
  if (key === undefined) return value;
  const copy: Record<string | number, unknown> = Object.assign(Array.isArray(target) ? [] : {}, target);
  copy[key] = withValue(Reflect.get(Object(target), key), rest, value);
  return copy;
}

describe("The body of a post", () => {
  it.each(TYPES)("ING-3 The parser returns a valid %s unchanged.", (type) => {
    expect(parse(EXAMPLES[type])).toEqual({ ok: true, updates: [EXAMPLES[type]] });
  });

  it("ING-3 The parser returns every valid post unchanged.", () => {
    fc.assert(
      fc.property(fc.array(update, { minLength: 1 }), (updates) => {
        expect(parse(...updates)).toEqual({ ok: true, updates });
      }),
    );
  });

  it("ING-3 The parser ignores unknown fields and refuses an unknown type.", () => {
    const heartbeat = EXAMPLES["agent.heartbeat"];
    expect(parse({ ...heartbeat, sentiment: "fine" })).toEqual({ ok: true, updates: [heartbeat] });
    expect(parse(heartbeat, { ...heartbeat, type: "agent.dance" })).toMatchObject({ ok: false, path: "updates[1].type" });
    expect(parse({ agentId: "agent-1" })).toMatchObject({ ok: false, path: "updates[0].type" });
  });

  it("ING-1 A post has 1 to 500 updates.", () => {
    const many = (count: number) => Array.from({ length: count }, () => EXAMPLES["agent.heartbeat"]);
    expect(parse(...many(MAX_UPDATES))).toMatchObject({ ok: true });
    expect(parse(...many(MAX_UPDATES + 1))).toMatchObject({ ok: false, path: "updates" });
    expect(parse()).toMatchObject({ ok: false, path: "updates" });
  });

  it.each([
    "",
    "{",
    "null",
    "[]",
    "7",
    '"updates"',
    "{}",
    '{"updates":{}}',
    '{"updates":null}',
    '{"updates":[null]}',
    '{"updates":[[]]}',
  ])("ING-2 The parser refuses the body %j with a path and a message.", (body) => {
    const parsed = parseUpdates(body, NOON);
    expect(parsed).toMatchObject({ ok: false, path: expect.stringMatching(/^(|updates(\[0\](\.type)?)?)$/) });
    expect(parsed).toMatchObject({ message: expect.stringMatching(/^[A-Z].*\.$/) });
  });

  it.each([
    ["agent.state", ["agentId"], 7, "agentId"],
    ["agent.state", ["agentId"], "", "agentId"],
    ["agent.state", ["agentId"], undefined, "agentId"],
    ["agent.state", ["occurredAt"], "1714363532120", "occurredAt"],
    ["agent.state", ["occurredAt"], -1, "occurredAt"],
    ["agent.state", ["occurredAt"], 1.5, "occurredAt"],
    ["agent.state", ["name"], null, "name"],
    ["agent.state", ["signedIn"], "true", "signedIn"],
    ["agent.state", ["status"], undefined, "status"],
    ["agent.state", ["status", "kind"], "busy", "status.kind"],
    ["agent.state", ["contacts"], undefined, "contacts"],
    ["agent.state", ["contacts", 0, "state"], "CONNECTED", "contacts[0].state"],
    ["agent.state", ["contacts", 0, "channel"], "fax", "contacts[0].channel"],
    ["agent.state", ["groups"], null, "groups"],
    ["agent.state", ["groups"], [1], "groups[0]"],
    ["contact.sentiment", ["customer", "score"], 5.1, "customer.score"],
    ["contact.sentiment", ["customer", "quarters"], [0, 0, 0], "customer.quarters"],
    ["contact.sentiment", ["agent", "quarters", 2], -6, "agent.quarters[2]"],
    ["contact.sentiment", ["turns"], -1, "turns"],
    ["contact.transcription", ["state"], "lost", "state"],
    ["contact.transcription", ["state"], undefined, "state"],
    ["contact.transcription", ["contactId"], "", "contactId"],
    ["contact.turn", ["role"], "supervisor", "role"],
    ["contact.turn", ["sentiment"], "angry", "sentiment"],
    ["contact.turn", ["text"], undefined, "text"],
    ["contact.turn", ["beginMs"], -1, "beginMs"],
    ["contact.turn", ["issues"], null, "issues"],
    ["contact.turn", ["issues"], Array(MAX_ISSUES + 1).fill({ begin: 0, end: 5 }), "issues"],
    ["contact.turn", ["issues"], [{ begin: -1, end: 5 }], "issues[0].begin"],
    [
      "contact.turn",
      ["issues"],
      [
        { begin: 0, end: 5 },
        { begin: 5, end: 5 },
      ],
      "issues[1].end",
    ],
    ["contact.turn", ["issues"], [{ begin: 0, end: 2.5 }], "issues[0].end"],
    ["contact.turn", ["issues"], [{ begin: 0, end: 10_000 }], "issues[0].end"],
    ["contact.category", ["name"], "", "name"],
    ["contact.ended", ["contactId"], null, "contactId"],
    ["agent.heartbeat", ["occurredAt"], undefined, "occurredAt"],
    ["agent.removed", ["agentId"], ["a"], "agentId"],
    ["roster.snapshot", ["takenAt"], null, "takenAt"],
    ["roster.snapshot", ["agents", 0, "status", "since"], "now", "agents[0].status.since"],
  ] as const)(
    "ING-2 The parser refuses an update of type %s with a wrong %j and names the place.",
    (type, path, value, named) => {
      const parsed = parse(EXAMPLES["agent.heartbeat"], withValue(EXAMPLES[type], path, value));
      expect(parsed).toMatchObject({ ok: false, path: `updates[1].${named}`, message: expect.stringMatching(/expected/) });
    },
  );

  it.each(["beginMs", "endMs"])("ING-2 The parser refuses a number in %s that is greater than JavaScript can hold.", (field) => {
    const body = JSON.stringify({ updates: [{ ...aTurn(), [field]: 7 }] }).replace(`"${field}":7`, `"${field}":1e400`);
    expect(parseUpdates(body, NOON)).toMatchObject({
      ok: false,
      path: `updates[0].${field}`,
      message: expect.stringMatching(/expected/),
    });
  });

  it.each([
    [{ agentId: undefined }, "agentId", 'Missing; expected "agentId".'],
    [{ agentId: 7 }, "agentId", "Invalid string; expected string."],
    [{ agentId: "" }, "agentId", "Invalid non empty; expected !0."],
    [{ agentId: "a".repeat(257) }, "agentId", "Invalid max length; expected <=256."],
    [{ agentId: "agent-\ud83d" }, "agentId", "Invalid text; half of a character outside the basic plane stands alone."],
    [{ occurredAt: 1.5 }, "occurredAt", "Invalid number; expected a whole number."],
    [{ occurredAt: -1 }, "occurredAt", "Too early; expected epoch milliseconds."],
    [{ occurredAt: NOON * 1000 }, "occurredAt", "More than a day in the future; expected epoch milliseconds."],
  ])("ING-2 The refusal of an update with %j names %s and says %j.", (fields, path, message) => {
    expect(parse({ ...EXAMPLES["agent.heartbeat"], ...fields })).toEqual({ ok: false, path: `updates[0].${path}`, message });
  });

  it("ING-2 The refusal of an issue says where the text ends, and an issue may end with its text.", () => {
    const withIssue = (begin: number, end: number) => parse(aTurn({ text: "hola", issues: [{ begin, end }] }));
    const message = "Not within the text; expected begin < end <= length of text.";
    for (const [begin, end] of [
      [3, 5],
      [4, 4],
      [3, 2],
    ] as const) {
      expect(withIssue(begin, end)).toEqual({ ok: false, path: "updates[0].issues[0].end", message });
    }
    for (const [begin, end] of [
      [0, 4],
      [3, 4],
    ] as const) {
      expect(withIssue(begin, end)).toMatchObject({ ok: true });
    }
  });

  it("ING-2 A refusal repeats nothing from the post.", () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...TYPES),
        fc.constantFrom("contactId", "agentId", "occurredAt", "type", "role", "name"),
        (type, field) => {
          const secret = "+52 55 1234 5678";
          for (const wrong of [{ phone: secret }, [secret], `${secret}${"x".repeat(300)}`]) {
            const parsed = parse({ ...EXAMPLES[type], [field]: wrong });
            if (!parsed.ok) expect(JSON.stringify(parsed)).not.toContain("1234");
          }
        },
      ),
    );
  });

  it("ING-4 Optional fields may be left out or null, which means the same.", () => {
    const { username: _, routingProfile: __, groups: ___, ...rest } = anAgentState();
    const bare = { ...rest, contacts: [{ contactId: "c", channel: "voice", state: "connected", since: NOON }] };
    const nulls = {
      ...rest,
      username: null,
      routingProfile: null,
      groups: [],
      contacts: [{ ...bare.contacts[0], initialContactId: null, connectedAt: null, queue: null }],
    };
    expect(parse(bare)).toEqual({ ok: true, updates: [nulls] });
    expect(parse(nulls)).toEqual({ ok: true, updates: [nulls] });

    const { sentiment: _s, initialContactId: _i, ...turn } = aTurn();
    expect(parse(turn)).toEqual({ ok: true, updates: [{ ...turn, sentiment: null, initialContactId: null }] });
    const side = { score: 0, quarters: [0, null, null, null] };
    const parsed = parse({ ...aSentiment(0), customer: side, agent: side });
    expect(parsed).toMatchObject({
      ok: true,
      updates: [{ customer: { ...side, recent: null }, agent: { ...side, recent: null } }],
    });
  });

  it.each([
    ["ids", { ...EXAMPLES["agent.heartbeat"], agentId: "a".repeat(256) }, { agentId: "a".repeat(257) }],
    ["names", anAgentState({ name: "n".repeat(256) }), { name: "n".repeat(257) }],
    ["contacts", anAgentState({ contacts: Array(64).fill(aContact()) }), { contacts: Array(65).fill(aContact()) }],
    ["groups", anAgentState({ groups: Array(64).fill("g") }), { groups: Array(65).fill("g") }],
    ["texts", aTurn({ text: "t".repeat(20_000) }), { text: "t".repeat(20_001) }],
    ["scores", aSentiment(5), { customer: aSentiment(-5.01).customer }],
  ])("ING-5 The parser refuses an update above the limit for %s.", (_, fine, tooMuch) => {
    expect(parse(fine)).toMatchObject({ ok: true });
    expect(parse({ ...fine, ...tooMuch })).toMatchObject({ ok: false });
  });

  it("ING-5 A snapshot has at most 50,000 agents.", () => {
    const body = {
      agentId: "a",
      occurredAt: NOON,
      name: "",
      signedIn: true,
      status: { name: "", kind: "offline", since: NOON },
      contacts: [],
    };
    const snapshot = (count: number) => ({ type: "roster.snapshot", takenAt: NOON, agents: Array(count).fill(body) });
    expect(parse(snapshot(50_000))).toMatchObject({ ok: true });
    expect(parse(snapshot(50_001))).toMatchObject({ ok: false, path: "updates[0].agents" });
  });

  it.each(TYPES)("ING-6 The parser refuses a time more than 24 h ahead in %s, and accepts an older one.", (type) => {
    const field = type === "roster.snapshot" || type === "queue.snapshot" ? "takenAt" : "occurredAt";
    expect(parse({ ...EXAMPLES[type], [field]: NOON + MAX_AHEAD_MS })).toMatchObject({ ok: true });
    expect(parse({ ...EXAMPLES[type], [field]: 1_000_000_000_000 })).toMatchObject({ ok: true });
    const late = parse(EXAMPLES[type], { ...EXAMPLES[type], [field]: NOON + MAX_AHEAD_MS + 1 });
    expect(late).toMatchObject({
      ok: false,
      path: `updates[1].${field}`,
      message: expect.stringContaining("epoch milliseconds"),
    });
  });

  it("ING-6 The parser refuses every time more than 24 h ahead in every update, except when a contact is scheduled.", () => {
    const paths = updatesWithAllTimes().flatMap((each) => timesIn(each).map((path) => ({ each, path })));
    for (const { each, path } of paths.filter((found) => found.path.at(-1) !== "scheduledAt")) {
      for (const ahead of [NOON * 1000, NOON * 1_000_000, NOON + MAX_AHEAD_MS + 1]) {
        const parsed = parse(withValue(each, path, ahead));
        expect(parsed).toMatchObject({ ok: false, path: expect.stringMatching(new RegExp(`\\.${String(path.at(-1))}$`)) });
      }
      expect(parse(withValue(each, path, NOON + MAX_AHEAD_MS))).toMatchObject({ ok: true });
    }
  });

  it("ING-13 The parser refuses every time below 10^12 in every update, because it is in seconds.", () => {
    const paths = updatesWithAllTimes().flatMap((each) => timesIn(each).map((path) => ({ each, path })));
    expect(paths.length).toBeGreaterThan(25);
    for (const { each, path } of paths) {
      for (const tooSmall of [0, 1, NOON / 1000, 999_999_999_999]) {
        const parsed = parse(withValue(each, path, Math.floor(tooSmall)));
        expect(parsed).toMatchObject({ ok: false, path: expect.stringMatching(new RegExp(`\\.${String(path.at(-1))}$`)) });
        expect(parsed).toMatchObject({ message: expect.stringContaining("milliseconds") });
      }
    }
  });

  it("ING-6 The parser refuses a snapshot with an entry whose time is far ahead.", () => {
    const body = bodyOf(anAgentState());
    const withEntry = (occurredAt: number) =>
      parse({ type: "roster.snapshot", takenAt: NOON, agents: [bodyOf(anAgentState()), { ...body, occurredAt }] });
    for (const occurredAt of [NOON * 1000, NOON + MAX_AHEAD_MS + 1]) {
      expect(withEntry(occurredAt)).toMatchObject({ ok: false, path: "updates[0].agents[1].occurredAt" });
    }
    expect(withEntry(NOON + MAX_AHEAD_MS)).toMatchObject({ ok: true });
  });

  it("ING-2 The parser answers every text with updates or a message and never throws.", () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.json(),
          fc.json().map((json) => `{"updates":[${json}]}`),
        ),
        (body) => {
          const parsed = parseUpdates(body, NOON);
          expect(parsed.ok || parsed.message.length > 0).toBe(true);
        },
      ),
      { numRuns: 1000 },
    );
  });
});
