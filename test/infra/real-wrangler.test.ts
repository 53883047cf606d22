import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type CloudflareStandIn, startCloudflareStandIn, type Upload, uploadOf } from "./cloudflare-stand-in.ts";
import { TWO_STAGES } from "./own-settings.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

const ACCOUNT = TWO_STAGES.stages.staging.accountId;
const folder = mkdtempSync(join(tmpdir(), "vigia-wrangler-"));
const settings = join(folder, "two.json");
let cloudflare: CloudflareStandIn;
const results = new Map<string, CommandResult>();

const command = (name: string, args: string[]) =>
  runCommand(`scripts/deploy/${name}.ts`, ["--config", settings, ...args], {
    HOME: folder,
    VIGIA_DEPLOY_FOLDER: join(folder, "deploy"),
    CLOUDFLARE_API_BASE_URL: cloudflare.url,
    CLOUDFLARE_API_TOKEN: "token-of-this-test",
    // The login of another account is around. The account of the stage must win.
    CLOUDFLARE_ACCOUNT_ID: "f".repeat(32),
    // wrangler would add its own environment to the name of the Worker.
    CLOUDFLARE_ENV: "blue",
    // wrangler would deploy this Worker instead, with the domain of the stage.
    WRANGLER_CI_OVERRIDE_NAME: "of-the-build-service",
    CLOUDFLARE_CF_FETCH_ENABLED: "false",
    CI: "true",
  });
const binding = ({ bindings }: Upload, name: string) => bindings.find((one) => one.name === name);

beforeAll(async () => {
  writeFileSync(settings, JSON.stringify(TWO_STAGES));
  cloudflare = await startCloudflareStandIn();
  for (const stage of ["production", "staging"]) {
    results.set(stage, await command("hub", ["--stage", stage]));
  }
}, 300_000);
afterAll(async () => {
  await cloudflare.close();
  rmSync(folder, { recursive: true });
});

describe("The real wrangler", () => {
  test("`deploy:hub --stage` deploys the Worker of the stage and says so before.", () => {
    for (const [stage, worker] of [
      ["production", "vigia"],
      ["staging", "vigia-staging"],
    ] as const) {
      const { domain } = TWO_STAGES.stages[stage];
      expect(results.get(stage)).toMatchObject({ code: 0 });
      expect(results.get(stage)?.text).toContain(
        `Worker ${worker} (stage ${stage}) at https://${domain}, in the Cloudflare account ${ACCOUNT}`,
      );
      expect(uploadOf(cloudflare, worker).bindings.length).toBeGreaterThan(10);
    }
    expect(results.get("staging")?.text).not.toContain("Stack Vigia:");
  });

  test("Every request of a stage goes to its own Worker in its own Cloudflare account.", () => {
    const scripts = cloudflare.seen.filter(({ path }) => path.includes("/workers/"));
    expect(scripts.length).toBeGreaterThan(10);
    for (const { path } of scripts) expect(path).toMatch(new RegExp(`/accounts/${ACCOUNT}/`));
    const names = scripts.flatMap(({ path }) => /\/(?:scripts|services)\/([\w-]+)/.exec(path)?.[1] ?? []);
    expect(new Set(names)).toEqual(new Set(["vigia", "vigia-staging"]));
  });

  test("The first deployment of a stage makes the key of its own tickets, and leaves no file with it.", () => {
    const secrets = ["vigia", "vigia-staging"].map((worker) =>
      uploadOf(cloudflare, worker).bindings.filter(({ type }) => type === "secret_text"),
    );
    for (const own of secrets) expect(own.map(({ name }) => name)).toEqual(["TICKET_SECRET"]);
    const values = secrets.flat().map(({ text }) => String(text));
    expect(new Set(values).size).toBe(2);
    for (const value of values) expect(Buffer.from(value, "base64")).toHaveLength(32);
    for (const worker of ["vigia", "vigia-staging"]) {
      const files = readdirSync(join(folder, "deploy", worker)).filter((name) => !name.startsWith("."));
      expect(files.toSorted()).toEqual(["dashboard", "wrangler.json"]);
    }
  });

  test("The Workers of two stages have their own issuer, rate limits and domain, and the same Durable Objects.", () => {
    const [production, staging] = [uploadOf(cloudflare, "vigia"), uploadOf(cloudflare, "vigia-staging")];
    expect([production, staging].map((upload) => binding(upload, "HUB_NAME")?.["text"])).toEqual(["vigia", "vigia-staging"]);
    for (const name of ["AUTH_ISSUER", "AUTH_JWKS_URL"]) expect(binding(production, name)).not.toEqual(binding(staging, name));
    expect(binding(staging, "AUTH_ISSUER")).toMatchObject({ text: "https://staging-login.contact-center.test" });
    for (const name of ["POST_LIMIT", "TICKET_LIMIT"]) {
      expect(binding(production, name)).toMatchObject({ type: "ratelimit" });
      expect(binding(production, name)?.["namespace_id"]).not.toBe(binding(staging, name)?.["namespace_id"]);
    }
    expect(binding(staging, "CONTACT_CENTER")).toEqual(binding(production, "CONTACT_CENTER"));
    const domains = cloudflare.seen.filter(({ method, path }) => method === "PUT" && path.endsWith("/domains/records"));
    expect(domains.map(({ path, body }) => [path.includes("/vigia-staging/"), JSON.parse(body).origins])).toEqual([
      [false, [expect.objectContaining({ hostname: "board.contact-center.test" })]],
      [true, [expect.objectContaining({ hostname: "staging.contact-center.test" })]],
    ]);
  });

  test("A stage with a domain closes its workers.dev address and its preview addresses.", () => {
    const closed = cloudflare.seen.filter(({ method, path }) => method === "POST" && path.endsWith("/subdomain"));
    expect(closed.map(({ path, body }) => [/\/scripts\/([\w-]+)\//.exec(path)?.[1], JSON.parse(body)])).toEqual([
      ["vigia", { enabled: false, previews_enabled: false }],
      ["vigia-staging", { enabled: false, previews_enabled: false }],
    ]);
  });

  test("The built dashboard of a stage has HSTS for its own domain, and the rules for every address.", () => {
    const headers = readFileSync(join(folder, "deploy", "vigia-staging", "dashboard", "_headers"), "utf8");
    expect(headers).toContain("\nhttps://staging.contact-center.test/*\n  Strict-Transport-Security: max-age=31536000\n");
    expect(headers.match(/Strict-Transport-Security/g)).toHaveLength(1);
    expect(headers).toContain("Content-Security-Policy");
  });

  test("`deploy:hub` refuses a bare --name and every other part of a stage before wrangler starts.", async () => {
    cloudflare.seen.length = 0;
    const cases: [args: string[], message: string][] = [
      [["--name", "vigia-test"], "--name would change one part of a stage only."],
      [["--name=vigia-test"], "--name=vigia-test would change"],
      [["--stage", "staging", "--env", "staging"], "--env would change"],
      [["--stage", "staging", "--route", "board.contact-center.test/*"], "--route would change"],
      [["--stage", "staging", "--var", "AUTH_MODE:local"], "--var would be lost with the next deployment."],
      [["--stage", "staging", "--secretsFile=x"], "--secretsFile=x would change"],
      [[], "has several stages. Name one with --stage: production, staging."],
      [["--stage", "test"], "The settings have no instance of the stage test."],
    ];
    for (const [args, message] of cases) {
      expect(await command("hub", args)).toMatchObject({ code: 2, text: expect.stringContaining(message) });
    }
    expect(cloudflare.seen).toEqual([]);
  });

  test("A later deployment from another machine changes no secret, not even with an old file of secrets around.", async () => {
    const secrets = { ...cloudflare.workers.get("vigia"), INGEST_SECRETS: "{}", INGEST_SECRET_X: "whsec_b2xk" };
    cloudflare.workers.set("vigia", { ...secrets });
    const old = { INGEST_SECRETS: "{}", TICKET_SECRET: "b2xk", METRICS_TOKEN: "old" };
    writeFileSync(join(folder, "deploy", "vigia", "hub-secrets.json"), JSON.stringify(old));
    cloudflare.seen.length = 0;
    const again = await command("hub", ["--stage", "production"]);
    expect(again).toMatchObject({ code: 0, text: expect.not.stringContaining("secret -- add") });
    rmSync(join(folder, "deploy", "vigia", "hub-secrets.json"));
    expect(cloudflare.workers.get("vigia")).toEqual(secrets);
    const upload = uploadOf(cloudflare, "vigia");
    expect(upload.bindings.filter(({ type }) => type === "secret_text")).toEqual([]);
    // Cloudflare keeps the secrets that the upload does not name.
    expect(upload.keep_bindings).toContain("secret_text");
    expect(cloudflare.seen.some(({ body }) => body.includes("b2xk"))).toBe(false);
  }, 300_000);
});
