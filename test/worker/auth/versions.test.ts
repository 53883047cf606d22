import { describe, expect, it } from "vitest";
import { CLOSE } from "../../../protocol/close-codes.ts";
import { type ConnectRequest, readConnectRequest, upgradeRequest } from "../../../worker/auth/connect-request.ts";
import { readTicketCheck } from "../../../worker/auth/tickets.ts";

const connect: ConnectRequest = {
  subject: "ana",
  groupFilter: ["México", "Ventas"],
  roles: ["supervisor"],
  sessionEndsAt: 2,
  ticketId: "t",
  ticketExpiresAt: 1,
  legacy: true,
  region: "enam",
  position: { epoch: "e", seq: 7 },
};

describe("While two versions of the code run side by side", () => {
  it("a connect request travels under the names of the first release.", () => {
    const request = upgradeRequest(connect);
    expect(JSON.parse(decodeURIComponent(request.headers.get("x-vigia-admission") ?? ""))).toMatchObject({
      limit: ["México", "Ventas"],
      plain: true,
    });
    expect(readConnectRequest(request)).toEqual(connect);
  });

  it("a connect request without a readable group filter opens nothing.", () => {
    const request = upgradeRequest(connect);
    const { limit: _, ...rest } = JSON.parse(decodeURIComponent(request.headers.get("x-vigia-admission") ?? ""));
    const headers = { "x-vigia-admission": encodeURIComponent(JSON.stringify(rest)) };
    expect(() => readConnectRequest(new Request("https://object/live", { headers }))).toThrow();
  });

  it("a connect request of a Worker that knows no roles grants none.", () => {
    const request = upgradeRequest(connect);
    const { roles: _, ...rest } = JSON.parse(decodeURIComponent(request.headers.get("x-vigia-admission") ?? ""));
    const headers = { "x-vigia-admission": encodeURIComponent(JSON.stringify(rest)) };
    expect(readConnectRequest(new Request("https://object/live", { headers })).roles).toEqual([]);
  });

  it("a ticket check of another version grants nothing when its group filter is missing.", () => {
    const ticket = { id: "t", subject: "ana", groupFilter: null, roles: [], sessionEndsAt: 2, expiresAt: 1 };
    expect(readTicketCheck({ ok: true, ticket })).toEqual({ ok: true, ticket: { ...ticket, usernames: [] } });
    const { groupFilter: _, ...old } = ticket;
    expect(readTicketCheck({ ok: true, ticket: { ...old, limit: null } })).toEqual({ ok: false, reason: CLOSE.restarting });
    expect(readTicketCheck(undefined)).toEqual({ ok: false, reason: CLOSE.restarting });
  });

  it("a refusal of another version keeps its close code.", () => {
    expect(readTicketCheck({ ok: false, reason: CLOSE.revoked })).toEqual({ ok: false, reason: CLOSE.revoked });
    expect(readTicketCheck({ ok: false, reason: { code: 4999, reason: "news" } })).toEqual({
      ok: false,
      reason: CLOSE.restarting,
    });
  });
});
