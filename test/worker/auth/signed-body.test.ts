import { afterEach, describe, expect, it, vi } from "vitest";
import { importSecrets, sign } from "../../../protocol/signature.ts";
import { MAX_BODY_BYTES } from "../../../protocol/updates.ts";
import { readSignedBody, type SignedBody, signingKeys } from "../../../worker/auth/signed-body.ts";
import { SECRET } from "../support.ts";

const NOW = 1_714_564_800_000;
const encoder = new TextEncoder();

interface PostParts {
  headers?: Record<string, string>;
  webhookId?: string;
  secrets?: string;
  /** What is sent, when it differs from the signed text. */
  sent?: string | Uint8Array<ArrayBuffer> | ReadableStream<Uint8Array>;
}

/** Reads a post with a valid signature of `text`. A header that is an empty text is left out. */
async function readPost(text: string, { headers = {}, webhookId = "msg-1", secrets, sent }: PostParts = {}): Promise<SignedBody> {
  const signature = await sign(await importSecrets(SECRET), webhookId, NOW / 1000, text);
  const all = Object.entries({ "Content-Type": "application/json", ...signature, ...headers }).filter(
    ([, value]) => value !== "",
  );
  const request = new Request("https://hub.example/", { method: "POST", headers: Object.fromEntries(all), body: sent ?? text });
  return readSignedBody(request, "one", secrets ?? SECRET, NOW);
}

/** A body without Content-Length that arrives in these pieces. */
function streamOf(pieces: Iterable<Uint8Array>): ReadableStream<Uint8Array> {
  const iterator = pieces[Symbol.iterator]();
  return new ReadableStream({
    pull(controller) {
      const next = iterator.next();
      if (next.done === true) controller.close();
      else controller.enqueue(next.value);
    },
  });
}

/** Headers that a signature could have. Only the body shows that it is none. */
const PLAUSIBLE = {
  "Content-Type": "application/json",
  "webhook-id": "msg-1",
  "webhook-timestamp": String(NOW / 1000),
  "webhook-signature": `v1,${btoa("x".repeat(32))}`,
};

/** A post whose body tells whether anybody read it. A header that is an empty text is left out. */
function unreadPost(changes: Record<string, string>): { request: Request; wasRead(): boolean; wasLetGo(): boolean } {
  let read = false;
  let letGo = false;
  const body = new ReadableStream(
    {
      pull() {
        read = true;
      },
      cancel() {
        letGo = true;
      },
    },
    { highWaterMark: 0 },
  );
  const headers = Object.fromEntries(Object.entries({ ...PLAUSIBLE, ...changes }).filter(([, value]) => value !== ""));
  return {
    request: new Request("https://hub.example/", { method: "POST", headers, body }),
    wasRead: () => read,
    wasLetGo: () => letGo,
  };
}

function statusOf(signed: SignedBody): number {
  return signed.ok ? 200 : signed.answer.status;
}

afterEach(() => vi.restoreAllMocks());

describe("A signed body without Content-Length", () => {
  it("ING-1 SIG-1 The hub joins the pieces of a stream, also where one ends within a character.", async () => {
    const text = '{"name":"Íñigo 🥪 Peña"}';
    const bytes = encoder.encode(text);
    const pieces = [bytes.slice(0, 10), bytes.slice(10, 18), bytes.slice(18)];
    expect(await readPost(text, { sent: streamOf(pieces) })).toEqual({ ok: true, webhookId: "msg-1", text });
  });

  it("ING-1 The hub accepts a stream of exactly 1 MiB.", async () => {
    const half = "x".repeat(MAX_BODY_BYTES / 2);
    const signed = await readPost(half + half, { sent: streamOf([encoder.encode(half), encoder.encode(half)]) });
    expect(signed.ok && signed.text.length).toBe(MAX_BODY_BYTES);
  });

  it("ING-10 The hub answers 413 to a stream above 1 MiB, and stops reading it.", async () => {
    let pieces = 0;
    function* tenMebibytes() {
      for (; pieces < 40; pieces += 1) yield new Uint8Array(MAX_BODY_BYTES / 4);
    }
    expect(statusOf(await readPost("x", { sent: streamOf(tenMebibytes()) }))).toBe(413);
    // The fifth piece is one too many. The stream prepares some pieces ahead of its reader.
    expect(pieces).toBeLessThan(20);
  });

  it("ING-10 The hub answers 413 to a stream that is one byte too long.", async () => {
    const sent = streamOf([new Uint8Array(MAX_BODY_BYTES), new Uint8Array(1)]);
    expect(statusOf(await readPost("x", { sent }))).toBe(413);
  });

  it("SIG-4 The hub answers 401 to a post without a body.", async () => {
    const request = new Request("https://hub.example/", { method: "POST", headers: { "Content-Type": "application/json" } });
    expect(statusOf(await readSignedBody(request, "one", SECRET, NOW))).toBe(401);
  });
});

describe("A signed body with Content-Length", () => {
  const withLength = (length: number) => ({ headers: { "Content-Length": String(length) } });

  it("ING-1 The hub accepts a body of exactly 1 MiB.", async () => {
    const text = "x".repeat(MAX_BODY_BYTES);
    expect(await readPost(text, withLength(MAX_BODY_BYTES))).toMatchObject({ ok: true, text });
  });

  it("ING-10 The hub answers 413 by the header alone, and without reading the body.", async () => {
    let read = false;
    const unread = new ReadableStream(
      {
        pull() {
          read = true;
        },
      },
      { highWaterMark: 0 },
    );
    expect(statusOf(await readPost("x", { ...withLength(MAX_BODY_BYTES + 1), sent: unread }))).toBe(413);
    expect(read).toBe(false);
  });

  it("ING-10 The hub answers 413 to a body that is longer than its header says and above 1 MiB.", async () => {
    expect(statusOf(await readPost("x".repeat(MAX_BODY_BYTES + 1), withLength(5)))).toBe(413);
  });

  it("SIG-1 The hub verifies the body that came, and not the one that the header announces.", async () => {
    expect(await readPost("{}", withLength(2))).toEqual({ ok: true, webhookId: "msg-1", text: "{}" });
  });
});

describe("The checks of a signed post", () => {
  it.each([
    ["application/json", 200],
    ["application/json; charset=utf-8", 200],
    ["application/json ;charset=utf-8", 200],
    ["Application/JSON", 200],
    ["application/jsonl", 415],
    ["text/application/json", 415],
    ["", 415],
  ])("ING-10 A post with the content type '%s' gets %i.", async (type, status) => {
    // A body of bytes has no content type of its own.
    const sent = Uint8Array.from(encoder.encode("{}"));
    expect(statusOf(await readPost("{}", { headers: { "Content-Type": type }, sent }))).toBe(status);
  });

  it("SIG-2 A webhook-id has at most 256 characters.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    expect((await readPost("{}", { webhookId: "i".repeat(256) })).ok).toBe(true);
    expect(statusOf(await readPost("{}", { webhookId: "i".repeat(257) }))).toBe(401);
    expect(lines.mock.calls).toEqual([['{"event":"post_refused","instanceId":"one","reason":"webhook_id_too_long"}']]);
  });

  it("SIG-4 The log names the reason of a refused signature, and the answer does not.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const signed = await readPost("{}", { sent: "[]" });
    expect(signed.ok ? null : await signed.answer.json()).toEqual({ error: "unauthorized" });
    expect(lines.mock.calls).toEqual([['{"event":"post_refused","instanceId":"one","reason":"no_match"}']]);
  });

  it("SIG-4 The log names an unknown instance, and its post gets 401.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    const request = new Request("https://hub.example/", {
      method: "POST",
      headers: { "Content-Type": "application/json" },
      body: "{}",
    });
    expect(statusOf(await readSignedBody(request, "made-up", undefined, NOW))).toBe(401);
    expect(lines.mock.calls).toEqual([['{"event":"post_refused","instanceId":"made-up","reason":"unknown_instance"}']]);
  });

  it.each([
    ["no signature", { "webhook-signature": "" }],
    ["no id", { "webhook-id": "" }],
    ["no timestamp", { "webhook-timestamp": "" }],
    ["a timestamp that is no number", { "webhook-timestamp": "now" }],
    ["a timestamp outside the tolerance", { "webhook-timestamp": String(NOW / 1000 - 301) }],
    ["an id that is too long", { "webhook-id": "i".repeat(257) }],
  ])("SIG-6 A post with %s is refused before its body is read, known instance or not.", async (_, wrong) => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    for (const secrets of [SECRET, undefined]) {
      const { request, wasRead, wasLetGo } = unreadPost(wrong);
      const signed = await readSignedBody(request, "one", secrets, NOW);
      expect(signed.ok ? null : [signed.answer.status, await signed.answer.json()]).toEqual([401, { error: "unauthorized" }]);
      expect(wasRead()).toBe(false);
      // Otherwise the runtime waits for the body before it sends the answer.
      await expect.poll(wasLetGo).toBe(true);
    }
  });

  it("SIG-6 A post to an unknown instance is refused without its body, and is like a wrong signature in its answer.", async () => {
    vi.spyOn(console, "log").mockImplementation(() => {});
    const answers = [];
    for (const secrets of [SECRET, undefined]) {
      const request = new Request("https://hub.example/", {
        method: "POST",
        headers: PLAUSIBLE,
        body: streamOf([encoder.encode("{}")]),
      });
      const signed = await readSignedBody(request, "one", secrets, NOW);
      if (signed.ok) throw new Error("A made-up signature was accepted.");
      answers.push([signed.answer.status, await signed.answer.text(), [...signed.answer.headers]]);
    }
    expect(answers[0]).toEqual(answers[1]);
    expect(JSON.stringify(answers[0])).toContain("www-authenticate");
    const endless = new Request("https://hub.example/", { method: "POST", headers: PLAUSIBLE, body: new ReadableStream() });
    expect(statusOf(await readSignedBody(endless, "made-up", undefined, NOW))).toBe(401);
  });

  it("SIG-6 A stream above 1 MiB gets 413 from an unknown instance too.", async () => {
    const body = streamOf([new Uint8Array(MAX_BODY_BYTES), new Uint8Array(1)]);
    const request = new Request("https://hub.example/", { method: "POST", headers: PLAUSIBLE, body });
    expect(statusOf(await readSignedBody(request, "made-up", undefined, NOW))).toBe(413);
  });

  it("ING-1 The hub answers 400 to a signed body that is not UTF-8, and ignores a byte order mark.", async () => {
    const marked = await readPost("\ufeff{}");
    expect(marked).toMatchObject({ ok: true, text: "{}" });
    const keys = await importSecrets(SECRET);
    const [key] = keys;
    if (key === undefined) throw new Error("The secret of the tests has no key.");
    const body = Uint8Array.of(0x22, 0xff, 0x22);
    const content = Uint8Array.of(...encoder.encode(`msg-1.${NOW / 1000}.`), ...body);
    const mac = new Uint8Array(await crypto.subtle.sign("HMAC", key, content));
    const signature = `v1,${btoa(String.fromCharCode(...mac))}`;
    const broken = await readPost("", { sent: body, headers: { "webhook-signature": signature } });
    expect(broken.ok ? null : await broken.answer.json()).toEqual({
      error: "invalid_update",
      path: "",
      message: "The body is not valid UTF-8. Send JSON in UTF-8.",
    });
    expect(statusOf(broken)).toBe(400);
    expect(await readPost("{}")).toMatchObject({ ok: true, text: "{}" });
  });

  it("OPS-1 A malformed secret gets 503, and the log names the setting and not the secret.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    expect(statusOf(await readPost("{}", { secrets: "whsec_dG9v" }))).toBe(503);
    expect(lines.mock.calls).toEqual([['{"event":"not_configured","setting":"INGEST_SECRETS","instanceId":"one"}']]);
  });

  it("The hub imports a secret once and keeps the keys.", async () => {
    const keys = await signingKeys(SECRET);
    expect(await signingKeys(SECRET)).toBe(keys);
  });
});
