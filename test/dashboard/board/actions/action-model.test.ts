import { describe, expect, it } from "vitest";
import { type ActionOffer, actionOffers } from "../../../../dashboard/board/model/actions/action-offers.ts";
import { deedWords, endWords } from "../../../../dashboard/board/model/actions/action-words.ts";
import { knownStatuses } from "../../../../dashboard/board/model/actions/known-statuses.ts";
import { NO_RIGHTS, readRights } from "../../../../dashboard/board/model/actions/reader-rights.ts";
import { createText } from "../../../../dashboard/board/text/text.ts";
import { ACTIONS } from "../../../../protocol/actions.ts";
import type { AgentContactRow } from "../../../../protocol/agent.ts";

const text = createText("en");
const spanish = createText("es-MX");

function aContact(contactId: string, change: Partial<AgentContactRow> = {}): AgentContactRow {
  const rest = {
    channel: "voice",
    status: "on a call",
    since: 1,
    startedAt: 1,
    queue: "Ventas",
    direction: null,
    sentimentScore: null,
  } as const;
  return { contactId, ...rest, ...change };
}
const offersOf = (contacts: AgentContactRow[], shown: string | null = null, permitted = new Set(ACTIONS)) =>
  actionOffers({ contacts, contactId: contacts[0]?.contactId ?? null }, permitted, shown);
const inWords = (offers: readonly ActionOffer[]) =>
  offers.map(({ action, contact, obstacle }) => `${action} ${contact?.contactId ?? obstacle ?? ""}`.trim());

describe("The offered actions", () => {
  it.each<[string, AgentContactRow[], string[]]>([
    ["no contact", [], ["listen noContact", "status", "free nothingToFree", "barge noContact", "stop noContact"]],
    ["a call", [aContact("c1")], ["listen c1", "status", "free nothingToFree", "barge c1", "stop c1"]],
    [
      "a call on hold",
      [aContact("c1", { status: "on hold" })],
      ["listen c1", "status", "free nothingToFree", "barge c1", "stop c1"],
    ],
    [
      "a ringing call",
      [aContact("c1", { status: "ringing" })],
      ["listen ringing", "status", "free nothingToFree", "barge ringing", "stop c1"],
    ],
    [
      "a chat",
      [aContact("c1", { channel: "chat", status: "on a contact" })],
      ["listen c1", "status", "free nothingToFree", "barge c1", "stop c1"],
    ],
    [
      "a task",
      [aContact("c1", { channel: "task", status: "on a contact" })],
      ["listen notAudible", "status", "free nothingToFree", "barge notAudible", "stop c1"],
    ],
    [
      "a missed call",
      [aContact("c1", { status: "missed" })],
      ["listen noContact", "status", "free c1", "barge noContact", "stop noContact"],
    ],
    [
      "after-contact work",
      [aContact("c1", { status: "after call work" })],
      ["listen noContact", "status", "free c1", "barge noContact", "stop noContact"],
    ],
    [
      "an error and a chat",
      [aContact("c1", { status: "error" }), aContact("c2", { channel: "chat", status: "on a contact" })],
      ["listen c2", "status", "free c1", "barge c2", "stop c2"],
    ],
  ])("for an agent with %s name the contact that fits, or what is in the way.", (_, contacts, expected) => {
    expect(inWords(offersOf(contacts))).toEqual(expected);
  });

  it("are about the contact that the reader looks at, if it fits.", () => {
    const contacts = [
      aContact("c1"),
      aContact("c2", { channel: "chat", status: "on a contact" }),
      aContact("c3", { channel: "task", status: "on a contact" }),
    ];
    expect(inWords(offersOf(contacts, "c2"))).toContain("listen c2");
    expect(inWords(offersOf(contacts, "c3"))).toEqual(["listen c1", "status", "free nothingToFree", "barge c1", "stop c3"]);
  });

  it("are only those that the hub permits.", () => {
    expect(inWords(offersOf([aContact("c1")], null, new Set(["stop"] as const)))).toEqual(["stop c1"]);
    expect(offersOf([aContact("c1")], null, new Set())).toEqual([]);
  });
});

describe("The statuses to choose from", () => {
  const seen = (
    status: "available" | "away" | "offline" | "on a call",
    statusName: string | null,
    nextStatus: string | null = null,
  ) => ({ status, statusName, nextStatus });

  it("are those that some agent has now or next, and one that ends the work last.", () => {
    const agents = [
      seen("away", "Lunch"),
      seen("available", "Available"),
      seen("on a call", "Busy line", "Training"),
      seen("away", "Lunch"),
    ];
    expect(knownStatuses(agents, text.compare).names).toEqual(["Available", "Lunch", "Training", "Offline"]);
  });

  it("are confirmed if only signed-out agents have them. Such an agent may keep the name of the status before.", () => {
    const agents = [seen("offline", "Fuera de línea"), seen("available", "Disponible"), seen("offline", "Disponible")];
    const known = knownStatuses(agents, text.compare);
    expect(known.names).toEqual(["Disponible", "Fuera de línea", "Offline"]);
    expect([...known.offline].sort()).toEqual(["Fuera de línea", "Offline"]);
  });

  it("are only Offline when nobody is on the board.", () => {
    expect(knownStatuses([], text.compare).names).toEqual(["Offline"]);
  });
});

describe("The rights of the reader", () => {
  it("are what the hub tells. What is absent or unknown grants nothing.", () => {
    const granted = readRights({
      name: "Eva",
      roles: ["supervisor"],
      actions: ["listen", "whisper"],
      timeZone: "America/Mexico_City",
    });
    expect(granted).toEqual({ roles: ["supervisor"], actions: new Set(["listen"]), timeZone: "America/Mexico_City" });
    expect(readRights({})).toEqual(NO_RIGHTS);
    expect(readRights({ actions: "all", timeZone: "Nowhere/Land" })).toEqual(NO_RIGHTS);
    expect(readRights(null)).toBeNull();
  });
});

/** Every code that docs/protocol.md names for an action, written down here once more. */
const CODES = `agent_gone busy connect_refused connect_unavailable contact_moved_on free_refused listen_refused not_permitted
  status_refused status_unknown stop_refused supervisor_unknown switched_off too_many_listeners unauthorized bad_order unknown
  function_refused not_allowed not_found nothing_to_free not_listenable supervisor_not_named id_reused not_configured
  too_many_requests invalid_action`.split(/\s+/);

describe("The words for what became of an action", () => {
  it.each(CODES)("say what %s means in both languages.", (code) => {
    const end = { kind: code === "unknown" ? "unknown" : "refused", code, message: "From the hub." } as const;
    const [english, inSpanish] = [text, spanish].map((one) => endWords("listen", end, false, one));
    expect(english).toMatch(/\.$/);
    expect(inSpanish).toMatch(/\.$/);
    expect(inSpanish).not.toBe(english);
  });

  it("never call done what nobody knows.", () => {
    const end = { kind: "unknown", code: "unknown", message: "" } as const;
    expect(endWords("stop", end, false, text)).toBe(
      "Nobody knows whether it happened. Look in Amazon Connect before you try again.",
    );
    expect(endWords("stop", end, false, spanish)).toBe("No se sabe si se hizo. Revisa en Amazon Connect antes de repetir.");
  });

  it("say of a status whether it follows a contact.", () => {
    const end = { kind: "done", code: "done", message: "" } as const;
    expect(endWords("status", end, true, text)).toContain("follows the running contact");
    expect(endWords("status", end, false, text)).not.toContain("follows");
  });

  it("name the deed with its contact or its status.", () => {
    const deed = { action: "listen", name: "Ana", contactWords: "Chat: Web", statusName: null } as const;
    expect(deedWords(deed, text)).toBe("Listen (Chat: Web)");
    expect(deedWords({ ...deed, action: "status", contactWords: null, statusName: "Lunch" }, spanish)).toBe("Estado Lunch");
  });
});
