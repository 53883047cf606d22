import fc from "fast-check";
import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { checkTicket, fitsSession, issueTicket, sessionEnd } from "../../../worker/auth/tickets.ts";
import type { ViewerRole } from "../../../worker/auth/viewer-roles.ts";
import { readSettings } from "../../../worker/settings.ts";

const NOW = 1_714_564_800_250;
const SECOND = Math.floor(NOW / 1000);
const keyOf = (letter: string) => Uint8Array.from({ length: 32 }, () => letter.charCodeAt(0));
const [OLD, NEW] = [keyOf("o"), keyOf("n")];
const grant = {
  subject: "ana",
  groupFilter: ["Ventas", "Atención"],
  roles: ["supervisor"] satisfies ViewerRole[],
  sessionEndsAt: NOW + 3_600_000,
};

async function issued(keys = [NEW], given: typeof grant | { groupFilter: null } = grant): Promise<string> {
  return (await issueTicket(keys, "i1", { ...grant, ...given }, "t1", NOW)).ticket;
}

/** Signs a ticket of which one part may be wrong. */
function signedWith({
  alg = "HS256",
  typ = "vigia-ticket",
  iss = "vigia",
  claims = {} as Record<string, unknown>,
}): Promise<string> {
  return new SignJWT({ end: SECOND + 60, sub: "ana", jti: "t1", exp: SECOND + 60, ...claims })
    .setProtectedHeader({ alg, typ })
    .setIssuer(iss)
    .setAudience("i1")
    .sign(NEW);
}

describe("Tickets", () => {
  it("SES-4 A ticket carries who may watch what, and lasts for 60 s.", async () => {
    const { ticket, expiresAt } = await issueTicket([NEW], "i1", grant, "t1", NOW);
    expect(expiresAt).toBe((SECOND + 60) * 1000);
    const expected = {
      id: "t1",
      subject: "ana",
      groupFilter: ["Atención", "Ventas"],
      roles: ["supervisor"],
      usernames: [],
      expiresAt,
      sessionEndsAt: (SECOND + 3600) * 1000,
    };
    expect(await checkTicket([NEW], "i1", ticket, NOW)).toEqual({ ok: true, ticket: expected });
    expect(await checkTicket([NEW], "i1", ticket, expiresAt - 1)).toMatchObject({ ok: true });
    expect(await checkTicket([NEW], "i1", ticket, expiresAt)).toEqual({ ok: false, reason: CLOSE.ticketExpired });
  });

  it("ACT-9 A ticket carries the names that Amazon Connect may know, only for somebody who may act.", async () => {
    const names = async (roles: ViewerRole[]) => {
      const { ticket } = await issueTicket([NEW], "i1", { ...grant, roles, usernames: ["ana@example.com"] }, "t1", NOW);
      const checked = await checkTicket([NEW], "i1", ticket, NOW);
      return checked.ok ? checked.ticket.usernames : null;
    };
    expect([await names(["supervisor"]), await names([])]).toEqual([["ana@example.com"], []]);
  });

  it("IDN-8 A ticket carries the name of the person, if the identity has one.", async () => {
    const { ticket } = await issueTicket([NEW], "i1", { ...grant, name: "Ana Ruiz" }, "t1", NOW);
    expect(await checkTicket([NEW], "i1", ticket, NOW)).toMatchObject({ ok: true, ticket: { subject: "ana", name: "Ana Ruiz" } });
  });

  it("SES-2 A ticket without groups shows all of them, and one with an empty list shows none.", async () => {
    expect(await checkTicket([NEW], "i1", await issued([NEW], { groupFilter: null }), NOW)).toMatchObject({
      ticket: { groupFilter: null },
    });
    expect(await checkTicket([NEW], "i1", await issued([NEW], { ...grant, groupFilter: [] }), NOW)).toMatchObject({
      ticket: { groupFilter: [] },
    });
  });

  it("SES-4 The first key signs, and every key verifies, so that keys rotate without a refused ticket.", async () => {
    const before = await issued([OLD]);
    const after = await issued([NEW, OLD]);
    expect(await checkTicket([NEW, OLD], "i1", before, NOW)).toMatchObject({ ok: true });
    expect(await checkTicket([NEW], "i1", after, NOW)).toMatchObject({ ok: true });
    expect(await checkTicket([OLD], "i1", after, NOW)).toEqual({ ok: false, reason: CLOSE.badTicket });
    expect(await checkTicket([NEW, OLD], "i1", before, NOW + 60_000)).toEqual({ ok: false, reason: CLOSE.ticketExpired });
  });

  it("SES-4 A ticket is for one instance.", async () => {
    expect(await checkTicket([NEW], "i2", await issued(), NOW)).toEqual({ ok: false, reason: CLOSE.badTicket });
  });

  it("SES-4 A ticket of one hub opens no other hub, even if both have the same TICKET_SECRET.", async () => {
    const keysOf = (name: string) => {
      const settings = readSettings({ INGEST_SECRETS: "{}", TICKET_SECRET: btoa("x".repeat(32)), HUB_NAME: name });
      return settings.ok ? settings.settings.ticketSecrets : [];
    };
    const { ticket } = await issueTicket(keysOf("vigia-staging"), "i1", grant, "t1", NOW);
    expect(await checkTicket(keysOf("vigia-staging"), "i1", ticket, NOW)).toMatchObject({ ok: true });
    for (const other of ["vigia", "", "vigia-stagin", "vigia-test"]) {
      expect(await checkTicket(keysOf(other), "i1", ticket, NOW)).toEqual({ ok: false, reason: CLOSE.badTicket });
    }
  });

  it.each([
    ["another algorithm", { alg: "HS512" }],
    ["another type", { typ: "JWT" }],
    ["another issuer", { iss: "vigia-too" }],
    ["no subject", { claims: { sub: undefined } }],
    ["no id", { claims: { jti: undefined } }],
    ["no expiry", { claims: { exp: undefined } }],
    ["no end of the session", { claims: { end: undefined } }],
    ["groups that are no list", { claims: { groups: "Ventas" } }],
  ])("SES-7 A ticket with %s is a bad ticket.", async (_, wrong) => {
    expect(await checkTicket([NEW], "i1", await signedWith({}), NOW)).toMatchObject({ ok: true });
    expect(await checkTicket([NEW], "i1", await signedWith(wrong), NOW)).toEqual({ ok: false, reason: CLOSE.badTicket });
  });

  it("OPS-1 Without a key the hub issues no ticket and accepts none.", async () => {
    await expect(issued([])).rejects.toThrow("There is no ticket key. Set TICKET_SECRET.");
    expect(await checkTicket([], "i1", await issued(), NOW)).toEqual({ ok: false, reason: CLOSE.badTicket });
  });

  it("IDN-4 A ticket of a version without roles grants none, and so does a role that this version does not know.", async () => {
    expect(await checkTicket([NEW], "i1", await signedWith({}), NOW)).toMatchObject({ ticket: { roles: [] } });
    const newer = await signedWith({ claims: { roles: ["owner", "admin"] } });
    expect(await checkTicket([NEW], "i1", newer, NOW)).toMatchObject({ ticket: { roles: ["admin"] } });
  });
});

describe("The groups that a session can hold", () => {
  /** What a socket keeps through hibernation, with the longest subject and as many watched contacts as a viewer may have. */
  const attachmentWith = (groups: readonly string[]) => ({
    id: crypto.randomUUID(),
    subject: "s".repeat(256),
    plain: false,
    limit: JSON.parse(JSON.stringify(groups)),
    roles: ["admin", "supervisor"],
    expiresAt: NOW,
    watching: Array.from({ length: 20 }, () => crypto.randomUUID()),
  });

  it("SES-2 Groups that fit by the count of the ticket fit into the attachment of a socket, whatever their characters.", () => {
    const socket = new WebSocketPair()[1];
    const character = fc.constantFrom("a", "ñ", "–", "漢", "🥪");
    const group = fc.string({ unit: character, minLength: 1, maxLength: 256 });
    fc.assert(
      fc.property(fc.array(group, { maxLength: 120 }), (groups) => {
        if (fitsSession(groups)) socket.serializeAttachment(attachmentWith(groups));
      }),
      { numRuns: 300 },
    );
  });

  it.each([
    ["Latin letters", "x", 12_283],
    ["a dash beyond Latin-1", "–", 6_141],
  ])("SES-2 A group of %s may have %j %i times, and not once more.", (_, unit, times) => {
    const socket = new WebSocketPair()[1];
    const longest = [unit.repeat(times)];
    expect(fitsSession(longest)).toBe(true);
    expect(() => socket.serializeAttachment(attachmentWith(longest))).not.toThrow();
    expect(fitsSession([unit.repeat(times + 1)])).toBe(false);
    expect(fitsSession(null)).toBe(true);
  });

  it("SES-2 One dash among Latin names counts for all of them, because a part of a wide text stays wide.", () => {
    const names = Array.from({ length: 40 }, (_, index) => `${index}`.padEnd(215, "x"));
    expect(fitsSession(names)).toBe(true);
    expect(fitsSession([...names, "Norte – Sur"])).toBe(false);
  });

  it("SES-2 200 group ids of Entra fit.", () => {
    expect(fitsSession(Array.from({ length: 200 }, () => crypto.randomUUID()))).toBe(true);
  });
});

describe("The end of a session", () => {
  it.each([
    ["never ends", Number.POSITIVE_INFINITY, 3_600_000],
    ["ends in ten minutes", NOW + 600_000, 600_000],
    ["ends in five seconds", NOW + 5_000, 90_000],
    ["ended 20 s ago, within the tolerance", NOW - 20_000, 90_000],
  ])("SES-8 The session of an identity that %s has a sensible end.", (_, identityEndsAt, lasts) => {
    expect(sessionEnd(identityEndsAt, NOW)).toBe(NOW + lasts);
  });

  it("SES-16 What fits into a session fits into a socket's attachment, also when a name needs two bytes a character.", () => {
    const names = (count: number) => Array.from({ length: count }, (_, index) => `${"x".repeat(250)}–${index}`);
    const most = Array.from({ length: 48 }, (_, index) => index).findLast((count) => fitsSession(names(count))) ?? 0;
    expect(most).toBeGreaterThan(20);
    expect(fitsSession(names(40))).toBe(false);
    const { 0: socket } = new WebSocketPair();
    expect(() => socket.serializeAttachment({ limit: names(most), watching: [] })).not.toThrow();
  });
});
