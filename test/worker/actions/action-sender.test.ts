import { describe, expect, it } from "vitest";
import { ActionSender } from "../../../worker/actions/action-sender.ts";
import { messagesTo, receiver } from "../alerts/received.ts";
import { ACTIONS_SECRET } from "./acting.ts";

const ORDER = { action: "stop", instanceId: "i1", agentId: "a1", contactId: "c1" } as const;

describe("An order on its way to the function", () => {
  it("ACT-6 A function that never answers is given up after the time limit, and is asked once.", {
    timeout: 10_000,
  }, async () => {
    const { url, name } = receiver("hang");
    expect(await new ActionSender(100).send({ url, secrets: ACTIONS_SECRET }, "id-1", ORDER)).toBeNull();
    expect(await messagesTo(name)).toHaveLength(1);
  });

  it("ACT-6 An answer that never ends is read up to 12 KiB.", { timeout: 10_000 }, async () => {
    const { url } = receiver("never-ends");
    const answer = await new ActionSender(5_000).send({ url, secrets: ACTIONS_SECRET }, "id-2", ORDER);
    expect(answer).toEqual({ status: 200, body: "x".repeat(12_288) });
  });

  it("ACT-6 With a malformed secret nothing is sent.", async () => {
    const { url, name } = receiver("act-done");
    expect(await new ActionSender().send({ url, secrets: "whsec_short" }, "id-3", ORDER)).toBe("not sent");
    expect(await messagesTo(name)).toEqual([]);
  });
});
