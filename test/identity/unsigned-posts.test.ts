import { connect } from "node:net";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HubUnderTest, INSTANCE } from "../dashboard/client/hub-under-test.ts";

let hub: HubUnderTest;

beforeAll(async () => {
  hub = await HubUnderTest.start();
});
afterAll(() => hub.stop());

/** Sends the headers of a post and none of its body, and returns the first line of the answer. */
function answerToHeaders(instance: string, headers: Record<string, string>): Promise<string> {
  const { hostname, port } = new URL(hub.url);
  const socket = connect(Number(port), hostname);
  const all = { Host: `${hostname}:${port}`, "Content-Type": "application/json", "Content-Length": "1000", ...headers };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`);
  socket.write(`POST /v1/instances/${instance}/updates HTTP/1.1\r\n${lines.join("\r\n")}\r\n\r\n`);
  return new Promise((resolve, reject) => {
    socket.once("data", (data) => {
      socket.destroy();
      resolve(String(data).split("\r\n")[0] ?? "");
    });
    socket.once("error", reject);
  });
}

test("SIG-6 Over a real connection the hub refuses an unsigned post while its body is still to come.", async () => {
  for (const instance of [INSTANCE, "made-up"]) {
    expect(await answerToHeaders(instance, {})).toBe("HTTP/1.1 401 Unauthorized");
    expect(await answerToHeaders(instance, { "Content-Length": "2000000" })).toBe("HTTP/1.1 413 Payload Too Large");
  }
});

test("SIG-6 Over a real connection the hub refuses a post to an unknown instance while its body is still to come.", async () => {
  const signature = {
    "webhook-id": "p1",
    "webhook-timestamp": String(Math.floor(Date.now() / 1000)),
    "webhook-signature": `v1,${Buffer.alloc(32).toString("base64")}`,
  };
  expect(await answerToHeaders("made-up", signature)).toBe("HTTP/1.1 401 Unauthorized");
});
