import { spawn } from "node:child_process";
import { globSync, readFileSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { gzipSync } from "node:zlib";
import { build } from "esbuild";
import type { Browser, Page } from "playwright-core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { ticketEndpoint } from "../../../examples/ticket-endpoint.ts";
import { launchBrowser } from "../../browser/browser.ts";
import { anAgentState } from "../../support/updates.ts";
import { EmbeddingApp } from "./embedding-app.ts";
import { HubUnderTest, INSTANCE } from "./hub-under-test.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
/** Packing, compiling and building take seconds, but minutes on a busy machine. */
const SLOW_TEST_TIMEOUT_MS = 240_000;
const TYPES: Readonly<Record<string, string>> = { html: "text/html", js: "text/javascript", css: "text/css" };
const until = (check: () => void | Promise<void>) => vi.waitFor(check, { timeout: 30_000, interval: 50 });

let app: EmbeddingApp;
let server: Server;
let origin: string;
let hub: HubUnderTest;
let browser: Browser;

beforeAll(async () => {
  app = new EmbeddingApp();
  server = createServer((request, response) => {
    const path = new URL(request.url ?? "/", "http://page").pathname;
    const type = TYPES[path.split(".").at(-1) ?? ""];
    if (type === undefined || path.includes("..")) {
      response.writeHead(404).end();
      return;
    }
    response.writeHead(200, { "content-type": type }).end(readFileSync(join(app.folder, path)));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  origin = typeof address === "object" && address !== null ? `http://127.0.0.1:${address.port}` : "";
  hub = await HubUnderTest.start(origin);
  await hub.post(anAgentState({ agentId: "a", name: "Jane Doe" }), anAgentState({ agentId: "b", name: "Agente Dos" }));
  browser = await launchBrowser();
}, SLOW_TEST_TIMEOUT_MS);
afterAll(async () => {
  await browser.close();
  await hub.stop();
  await new Promise((resolve) => server.close(resolve));
  app.remove();
});

async function open(path: string): Promise<{ page: Page; errors: string[] }> {
  const page = await (await browser.newContext()).newPage();
  const errors: string[] = [];
  page.on("pageerror", (error) => errors.push(error.message));
  page.on(
    "console",
    (message) => message.type() === "error" && !/favicon/.test(message.location().url) && errors.push(message.text()),
  );
  await page.goto(origin + path);
  return { page, errors };
}

describe("The package", () => {
  test("passes publint.", async () => {
    const { messages } = await publint({ pkgDir: join(ROOT, "dist/lib"), strict: true, pack: false });
    const manifest = JSON.parse(readFileSync(join(ROOT, "dist/lib/package.json"), "utf8"));
    expect(messages.map((message) => formatMessage(message, manifest))).toEqual([]);
  });

  test("depends only on two packages and on React as an optional peer.", () => {
    const manifest = JSON.parse(readFileSync(join(app.folder, "node_modules/vigia/package.json"), "utf8"));
    expect(Object.keys(manifest.dependencies).sort()).toEqual(["@tanstack/react-virtual", "valibot"]);
    expect(manifest.peerDependenciesMeta).toEqual({ react: { optional: true }, "react-dom": { optional: true } });
  });

  test.each([
    ["vigia/client", 'export { createAgentClient } from "vigia/client"', 7 * 1024],
    ["vigia/react, with the client", 'export * from "vigia/react"; export { createAgentClient } from "vigia/client"', 9 * 1024],
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
      expect(app.typeErrors("bundler", ["react/main.tsx", "react/Providers.tsx", "react/CallPanel.tsx", "board/main.tsx"])).toBe(
        "",
      );
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

  test("loads and renders on a server without a bundler, and does not connect there.", () => {
    const html = app.runModule(`
      import { createElement as h } from "react";
      import { renderToString } from "react-dom/server";
      import { AgentBoard } from "vigia/board";
      import { createAgentClient } from "vigia/client";
      import { AgentClientProvider, useConnection } from "vigia/react";
      import { createFakeAgentClient, fakeAgent } from "vigia/testing";
      import { PING } from "vigia/protocol/messages";

      const client = createAgentClient({ url: "https://hub.test", instanceId: "i", getTicket: () => Promise.reject(new Error()) });
      const Status = () => h("b", null, useConnection().status);
      console.log(renderToString(h(AgentClientProvider, { client }, h(Status))));
      console.log(renderToString(h(AgentBoard, { client, title: "Ventas" })).includes("Ventas"));
      console.log(createFakeAgentClient({ agents: [fakeAgent({ agentId: "a" })] }).agents().length, PING);
    `);
    expect(html).toBe("<b>idle</b>\ntrue\n1 ping\n");
  });
});

test("The example of a test with the fake client passes.", () => {
  expect(app.runModule(readFileSync(join(ROOT, "examples/testing.mjs"), "utf8"))).toBe("");
});

describe("SES-6 An example on a page of another origin, with the real hub,", () => {
  test("shows the list of agents with React, and shows a change.", async () => {
    await app.build("react", { VITE_HUB: hub.url, VITE_INSTANCE: INSTANCE });
    const { page, errors } = await open("/dist/react/index.html");
    const rows = page.getByRole("row");
    await until(async () => expect(await rows.allTextContents()).toHaveLength(2));
    expect(await rows.first().textContent()).toMatch(/^Agente Dosavailable\d+ s–$/);
    await hub.post(anAgentState({ agentId: "b", name: "Agente Dos", signedIn: true, occurredAt: Date.now(), status: away() }));
    await until(async () => expect(await rows.first().textContent()).toContain("away"));
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("shows the whole board with its own theme.", async () => {
    await app.build("board", { VITE_HUB: hub.url, VITE_INSTANCE: INSTANCE });
    const { page, errors } = await open("/dist/board/index.html");
    await until(async () => expect(await page.getByRole("rowheader").allTextContents()).toHaveLength(2));
    expect(await page.getByText("Jane Doe").count()).toBeGreaterThan(0);
    const style = await page.locator(".vigia").evaluate((element) => {
      const { fontFamily, backgroundColor } = getComputedStyle(element);
      return { fontFamily, backgroundColor };
    });
    expect(style.fontFamily).toContain("Montserrat");
    expect(style.backgroundColor).toBe("rgb(245, 246, 248)");
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("shows the agents on a page without a bundler.", async () => {
    const { page, errors } = await open(`/plain/index.html?hub=${hub.url}&instance=${INSTANCE}`);
    await until(async () => expect((await page.locator("li").allTextContents()).join()).toContain("Jane Doe: available"));
    await until(async () => expect(await page.getByRole("status").textContent()).toBe("live"));
    expect(errors).toEqual([]);
    await page.context().close();
  });

  test("FLU-8 The legacy client in examples/ shows the agents with thirty lines of code.", async () => {
    const file = join(ROOT, "examples/plain-client.mjs");
    expect(readFileSync(file, "utf8").trimEnd().split("\n").length).toBeLessThanOrEqual(30);
    const child = spawn(process.execPath, [file, hub.url, INSTANCE], { stdio: ["ignore", "pipe", "inherit"] });
    let printed = "";
    child.stdout.on("data", (chunk) => {
      printed += chunk;
    });
    try {
      await until(() => expect(printed).toContain("Jane Doe\tavailable\t-\t-"));
      await hub.post(anAgentState({ agentId: "a", name: "Jane Doe", occurredAt: Date.now(), status: away() }));
      await until(() => expect(printed).toContain("Jane Doe\taway\t-\t-"));
    } finally {
      child.kill();
    }
  });

  test("answers at its ticket endpoint with a ticket for a person who is signed in, and with 401 for others.", async () => {
    const options = { hub: hub.url, instanceId: INSTANCE };
    const request = new Request(`${origin}/vigia-ticket`, { method: "POST" });
    const given = await ticketEndpoint({ ...options, idTokenOf: async () => "token" })(request);
    expect(given.status).toBe(200);
    expect(await given.json()).toMatchObject({ ticket: expect.any(String), expiresAt: expect.any(Number) });
    expect((await ticketEndpoint({ ...options, idTokenOf: async () => null })(request)).status).toBe(401);
  });
});

function away() {
  return { name: "Almuerzo", kind: "custom" as const, since: Date.now() };
}
