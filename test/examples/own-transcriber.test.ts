import { execFile } from "node:child_process";
import { createServer, type IncomingMessage } from "node:http";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import fc from "fast-check";
import * as v from "valibot";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { type ScoredTurn, scoreContact } from "../../aws-ingest/scoring/sentiment-score.ts";
import { importSecrets, sign, verify } from "../../protocol/signature.ts";
import { parseUpdates } from "../../protocol/updates.ts";

const EXAMPLES = fileURLToPath(new URL("../../examples", import.meta.url));
const SECRET = `whsec_${Buffer.alloc(32, 7).toString("base64")}`;
const run = promisify(execFile);

/** Runs Python that has imported the example, and returns the JSON that it prints. */
async function python(code: string, input: unknown): Promise<unknown> {
  const prelude = "import json, sys\nimport own_transcriber as own\nfrom send import sign\ngiven = json.loads(sys.argv[1])\n";
  const { stdout } = await run("python3", ["-c", prelude + code, JSON.stringify(input)], { cwd: EXAMPLES });
  return JSON.parse(stdout);
}

interface ReceivedPost {
  id: string;
  verified: boolean;
  updates: unknown;
}
const posts: ReceivedPost[] = [];
/** What the hub answers next, before it answers 200. */
let answers: { status: number; retryAfter?: string }[] = [];
let address = "";

const server = createServer(async (request, response) => {
  const body = Buffer.concat(await request.toArray());
  posts.push({ ...(await verified(request, body)), updates: parseUpdates(body.toString(), Date.now()) });
  const { status, retryAfter } = answers.shift() ?? { status: 200 };
  response.writeHead(status, {
    "content-type": "application/json",
    ...(retryAfter !== undefined && { "retry-after": retryAfter }),
  });
  response.end('{"accepted":1}');
});

async function verified(request: IncomingMessage, body: Uint8Array): Promise<{ id: string; verified: boolean }> {
  const header = (name: string) => v.parse(v.fallback(v.nullable(v.string()), null), request.headers[name]);
  const result = await verify(await importSecrets(SECRET), header, body, Math.floor(Date.now() / 1000));
  return { id: String(header("webhook-id")), verified: result.ok };
}

beforeAll(async () => {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const bound = server.address();
  if (bound === null || typeof bound === "string") throw new Error("The server has no port.");
  address = `http://127.0.0.1:${bound.port}`;
});
afterAll(() => void server.close());
beforeEach(() => {
  posts.length = 0;
  answers = [];
});

const POST_AGENT = `
try:
    board = own.Board(given["url"], "an-instance", given["secret"])
    print(json.dumps(board.agent("A123", "Jane Doe", own.now_ms(), [])))
except Exception as error:
    print(json.dumps({"code": error.code}))
`;
const postAgent = () => python(POST_AGENT, { url: address, secret: SECRET });

describe("A transcriber in Python", () => {
  test("SIG-1 A post has a valid signature and valid updates.", async () => {
    expect(await postAgent()).toEqual({ accepted: 1 });
    expect(posts).toMatchObject([{ verified: true, updates: { ok: true, updates: [{ type: "agent.state", agentId: "A123" }] } }]);
  });

  test("SIG-3 A post during a rotation has a signature of each secret.", async () => {
    const other = `whsec_${Buffer.alloc(32, 8).toString("base64")}`;
    expect(await python(POST_AGENT, { url: address, secret: `${other} ${SECRET}` })).toEqual({ accepted: 1 });
    expect(posts.map(({ verified }) => verified)).toEqual([true]);
  });

  test("SIG-1 The signatures of Python and of the project are the same for the same post.", async () => {
    const cases = await Promise.all(
      [SECRET, `whsec_${Buffer.alloc(64, 200).toString("base64")}`].flatMap((secret) =>
        ["{}", '{"updates":[]}', "ñ 你好 \u{1f642}"].map(async (body) => {
          const headers = await sign(await importSecrets(secret), "msg_1", 1_790_000_000, body);
          return { secret, body, signature: headers["webhook-signature"] };
        }),
      ),
    );
    const code = 'print(json.dumps([sign(one["secret"], "msg_1", "1790000000", one["body"].encode()) for one in given]))';
    expect(await python(code, cases)).toEqual(cases.map(({ signature }) => signature));
  });

  test.each([429, 503])("ING-9 A post that is answered %s is repeated with the same id.", async (status) => {
    answers = [{ status, retryAfter: "0.01" }];
    expect(await postAgent()).toEqual({ accepted: 1 });
    expect(posts.map(({ verified }) => verified)).toEqual([true, true]);
    expect(new Set(posts.map(({ id }) => id)).size).toBe(1);
  });

  test.each([400, 401])("A post that is answered %s is not repeated.", async (status) => {
    answers = [{ status }];
    expect(await postAgent()).toEqual({ code: status });
    expect(posts.length).toBe(1);
  });

  test("SEN-3 The score of Python is the score of the transcriber for every call.", async () => {
    const turn = fc.record({
      role: fc.constantFrom("customer" as const, "agent" as const),
      beginMs: fc.integer({ min: 0, max: 400_000 }),
      lengthMs: fc.integer({ min: 1, max: 20_000 }),
      sentiment: fc.constantFrom("positive" as const, "neutral" as const, "negative" as const, "mixed" as const),
    });
    const calls = fc
      .sample(fc.array(turn, { maxLength: 30 }), 300)
      .map((turns) =>
        turns.map(
          ({ lengthMs, ...rest }, index): ScoredTurn => ({ ...rest, turnId: String(index), endMs: rest.beginMs + lengthMs }),
        ),
      );
    const given = calls.map((turns) => turns.map(({ role, beginMs, endMs, sentiment }) => [role, beginMs, endMs, sentiment]));
    const code = "print(json.dumps([own.score_of([tuple(turn) for turn in call]) for call in given]))";
    expect(await python(code, given)).toEqual(calls.map((turns) => scoreContact(turns)));
  });
});
