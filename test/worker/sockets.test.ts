import { describe, expect, it } from "vitest";
import { CLOSE } from "../../protocol/close-codes.ts";
import { closeSocket, refuseSocket } from "../../worker/sockets.ts";
import { TestViewer } from "./viewer.ts";

/** Opens a pair of sockets and returns the hub's end and the viewer's. */
function openPair(): { server: WebSocket; viewer: TestViewer } {
  const { 0: client, 1: server } = new WebSocketPair();
  server.accept();
  return { server, viewer: new TestViewer(client) };
}

async function closeOf(viewer: TestViewer): Promise<unknown> {
  await viewer.until((each) => each.closed !== null, "a close");
  return viewer.closed;
}

describe("The hub's answer to a close", () => {
  it("SES-10 The hub answers with the code that it got, and with none to a close without a code.", async () => {
    const coded = openPair();
    closeSocket(coded.server, 3001, "why");
    expect(await closeOf(coded.viewer)).toEqual({ code: 3001, reason: "why" });
    const silent = openPair();
    closeSocket(silent.server, 1005, "");
    expect(await closeOf(silent.viewer)).toEqual({ code: 1005, reason: "" });
  });

  it.each([1006, 1015])("SES-10 The hub does not answer code %i, because no close frame came.", (code) => {
    const { server, viewer } = openPair();
    closeSocket(server, code, "");
    expect(server.readyState).toBe(WebSocket.OPEN);
    viewer.close();
  });

  it("SES-10 A second close and a code that no server may send do no harm.", async () => {
    const { server, viewer } = openPair();
    closeSocket(server, 42, "");
    closeSocket(server, 1000, "");
    closeSocket(server, 1000, "");
    expect(await closeOf(viewer)).toMatchObject({ code: 1000 });
  });
});

describe("A refused socket", () => {
  it.each([
    [{ legacy: false }, "hub.v1"],
    [{ legacy: false, compact: true }, "hub.v1.z"],
    [{ legacy: true }, null],
  ])("SES-7 A refused socket is opened and closed with the reason (%o, subprotocol: %s).", async (dialect, protocol) => {
    const answer = refuseSocket(CLOSE.tooManyViewers, dialect);
    expect([answer.status, answer.headers.get("Sec-WebSocket-Protocol")]).toEqual([101, protocol]);
    if (answer.webSocket === null) throw new Error("The answer has no socket.");
    expect(await closeOf(new TestViewer(answer.webSocket))).toEqual(CLOSE.tooManyViewers);
  });
});
