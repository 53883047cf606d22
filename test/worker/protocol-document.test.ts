import * as v from "valibot";
import { afterEach, beforeEach, expect, it, vi } from "vitest";
import protocol from "../../docs/protocol.md?raw";
import { importSecrets, sign } from "../../protocol/signature.ts";
import { call, freshInstance, SECRET, ticket } from "./support.ts";
import { TestViewer } from "./viewer.ts";

/** The blocks of one language in the two chapters that show a minute, in the order of the page. */
const blocks = (language: string) =>
  [...protocol.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\\n\`\`\``, "g"))].map(([, text = ""]) => text);

const [request = ""] = blocks("http");
const [firstPost = "", answer = "", list = "", secondPost = "", batch = "", watch = "", transcript = ""] = blocks("json");
const headers = Object.fromEntries(
  [...request.matchAll(/^([a-z-]+): (.+)$/gm)].map(([, name = "", value = ""]) => [name, value]),
);
/** The page shows one epoch. Each hub makes its own. */
const shown = (text: string, epoch: string): unknown => JSON.parse(text, (key, value) => (key === "epoch" ? epoch : value));

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["Date"], now: Number(headers["webhook-timestamp"]) * 1000 });
});
afterEach(() => {
  vi.useRealTimers();
});

it("The signed post and the socket session of docs/protocol.md are what the hub takes and sends.", async () => {
  const instance = freshInstance();
  expect(protocol).toContain(SECRET);
  const post = (signature: object, body: string) =>
    call(`/v1/instances/${instance}/updates`, { method: "POST", headers: { ...headers, ...signature }, body });
  const first = await post({}, firstPost);
  const answered = await first.json<{ epoch: string }>();
  expect(answered).toEqual(shown(answer, answered.epoch));

  const viewer = await TestViewer.open(instance, { token: await ticket(instance, { subject: "lupe" }) });
  await viewer.until(({ frames }) => frames.length > 0, "the list");
  expect(viewer.last("initialAgentList")).toEqual(shown(list, answered.epoch));

  const later = v.parse(v.object({ serverTime: v.number() }), JSON.parse(batch)).serverTime;
  vi.setSystemTime(later);
  const keys = await importSecrets(SECRET);
  const again = await sign(keys, "post-2", later / 1000, secondPost);
  expect((await post(again, secondPost)).status).toBe(200);
  await viewer.until(({ frames }) => frames.some(({ type }) => type === "agentStatusBatch"), "the changes");
  expect(viewer.last("agentStatusBatch")).toEqual(shown(batch, answered.epoch));

  viewer.send(JSON.parse(watch));
  await viewer.until(({ transcripts }) => transcripts.length > 0, "the transcript");
  expect(viewer.last("transcript")).toEqual(shown(transcript, answered.epoch));
});
