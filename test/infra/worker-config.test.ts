import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { parseSettingsFile } from "../../infra/settings-file.ts";
import { readWorkerConfig, workerConfig } from "../../scripts/deploy/worker-config.ts";
import { MAX_VARIABLES } from "../../scripts/deploy/worker-secrets.ts";
import { OWN_INSTANCE } from "./own-settings.ts";

const WRANGLER = {
  name: "vigia",
  main: "worker/index.ts",
  assets: { directory: "./dist/dashboard", not_found_handling: "none" },
  vars: { HUB_NAME: "vigia", AUTH_MODE: "jwt", AUTH_ISSUER: "" },
  ratelimits: [{ name: "POST_LIMIT", namespace_id: "1001", simple: { limit: 1, period: 60 } }],
  observability: { enabled: true },
};
const stageOf = (stage: Record<string, unknown>) => {
  const instances = [{ ...OWN_INSTANCE, hubUrl: stage["domain"] === undefined ? "https://hub.test" : undefined }];
  const parsed = parseSettingsFile({ instances, stages: { production: stage } });
  const [made] = parsed.ok ? parsed.stages : [];
  if (made === undefined) throw new Error("The stage is wrong.");
  return made;
};
const configOf = (stage: Record<string, unknown>, wrangler: unknown = WRANGLER) => workerConfig(wrangler, stageOf(stage));

describe("The configuration of a stage's Worker", () => {
  test("A stage with a domain closes workers.dev and previews.", () => {
    expect(configOf({ domain: "board.test" })).toMatchObject({
      ok: true,
      config: { workers_dev: false, preview_urls: false, routes: [{ pattern: "board.test", custom_domain: true }] },
    });
  });

  test("A stage without a domain has its workers.dev address and no preview.", () => {
    const made = configOf({ workerName: "board" });
    expect(made).toMatchObject({ ok: true, config: { name: "board", workers_dev: true, preview_urls: false } });
    expect(made).not.toHaveProperty("config.routes");
  });

  test("What a stage does not set stays as wrangler.toml has it.", () => {
    expect(configOf({ vars: { AUTH_ISSUER: "https://login.test" } })).toMatchObject({
      config: {
        vars: { AUTH_MODE: "jwt", AUTH_ISSUER: "https://login.test", HUB_NAME: "vigia" },
        observability: { enabled: true },
        assets: { not_found_handling: "none" },
        ratelimits: [{ simple: { limit: 1, period: 60 } }],
      },
    });
  });

  test("A stage may set everything that the Worker reads, also what wrangler.toml leaves out.", () => {
    const vars = { AUTH_ROLE_MAP: '{"Jefes":"supervisor"}', FLUSH_INTERVAL_MS: "250" };
    expect(configOf({ vars })).toMatchObject({ ok: true, config: { vars } });
  });

  test("A value that the Worker would refuse is refused before the deployment, in the Worker's words.", () => {
    expect(configOf({ vars: { FLUSH_INTERVAL_MS: "soon", ALLOWED_ORIGINS: "https://a.test/path" } })).toEqual({
      ok: false,
      message: expect.stringMatching(
        /^The Worker of the stage production would refuse its settings\..*ALLOWED_ORIGINS has.*FLUSH_INTERVAL_MS is not a whole number/,
      ),
    });
  });

  test.each([
    "TICKET_SECRET",
    "INGEST_SECRETS",
    "INGEST_SECRET_A8C17F30_F72C_4900_ABD2_8745056C4C99",
    "METRICS_TOKEN",
    "ALERT_TARGETS",
    "ALERT_TARGETS_MEXICO",
    "ACTIONS_SECRET",
    "ACTIONS_SECRET_A8C17F30_F72C_4900_ABD2_8745056C4C99",
    "ACTIONS_URL_A8C17F30_F72C_4900_ABD2_8745056C4C99",
  ])("The secret %s is refused as a setting, because it would take the place of the real one in the open.", (name) => {
    expect(configOf({ vars: { [name]: "x" } })).toEqual({
      ok: false,
      message: `stages.production.vars.${name} is a secret and no setting. Remove it, and let npm run secret give it to the Worker (docs/deploy.md, "Secrets").`,
    });
  });

  test.each(["AUTH_ISUER", "HUB_NAME"])("The setting %s of a stage's Worker is refused with its place.", (name) => {
    expect(configOf({ vars: { [name]: "x" } })).toEqual({
      ok: false,
      message: `stages.production.vars.${name} is no setting of the Worker. Remove it, or correct its name (docs/deploy.md).`,
    });
  });

  test.each([
    ["routes", { routes: [{ pattern: "board.test", custom_domain: true }] }],
    ["env", { env: { staging: {} } }],
    ["account_id", { account_id: "x" }],
    ["workers_dev", { workers_dev: true }],
  ])("A wrangler.toml with %s is refused, because every stage would inherit it.", (name, extra) => {
    expect(configOf({}, { ...WRANGLER, ...extra })).toMatchObject({
      ok: false,
      message: expect.stringContaining(`wrangler.toml sets ${name}, which belongs to one stage.`),
    });
  });

  test("The id of a rate limit is a positive whole number that comes from the names of the Worker and the limit.", () => {
    const idOf = (workerName: string) => {
      const made = configOf({ workerName });
      return made.ok ? (made.config.ratelimits[0]?.namespace_id ?? "") : "";
    };
    expect(idOf("board")).toMatch(/^[1-9]\d{0,9}$/);
    expect([idOf("board"), idOf("board-test")]).toEqual([idOf("board"), expect.not.stringMatching(idOf("board"))]);
  });

  test("The committed wrangler.toml makes a configuration, with room for as many instances as docs/deploy.md says.", async () => {
    const made = await readWorkerConfig(stageOf({}));
    expect(made).toMatchObject({ ok: true, config: { name: "vigia" } });
    const [, instances, withActions] =
      /some (\d+) instances, or (\d+) with actions/.exec(readFileSync("docs/deploy.md", "utf8")) ?? [];
    // The Worker itself has TICKET_SECRET, METRICS_TOKEN and ALERT_TARGETS. Actions need an address and a secret more.
    const room = MAX_VARIABLES - Object.keys(made.ok ? made.config.vars : {}).length - 3;
    expect(room).toBeGreaterThanOrEqual(Number(instances));
    expect(room).toBeGreaterThanOrEqual(Number(withActions) * 3);
    expect(room - Number(instances)).toBeLessThan(10);
  });
});
