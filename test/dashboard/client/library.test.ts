import { existsSync, globSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { build } from "esbuild";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EmbeddingApp } from "./embedding-app.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const VITE_TYPES = join(ROOT, "node_modules/vite/client");
/** Packing, compiling and building take seconds, but minutes on a busy machine. */
const SLOW_TEST_TIMEOUT_MS = 240_000;
const KIB = 1024;

let app: EmbeddingApp;

beforeAll(() => {
  app = new EmbeddingApp();
}, SLOW_TEST_TIMEOUT_MS);
afterAll(() => app.remove());

describe("The package", () => {
  test("passes publint.", async () => {
    const { messages } = await publint({ pkgDir: join(ROOT, "dist/lib"), strict: true, pack: false });
    const manifest = JSON.parse(readFileSync(join(ROOT, "dist/lib/package.json"), "utf8"));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("gets no other remark from arethetypeswrong than the two that docs/embed.md explains: it has no CommonJS build.", async () => {
    const checked = await checkPackage(createPackageFromTarballData(readFileSync(app.tarball)));
    const problems = checked.types === false ? ["The package has no types."] : checked.problems;
    const remarks = problems.map((problem) => {
      if (typeof problem === "string") return problem;
      return [problem.kind, "resolutionKind" in problem ? problem.resolutionKind : ""].join(" ").trim();
    });
    expect([...new Set(remarks)].sort()).toEqual([
      "CJSResolvesToESM node16-cjs",
      "NoResolution node10",
      "UntypedResolution node10",
    ]);
  });

  test("carries each example that its README links.", () => {
    const readme = readFileSync(join(ROOT, "dist/lib/README.md"), "utf8");
    const linked = [...readme.matchAll(/\]\((?:\.\.\/)?(examples\/[^)#]*)\)/g)].map(([, file = ""]) => file);
    expect(linked.length).toBeGreaterThan(4);
    expect(linked.filter((file) => !existsSync(join(app.folder, "node_modules/vigia", file)))).toEqual([]);
  });

  test("depends only on two packages and on React as an optional peer.", () => {
    const manifest = JSON.parse(readFileSync(join(app.folder, "node_modules/vigia/package.json"), "utf8"));
    expect(Object.keys(manifest.dependencies).sort()).toEqual(["valibot"]);
    expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true }, "react-dom": { optional: true } });
  });

  // docs/embed.md says what the limits are for. Queues and alerts took 1.8 KiB, questions over HTTP 0.2 KiB, the center 0.1 KiB, measured 2026-11-26.
  // Compact frames and the pace took 1.0 KiB, and letting alerts go that are over 0.1 KiB.
  test.each([
    ["vigia/client", 'export { createAgentClient } from "vigia/client"', 10.75 * KIB],
    [
      "vigia/react, with the client",
      'export * from "vigia/react"; export { createAgentClient } from "vigia/client"',
      12.75 * KIB,
    ],
    ["vigia/vigia-client.js", 'export * from "vigia/vigia-client.js"', 11 * KIB],
  ])("%s stays within its size limit (gzip).", async (_name, contents, budget) => {
    const bundle = await build({
      stdin: { contents, resolveDir: app.folder },
      bundle: true,
      minify: true,
      format: "esm",
      target: "es2022",
      write: false,
      external: ["react", "react/jsx-runtime"],
    });
    expect(gzipSync(bundle.outputFiles[0]?.contents ?? "", { level: 9 }).length).toBeLessThanOrEqual(budget);
  });

  test(
    "declares its types for bundlers and for Node, without skipLibCheck.",
    () => {
      const pages = ["react/main.tsx", "react/Providers.tsx", "react/CallPanel.tsx", "react/QueueList.tsx", "board/main.tsx"];
      const server = ["server/server.tsx", "server/main.tsx", "ticket-endpoint.ts"];
      expect(app.typeErrors("bundler", [...pages, ...server], [VITE_TYPES, "node"])).toBe("");
      const everything = globSync("node_modules/vigia/{protocol,dashboard}/**/*.d.ts", { cwd: app.folder });
      expect(everything.length).toBeGreaterThan(10);
      expect(app.typeErrors("nodenext", everything)).toBe("");
      writeFileSync(
        join(app.folder, "wrong.ts"),
        'import { createAgentClient } from "vigia/client";\ncreateAgentClient({ url: 1 });\n',
      );
      expect(app.typeErrors("nodenext", ["wrong.ts"])).toContain("wrong.ts(2,");
    },
    SLOW_TEST_TIMEOUT_MS,
  );

  test(
    "has types for its style sheet and its single file without the types of Vite, and takes undefined for every option.",
    () => {
      writeFileSync(
        join(app.folder, "options.tsx"),
        `import { createAgentClient, fetchTicket } from "vigia/vigia-client.js";
import type { AgentClient } from "vigia/client";
import { AgentBoard, loadWords } from "vigia/board";
import "vigia/board.css";
import { AgentClientProvider, shallow, useAlerts, useQueue, useQueueContacts, useQueues, useTranscript } from "vigia/react";
import { createFakeAgentClient } from "vigia/testing";

export const client: AgentClient = createAgentClient({
  url: "https://hub.test",
  instanceId: "i",
  getTicket: fetchTicket,
  initialData: undefined,
  onError: undefined,
  WebSocket: undefined,
  clock: undefined,
  random: undefined,
});
export const fake = createFakeAgentClient({ agents: undefined, queues: undefined, alerts: undefined, acknowledgeAs: undefined,
  script: undefined, now: undefined, connection: undefined });
export const Words = ({ contactId }: { contactId?: string }) => <>{useTranscript(contactId, { enabled: undefined })?.status}</>;
export const Queues = ({ queueId }: { queueId?: string }) => {
  const ids: string[] = useQueues((queues) => queues.map(({ queueId: id }) => id), shallow);
  const waiting: number | undefined = useQueue(ids[0] ?? "", (queue) => queue?.waiting);
  const contacts = useQueueContacts(queueId, { enabled: undefined })?.contacts.length;
  const open: boolean = useAlerts((alerts) => alerts.some(({ state, acknowledgedBy }) => state === "firing" && acknowledgedBy === null));
  return <>{waiting} {contacts} {open}</>;
};
export const page = (
  <AgentClientProvider client={client} enabled={undefined}>
    <AgentBoard client={client} title={undefined} locale={undefined} theme={undefined} tv={undefined} view={undefined}
      agentId={undefined} connectAlias={undefined} storage={undefined} onLocale={undefined} onTheme={undefined} onTv={undefined}
      onView={undefined} onAgentId={undefined} onSignIn={undefined} />
  </AgentClientProvider>
);
`,
      );
      expect(app.typeErrors("bundler", ["options.tsx"])).toBe("");
      expect(app.typeErrors("nodenext", ["options.tsx"])).toBe("");
    },
    SLOW_TEST_TIMEOUT_MS,
  );

  test("loads and renders on a server without a bundler, and does not connect there.", () => {
    const html = app.runModule(`
      import { createElement as h } from "react";
      import { renderToString } from "react-dom/server";
      import { AgentBoard, loadWords } from "vigia/board";
      import { createAgentClient } from "vigia/client";
      import { AgentClientProvider, useConnection } from "vigia/react";
      import { createFakeAgentClient, fakeAgent } from "vigia/testing";
      import { PING } from "vigia/protocol/messages";

      const client = createAgentClient({ url: "https://hub.test", instanceId: "i", getTicket: () => Promise.reject(new Error()) });
      const Status = () => h("b", null, useConnection().status);
      console.log(renderToString(h(AgentClientProvider, { client }, h(Status))));
      await loadWords("en");
      console.log(renderToString(h(AgentBoard, { client, title: "Ventas" })).includes("Ventas"));
      console.log(createFakeAgentClient({ agents: [fakeAgent({ agentId: "a" })] }).agents().length, PING);
    `);
    expect(html).toBe("<b>idle</b>\ntrue\n1 ping\n");
  });

  test("has a sample of a test with the fake client that passes.", () => {
    expect(app.runModule(readFileSync(join(app.folder, "testing.mjs"), "utf8"))).toBe("");
  });
});
