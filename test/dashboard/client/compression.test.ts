import { afterAll, beforeAll, expect, test } from "vitest";
import { WebSocket } from "ws";
import { buyTicket } from "../../support/viewer.ts";
import { HubUnderTest } from "./hub-under-test.ts";

let hub: HubUnderTest;

beforeAll(async () => {
  hub = await HubUnderTest.start();
}, 60_000);
afterAll(() => hub.stop());

test.each([
  [["hub.v1.z", "hub.v1"], "hub.v1.z", ""],
  [["hub.v1", "hub.v1.z"], "hub.v1.z", ""],
  [["hub.v1"], "hub.v1", "permessage-deflate"],
])(
  "ZIP-1 The Workers runtime answers a client that offers %j and permessage-deflate with %s and the extension '%s'.",
  async (offered, protocol, extensions) => {
    const ticket = await buyTicket(hub.base);
    const socket = new WebSocket(`${hub.base.replace("http", "ws")}/live`, [...offered, `ticket.${ticket}`], {
      perMessageDeflate: true,
    });
    const first = await new Promise((resolve, reject) => {
      socket.on("message", (data, isBinary) => resolve({ isBinary, text: data.toString().slice(0, 26) }));
      socket.on("error", reject);
    });
    expect(first).toEqual({ isBinary: false, text: '{"type":"initialAgentList"' });
    expect([socket.protocol, socket.extensions]).toEqual([protocol, extensions]);
    socket.terminate();
  },
);

test("ZIP-1 A refused ticket closes a socket that offers hub.v1.z with the same code.", async () => {
  const socket = new WebSocket(`${hub.base.replace("http", "ws")}/live`, ["hub.v1.z", "ticket.wrong"]);
  const code = await new Promise((resolve, reject) => {
    socket.on("close", resolve);
    socket.on("error", reject);
  });
  expect([code, socket.protocol]).toEqual([4500, "hub.v1.z"]);
});
