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

/** Specifiers of a file: relative ones as paths from the root, packages by their name. */
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

/** Who may know whom: the first rule whose folder fits decides. A name without a slash at the end is one file or one package. */
const RINGS: ReadonlyArray<{ folder: string; may: readonly string[] }> = [
  { folder: "protocol/", may: ["protocol/", "valibot"] },
  { folder: "core/", may: ["core/", "protocol/"] },
  { folder: "worker/", may: ["worker/", "core/", "protocol/", "hono", "jose", "valibot", "cloudflare:workers"] },
  { folder: "aws-ingest/media/cli.ts", may: ["aws-ingest/media/", "node:*"] },
  { folder: "aws-ingest/media/", may: ["aws-ingest/media/"] },
  {
    folder: "aws-ingest/clients/",
    may: [
      "aws-ingest/",
      "core/sentiment.ts",
      "protocol/",
      "@aws-sdk/*",
      "@smithy/*",
      "@aws-lambda-powertools/*",
      "node:*",
      "valibot",
    ],
  },
  {
    folder: "aws-ingest/",
    may: ["aws-ingest/", "core/sentiment.ts", "protocol/", "@aws-lambda-powertools/*", "aws-lambda", "node:*", "valibot"],
  },
  { folder: "dashboard/client/", may: ["dashboard/client/", "protocol/", "valibot"] },
  { folder: "dashboard/", may: ["dashboard/", "protocol/", "react", "react-dom", "@tanstack/react-virtual", "valibot"] },
  { folder: "infra/", may: ["infra/", "aws-cdk-lib", "cdk-nag", "constructs", "node:*", "valibot"] },
];

describe("who may know whom", () => {
  for (const { folder, may } of RINGS) {
    test(`${folder} imports only ${may.join(", ")}`, () => {
      const strangers = sources
        .filter((source) => RINGS.find((ring) => source.path.startsWith(ring.folder))?.folder === folder)
        .flatMap((source) =>
          source.imports.filter((name) => !may.some((allowed) => fits(name, allowed))).map((name) => `${source.path} -> ${name}`),
        );
      expect(strangers).toEqual([]);
    });
  }

  test("nothing outside test/ imports test/", () => {
    const strangers = sources
      // The runner's configuration takes over a type from a set-up that it names anyway.
      .filter(({ path }) => !path.startsWith("test/") && path !== "vitest.config.ts")
      .flatMap((source) => source.imports.filter(inFolder("test")).map((name) => `${source.path} -> ${name}`));
    expect(strangers).toEqual([]);
  });

  test("only aws-ingest/clients reaches out to the network", () => {
    const callers = sources.filter(
      ({ path, text }) =>
        inFolder("aws-ingest")(path) && !inFolder("aws-ingest/clients")(path) && /\bfetch\(/.test(withoutComments(text)),
    );
    expect(callers.map(({ path }) => path)).toEqual([]);
  });
});

function fits(name: string, allowed: string): boolean {
  if (allowed.endsWith("*")) return name.startsWith(allowed.slice(0, -1));
  return allowed.endsWith("/") ? name.startsWith(allowed) : name === allowed;
}

function withoutComments(text: string): string {
  return text.replaceAll(/\/\*[\s\S]*?\*\//g, "").replaceAll(/(^|\s)\/\/.*$/gm, "$1");
}

describe("house habits", () => {
  test("core is synchronous and pure: no clock, no randomness, no waiting", () => {
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

  test("no file has two jobs: 300 lines, tests 400", () => {
    const long = sources
      .map(({ path, text }) => ({ path, lines: text.trimEnd().split("\n").length, limit: inFolder("test")(path) ? 400 : 300 }))
      .filter(({ lines, limit }) => lines > limit);
    expect(long).toEqual([]);
  });

  test("no drawer for everything: no utils, helpers, common, misc or types files", () => {
    const drawers = sources.filter(({ path }) => /(^|\/)(utils?|helpers?|common|misc|shared|types)(\/|\.[a-z]+$)/.test(path));
    expect(drawers.map(({ path }) => path)).toEqual([]);
  });

  test("no way around the types: no any, no ignored error, no assertion of non-null", () => {
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

  test("no test is switched off or alone", () => {
    const switched = sources
      .filter(({ path }) => inFolder("test")(path) && path !== "test/architecture.test.ts")
      .filter(({ text }) => /\b(?:test|it|describe)\.(?:skip|only|todo|fails)\b/.test(text));
    expect(switched.map(({ path }) => path)).toEqual([]);
  });
});

/** A suppression of the linter says which rule and why. */
const REASONED = /biome-ignore [\w/]+: \S.{15,}/;

describe("docs/protocol.md", () => {
  test("every rule is held by at least one test whose title starts with its id", () => {
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
    // The first argument of `it`, `test`, `describe` and of what `.each(…)` returns, or a clause's `title`.
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
