import { env } from "cloudflare:workers";
import { expect, it } from "vitest";
import { upgradeRequest } from "../../../worker/auth/connect-request.ts";
import { freshInstance, posted } from "../support.ts";
import { agentState } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

it("RET-1 A viewer is told in its first frame within which time to come back, wherever it is served.", async () => {
  const instance = freshInstance();
  await posted(instance, agentState("a1"));
  for (const subject of ["first", "second"]) {
    const viewer = await TestViewer.open(instance, { subject });
    await viewer.until((v) => v.frames.length === 1);
    expect(viewer.last("initialAgentList")["comeBackWithinMs"]).toBe(5_000);
  }
});

it("RET-1 A relay counts the viewers of the whole contact center, as the primary says.", async () => {
  const request = upgradeRequest({
    subject: "ana",
    groupFilter: null,
    roles: [],
    sessionEndsAt: Date.now() + 3_600_000,
    ticketId: "t1",
    ticketExpiresAt: Date.now() + 60_000,
    legacy: false,
    region: "enam",
    position: null,
    viewersElsewhere: 10_000,
  });
  const { webSocket } = await env.RELAY.getByName(`${freshInstance()}/enam/1`).fetch(request);
  if (webSocket === null) throw new Error("The relay opened no WebSocket.");
  const viewer = new TestViewer(webSocket);
  await viewer.until((v) => v.frames.length === 1);
  expect(viewer.last("initialAgentList")["comeBackWithinMs"]).toBe(26_000);
  viewer.close();
});
