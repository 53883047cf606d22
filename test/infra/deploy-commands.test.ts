import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { importSecrets, verify } from "../../protocol/signature.ts";
import { checkHub } from "../../scripts/deploy/check-hub.ts";
import { checkSettings, checkWorker } from "../../scripts/deploy/check-machine.ts";
import { report } from "../../scripts/deploy/preflight-report.ts";
import { EXAMPLE, exampleWith } from "./example.ts";

const ID = "a8c17f30-f72c-4900-abd2-8745056c4c99";
let folder: string;
let servers: Server[] = [];
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "vigia-deploy-"));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await Promise.all(servers.map((server) => new Promise((resolve) => server.close(resolve))));
  servers = [];
});

/** Runs a deployment command as npm does, without cloud credentials. */
function command(
  name: string,
  args: string[],
  environment: Record<string, string> = {},
): Promise<{ code: number | null; text: string }> {
  const child = spawn(process.execPath, [`scripts/deploy/${name}.ts`, ...args], {
    env: { PATH: process.env["PATH"], HOME: folder, VIGIA_DEPLOY_FOLDER: folder, VIGIA_CONFIG: settingsFile({}), ...environment },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let text = "";
  child.stdout.on("data", (data) => (text += data));
  child.stderr.on("data", (data) => (text += data));
  return new Promise((resolve) => child.on("close", (code) => resolve({ code, text })));
}

/** An instance in an account that is not the example's. */
const OWN = JSON.parse(
  JSON.stringify(EXAMPLE).replaceAll("111122223333", "999988887777").replaceAll("us-east-1", "eu-central-1"),
);

/** Writes a settings file with one instance. */
function settingsFile(overrides: Record<string, unknown>, name = "settings.json"): string {
  const file = join(folder, name);
  writeFileSync(file, JSON.stringify({ instances: [{ ...OWN, ...overrides }] }));
  return file;
}

async function listen(server: Server): Promise<string> {
  servers.push(server);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (typeof address !== "object" || address === null) throw new Error("no port");
  return `http://127.0.0.1:${address.port}`;
}

/** Starts a server that answers preflight as a hub with `secret` does. */
const hubThatKnows = (secret: string, ready = true) =>
  listen(
    createServer(async (request, response) => {
      const chunks: Buffer[] = [];
      for await (const chunk of request) chunks.push(Buffer.from(chunk));
      const answer = (status: number, body: unknown) => response.writeHead(status).end(JSON.stringify(body));
      if (request.url === "/healthz") return answer(200, {});
      if (request.url === "/readyz") return ready ? answer(200, {}) : answer(503, { error: "not_ready", name: "TICKET_SECRET" });
      const header = (name: string) => String(request.headers[name] ?? "") || null;
      const checked = await verify(await importSecrets(secret), header, Buffer.concat(chunks), Date.now() / 1000);
      return checked.ok ? answer(400, { error: "invalid_update" }) : answer(401, { error: "unauthorized" });
    }),
  );

describe("npm run secret", () => {
  test.each([
    [["explode"], 'There is no command "explode".'],
    [[], "Give exactly one command"],
    [["list", "--loud"], "--loud"],
    [["remove"], "Name the instance with --instance."],
  ])("`secret` refuses the arguments %j with a reason and the usage.", async (args, message) => {
    const refused = await command("secret", args);
    expect(refused).toMatchObject({ code: 2, text: expect.stringContaining(message) });
    expect(refused.text).toContain("Usage: npm run secret");
  });
});

describe("npm run preflight", () => {
  test("`preflight` without a hub or credentials says what is missing and how to get it.", async () => {
    const { code, text } = await command("preflight", ["--hub", "http://127.0.0.1:9"]);
    expect(code).toBe(1);
    expect(text).toContain("stages.production.vars: AUTH_JWKS_URL, AUTH_ISSUER, AUTH_AUDIENCE are empty");
    expect(text).toContain("The secrets of the Worker are not checked");
    expect(text).toContain("The hub does not answer at http://127.0.0.1:9");
    expect(text).toContain("there are no AWS credentials");
  });

  test("`preflight` reports a Worker without an issuer and a Worker without sign-in.", () => {
    const vars = { AUTH_MODE: "jwt", AUTH_JWKS_URL: "https://x/jwks", AUTH_ISSUER: "https://x", AUTH_AUDIENCE: "board" };
    const { stage } = exampleWith({});
    expect(report(checkWorker(stage, vars))).toContain("✓ The settings of the Worker vigia name the identity provider.");
    expect(report(checkWorker(stage, { ...vars, AUTH_JWKS_URL: "" }))).toContain(
      "✗ stages.production.vars: AUTH_JWKS_URL is empty",
    );
    const others = { AUTH_JWKS_URL: "", AUTH_ISSUER: "", AUTH_AUDIENCE: "", AUTH_ISSUERS: "[…]" };
    expect(report(checkWorker(stage, { ...vars, ...others }))).toContain("✓ The settings of the Worker vigia name");
    expect(report(checkWorker(stage, { ...vars, AUTH_GROUPS_CLAIM: "" }))).toContain("everybody of an instance sees every agent");
    expect(report(checkWorker(stage, { ...vars, AUTH_MODE: "local" }))).toContain("✗ AUTH_MODE of the Worker vigia is local");
  });

  test("`preflight` lists wrong settings with their places.", async () => {
    const wrong = settingsFile({ hubUrl: "http://x", reconcileMinutes: 99 }, "wrong.json");
    const { code, text } = await command("preflight", ["--config", wrong]);
    expect(code).toBe(1);
    expect(text).toContain("instances[0].hubUrl has a wrong value. Set it to an https address");
    expect(text).toContain("instances[0].reconcileMinutes has a wrong value. Set it to a whole number");
  });

  test("`preflight` reminds of transcripts without words where AWS does not list the Region for masking.", () => {
    const instanceArn = "arn:aws:connect:ap-southeast-1:999988887777:instance/a8c17f30-f72c-4900-abd2-8745056c4c99";
    const checked = (fields: object) =>
      report(checkSettings("vigia.config.json", exampleWith({ instanceArn, flow: { mode: "off" }, ...fields })));
    expect(checked({})).toContain("AWS does not list ap-southeast-1 for masking");
    expect(checked({ redactPii: false })).not.toContain("masking");
    expect(report(checkSettings("vigia.config.json", exampleWith({})))).not.toContain("masking");
  });

  test("`preflight` reports whether the hub knows the secret and is ready, without the secret.", async () => {
    const secret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
    const matching = report(await checkHub(await hubThatKnows(secret(1)), ID, [secret(1)]));
    expect(matching).toContain(`✓ Signing secret 1 of ${ID} is the hub's.`);
    expect(matching).toContain("✓ The hub is ready");
    const foreign = report(await checkHub(await hubThatKnows(secret(2), false), ID, [secret(1)]));
    expect(foreign).toContain(`✗ Signing secret 1 of ${ID} is not the hub's. The hub would refuse the posts.`);
    expect(foreign).toContain("✗ The hub is not ready (TICKET_SECRET");
    expect(matching + foreign).not.toContain("whsec_");
  });

  test.each([
    ["posts get through", true, "✓ Signing secret 1"],
    ["posts ask for a login too", false, "✗ Cloudflare Access (people.cloudflareaccess.com) answered instead of the hub."],
  ])("`preflight` recognises a hub behind Cloudflare Access where %s.", async (_, exempt, expected) => {
    const secret = `whsec_${Buffer.alloc(32, 1).toString("base64")}`;
    const behind = await hubThatKnows(secret);
    const access = await listen(
      createServer(async (request, response) => {
        if (exempt && request.url?.endsWith("/updates") === true) {
          const chunks: Buffer[] = [];
          for await (const chunk of request) chunks.push(Buffer.from(chunk));
          const headers = Object.entries(request.headers).flatMap(([name, value]): [string, string][] =>
            name.startsWith("webhook-") || name === "content-type" ? [[name, String(value)]] : [],
          );
          const answer = await fetch(behind + request.url, { method: "POST", headers, body: Buffer.concat(chunks) });
          response.writeHead(answer.status).end(await answer.text());
        } else response.writeHead(302, { location: "https://people.cloudflareaccess.com/cdn-cgi/access/login/board" }).end();
      }),
    );
    const text = report(await checkHub(access, ID, [secret]));
    expect(text).toContain("! Cloudflare Access (people.cloudflareaccess.com) guards");
    expect(text).toContain("Exempt /v1/instances/*/updates and /v1/instances/*/revocations");
    expect(text).toContain(expected);
  });

  test("`preflight` takes any other redirect for no hub of its own either.", async () => {
    const other = await listen(
      createServer((_, response) => response.writeHead(301, { location: "https://other.example/" }).end()),
    );
    expect(report(await checkHub(other, ID, []))).toContain("✗ A redirect to other.example answered instead of the hub.");
  });
});
