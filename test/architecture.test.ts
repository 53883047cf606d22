import { globSync, readFileSync } from "node:fs";
import { dirname, join, normalize } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const ROOT = fileURLToPath(new URL("..", import.meta.url));
const GENERATED = new Set(["worker-configuration.d.ts"]);

interface Source {
  path: string;
  text: string;
  imports: string[];
}

const sources: Source[] = globSync("**/*.{ts,tsx,mjs,js}", {
  cwd: ROOT,
  exclude: (path) => /(^|\/)(node_modules|dist|cdk\.out|\.wrangler|\.vigia|\.git|artifacts)$/.test(path),
})
  .filter((path) => !GENERATED.has(path))
  .map((path) => {
    const text = readFileSync(join(ROOT, path), "utf8");
    return { path, text, imports: importsOf(path, text) };
  });

/** Returns the imports of a file: relative ones as paths from the root, packages by their names. */
function importsOf(path: string, text: string): string[] {
  const found = text.matchAll(
    /^\s*(?:import|export)\b[^;'"`]*?\bfrom\s*["']([^"']+)["']|^\s*import\s*["']([^"']+)["']|\bimport\(\s*["']([^"']+)["']/gm,
  );
  return [...found].map(([, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? "";
    if (specifier.startsWith(".")) return normalize(join(dirname(path), specifier));
    return specifier.startsWith("@") ? specifier.split("/").slice(0, 2).join("/") : (specifier.split("/")[0] ?? "");
  });
}

const inFolder = (folder: string) => (path: string) => path.startsWith(`${folder}/`);

/** The imports that most folders of `aws-ingest/` may have besides each other. */
const LAMBDA = ["protocol/", "node:*", "valibot"];

/** Which folder may import what. The most specific folder decides. A folder may always import itself. */
const ROOMS: Readonly<Record<string, readonly string[]>> = {
  "protocol/": ["valibot"],
  "core/board/": ["protocol/", "valibot"],
  "core/state/": ["core/board/", "protocol/", "valibot"],
  "core/alerts/": ["core/state/", "core/board/", "protocol/", "tinyqueue", "valibot"],
  "core/actions/": ["core/state/", "core/board/", "protocol/", "valibot"],
  "core/history/replay/": ["core/board/", "valibot"],
  "core/queues/": ["core/state/", "core/board/", "protocol/", "valibot"],
  "core/history/": ["core/state/", "core/board/", "protocol/", "valibot"],
  "core/center/": ["core/alerts/", "core/history/", "core/queues/", "core/state/", "core/board/", "protocol/", "valibot"],
  "core/broadcast/": ["core/board/", "protocol/"],
  "core/replication/": ["core/broadcast/", "core/board/", "protocol/", "valibot"],
  "worker/": ["core/", "protocol/", "hono", "jose", "valibot", "cloudflare:workers", "node:zlib"],
  "aws-ingest/media/": ["node:*"],
  "aws-ingest/scoring/": ["protocol/"],
  "aws-ingest/transcribe/": [],
  "aws-ingest/connect/": ["aws-ingest/scoring/", ...LAMBDA],
  "aws-ingest/call/": ["aws-ingest/media/", "aws-ingest/scoring/", "aws-ingest/transcribe/", ...LAMBDA],
  "aws-ingest/runtime/": ["aws-ingest/call/", "aws-ingest/transcribe/", "@aws-lambda-powertools/*", ...LAMBDA],
  "aws-ingest/clients/": ["aws-ingest/call/", "aws-ingest/connect/", "@aws-sdk/*", "@smithy/*", ...LAMBDA],
  "aws-ingest/delivery/": ["aws-ingest/clients/", "aws-ingest/connect/", "aws-ingest/runtime/", ...LAMBDA],
  "aws-ingest/handlers/": [
    "aws-ingest/call/",
    "aws-ingest/clients/",
    "aws-ingest/connect/",
    "aws-ingest/delivery/",
    "aws-ingest/runtime/",
    ...LAMBDA,
  ],
  "dashboard/client/": ["protocol/", "valibot"],
  "dashboard/react/": ["dashboard/client/", "dashboard/board/", "protocol/", "react"],
  "dashboard/board/": ["dashboard/client/", "dashboard/react/", "protocol/", "react", "react-dom", "openid-client", "valibot"],
  "infra/": ["aws-ingest/transcribe/", "aws-cdk-lib", "cdk-nag", "constructs", "node:*", "valibot"],
};

describe("Imports", () => {
  for (const [folder, allowed] of Object.entries(ROOMS)) {
    test(`in ${folder} lead only to ${allowed.join(", ")} and itself.`, () => {
      const strangers = sources
        .filter(({ path }) => roomOf(path) === folder)
        .flatMap(({ path, imports }) =>
          imports.filter((name) => ![folder, ...allowed].some((room) => fits(name, room))).map((name) => `${path} -> ${name}`),
        );
      expect(strangers).toEqual([]);
    });
  }

  test("are ruled by the table for every source file of core and aws-ingest.", () => {
    const homeless = sources.filter(({ path }) => /^(core|aws-ingest)\//.test(path) && roomOf(path) === undefined);
    expect(homeless.map(({ path }) => path)).toEqual([]);
  });

  test("form no circle.", () => {
    const graph = new Map(sources.map(({ path, imports }) => [path, imports]));
    const circles = sources.filter(({ path }) => reaches(graph, path)).map(({ path }) => path);
    expect(circles).toEqual([]);
  });

  test("of test/ exist in test/ only.", () => {
    const strangers = sources
      .filter(({ path }) => !path.startsWith("test/"))
      .flatMap((source) => source.imports.filter(inFolder("test")).map((name) => `${source.path} -> ${name}`));
    expect(strangers).toEqual([]);
  });

  test("of the network stay in aws-ingest/clients: no other file of aws-ingest calls fetch.", () => {
    const callers = sources.filter(
      ({ path, text }) =>
        inFolder("aws-ingest")(path) && !inFolder("aws-ingest/clients")(path) && /\bfetch\(/.test(withoutComments(text)),
    );
    expect(callers.map(({ path }) => path)).toEqual([]);
  });
});

function roomOf(path: string): string | undefined {
  return Object.keys(ROOMS)
    .filter((folder) => path.startsWith(folder))
    .sort((a, b) => b.length - a.length)[0];
}

/** Whether the imports of a file lead back to it. */
function reaches(graph: ReadonlyMap<string, readonly string[]>, start: string): boolean {
  const seen = new Set<string>();
  const open = [...(graph.get(start) ?? [])];
  for (let path = open.pop(); path !== undefined; path = open.pop()) {
    if (path === start) return true;
    if (seen.has(path)) continue;
    seen.add(path);
    open.push(...(graph.get(path) ?? []));
  }
  return false;
}

function fits(name: string, allowed: string): boolean {
  if (allowed.endsWith("*")) return name.startsWith(allowed.slice(0, -1));
  return allowed.endsWith("/") ? name.startsWith(allowed) : name === allowed;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

describe("The source", () => {
  test("of core is synchronous and pure: it has no clock, no randomness and no waiting.", () => {
    const impure = sources
      .filter(({ path }) => inFolder("core")(path))
      .flatMap(({ path, text }) =>
        [
          ...withoutComments(text).matchAll(
            /\bDate\.now\b|\bnew Date\(\)|\bMath\.random\b|\bawait\b|\basync\b|\bPromise\b|\bcrypto\.|\bperformance\.|\bsetTimeout\b|\bconsole\./g,
          ),
        ].map(([word]) => `${path}: ${word}`),
      );
    expect(impure).toEqual([]);
  });

  test("has files of at most 300 lines, and tests of at most 400.", () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length, limit: inFolder("test")(path) ? 400 : 300 }))
      .filter(({ lines, limit }) => lines > limit);
    expect(long).toEqual([]);
  });

  test("has no file or folder named utils, helpers, common, misc, shared or types.", () => {
    const drawers = sources.filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc|shared|types)(\/|\.[a-z]+$)/.test(path));
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });

  test("has no any, no ignored type error, and no lint rule that is off without a reason.", () => {
    const ways = sources
      .filter(({ path }) => path !== "test/architecture.test.ts")
      .flatMap(({ path, text }) =>
        [
          ...text.matchAll(
            /@ts-(?:ignore|nocheck|expect-error)|:\s*any\b(?=\s*[;,)=\]|>}&])|\bas any\b|<any>|\bany\[\]|biome-ignore/g,
          ),
        ]
          .filter(([way]) => way !== "biome-ignore" || !REASONED.test(text))
          .map(([way]) => `${path}: ${way}`),
      );
    expect(ways).toEqual([]);
  });

  test("has no test that is skipped, expected to fail, or run alone.", () => {
    const switched = sources
      .filter(({ path }) => inFolder("test")(path) && path !== "test/architecture.test.ts")
      .filter(({ text }) => /\b(?:test|it|describe)\.(?:skip|only|todo|fails)\b/.test(text));
    expect(switched.map(({ path }) => path)).toEqual([]);
  });
});

/** A suppressed lint rule, with its name and a reason. */
const REASONED = /biome-ignore [\w/]+: \S.{15,}/;

describe("docs/protocol.md", () => {
  test("has for every rule a test whose title starts with the id of the rule.", () => {
    const protocol = readFileSync(join(ROOT, "docs/protocol.md"), "utf8");
    const rules = [...protocol.matchAll(/^\s*- \*\*([A-Z]+-\d+)\*\*/gm)].map(([, id]) => id ?? "");
    expect(rules.length).toBeGreaterThan(0);
    expect(
      rules.filter((id, index) => rules.indexOf(id) !== index),
      "ids used twice",
    ).toEqual([]);
    const titles = sources
      .filter(({ path }) => inFolder("test")(path))
      .map(({ text }) => text)
      .join("\n");
    // The first argument of `it`, `test`, `describe` and the function that `.each(…)` returns, or the `title` of a clause.
    const held = new Set(
      [...titles.matchAll(/(?:\(|\btitle:)\s*["'`]((?:[A-Z]+-\d+[,:\s]*)+)/g)].flatMap(
        ([, ids]) => ids?.match(/[A-Z]+-\d+/g) ?? [],
      ),
    );
    expect(
      rules.filter((id) => !held.has(id)),
      "rules without a test",
    ).toEqual([]);
  });
});
