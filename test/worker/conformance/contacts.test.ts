import { describe, expect, it } from "vitest";
import { call, freshInstance, posted, ticket } from "../support.ts";
import { agentState, contact, sentiment } from "../updates.ts";
import { TestViewer } from "../viewer.ts";

describe("An agent with a chat", () => {
  const chat = contact("chat-1", { channel: "chat", queue: "Chat", direction: "inbound" });

  it("ROS-23 is on a contact for hub.v1 viewers and pollers, and on a call for legacy viewers.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    const legacy = await TestViewer.open(instance, { legacy: true });
    await posted(instance, agentState("a1", { contacts: [chat] }));
    await viewer.until(({ agents }) => agents.get("a1")?.status === "on a contact");
    await legacy.until(({ agents }) => agents.get("a1")?.status === "on a call");
    const headers = { Authorization: `Bearer ${await ticket(instance)}` };
    const polled = await call(`/v1/instances/${instance}/agents`, { headers });
    expect((await polled.json<{ data: unknown[] }>()).data).toMatchObject([{ status: "on a contact", contactCount: 1 }]);
    viewer.close();
    legacy.close();
  });

  it("ROS-24 shows the call beside it first, and the score of each.", async () => {
    const instance = freshInstance();
    const viewer = await TestViewer.open(instance);
    await posted(instance, agentState("a1", { contacts: [chat, contact("call-1")] }));
    await posted(instance, sentiment("chat-1", -2.5), sentiment("call-1", 1));
    await viewer.until(({ agents }) => agents.get("a1")?.contacts?.[1]?.sentimentScore === -2.5);
    expect(viewer.agents.get("a1")).toMatchObject({
      status: "on a call",
      contactId: "call-1",
      sentimentScore: 1,
      contactCount: 2,
      contacts: [
        { contactId: "call-1", channel: "voice", status: "on a call", sentimentScore: 1 },
        { contactId: "chat-1", channel: "chat", status: "on a contact", queue: "Chat", direction: "inbound" },
      ],
    });
    expect(viewer.gaps).toEqual([]);
    viewer.close();
  });
});
