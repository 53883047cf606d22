import { SignJWT } from "jose";
import { describe, expect, it } from "vitest";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { checkTicket, fitsSession, issueTicket } from "../../../worker/auth/tickets.ts";
import { readSettings } from "../../../worker/settings.ts";

const NOW = 1_714_564_800_250;
const SECOND = Math.floor(NOW / 1000);
const keyOf = (letter: string) => Uint8Array.from({ length: 32 }, () => letter.charCodeAt(0));
const [OLD, NEW] = [keyOf("o"), keyOf("n")];
const grant = { subject: "ana", groupFilter: ["Ventas", "Atención"], sessionEndsAt: NOW + 3_600_000 };

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
      expiresAt,
      sessionEndsAt: (SECOND + 3600) * 1000,
    };
    expect(await checkTicket([NEW], "i1", ticket, NOW)).toEqual({ ok: true, ticket: expected });
    expect(await checkTicket([NEW], "i1", ticket, expiresAt - 1)).toMatchObject({ ok: true });
    expect(await checkTicket([NEW], "i1", ticket, expiresAt)).toEqual({ ok: false, reason: CLOSE.ticketExpired });
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

  it("SES-2 A session holds groups of exactly 12 KiB as JSON, and no byte more.", () => {
    const filter = (bytes: number) => ["ñ".repeat(2), "x".repeat(bytes - '["ññññ",""]'.length)];
    expect(fitsSession(filter(12 * 1024))).toBe(true);
    expect(fitsSession(filter(12 * 1024 + 1))).toBe(false);
    expect(fitsSession(null)).toBe(true);
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
