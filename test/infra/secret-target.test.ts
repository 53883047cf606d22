import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { closeServer, listenOnLoopback } from "./aws-stand-in.ts";
import { OWN_ACCOUNT, PRODUCTION_ID, STAGING_ID, TWO_STAGES } from "./own-settings.ts";
import { runCommand } from "./run-command.ts";

const folder = mkdtempSync(join(tmpdir(), "vigia-target-"));
const deployFolder = join(folder, "deploy");
const arnOf = (region: string, account = OWN_ACCOUNT) =>
  `arn:aws:secretsmanager:${region}:${account}:secret:SigningSecret-AbCdEf`;
let manager: Server;
let url: string;
const stored: { SecretId: string; SecretString: string; region: string | undefined }[] = [];

const secret = (args: string[]) =>
  runCommand("scripts/deploy/secret.ts", ["--config", join(folder, "two.json"), ...args], {
    HOME: folder,
    VIGIA_DEPLOY_FOLDER: deployFolder,
    AWS_ENDPOINT_URL_SECRETS_MANAGER: url,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
  });
const signingSecretOf = (worker: string, id: string) =>
  JSON.parse(JSON.parse(readFileSync(join(deployFolder, worker, "hub-secrets.json"), "utf8")).INGEST_SECRETS)[id];

beforeAll(async () => {
  writeFileSync(join(folder, "two.json"), JSON.stringify(TWO_STAGES));
  manager = createServer(async (request, response) => {
    let body = "";
    for await (const chunk of request) body += chunk;
    const region = /\/([a-z0-9-]+)\/secretsmanager\//.exec(request.headers.authorization ?? "")?.[1];
    stored.push({ ...JSON.parse(body), region });
    response.writeHead(200, { "content-type": "application/x-amz-json-1.1" }).end("{}");
  });
  url = await listenOnLoopback(manager);
  await secret(["new", "--instance", PRODUCTION_ID]);
  await secret(["new", "--instance", "Vigia-staging"]);
  writeFileSync(
    join(deployFolder, "outputs.json"),
    JSON.stringify({
      Vigia: { SigningSecretArn: arnOf("eu-central-1") },
      "Vigia-staging": { SigningSecretArn: arnOf("eu-west-2") },
    }),
  );
});
beforeEach(() => {
  stored.length = 0;
});
afterAll(async () => {
  await closeServer(manager);
  rmSync(folder, { recursive: true });
});

describe("The target of `npm run secret`", () => {
  test("`secret put --instance` writes the secret of that instance into the stack of that instance.", async () => {
    const put = await secret(["put", "--only", "aws", "--instance", STAGING_ID]);
    expect(put).toMatchObject({ code: 0, text: expect.stringContaining("Stack Vigia-staging") });
    expect(stored).toEqual([
      expect.objectContaining({
        SecretId: arnOf("eu-west-2"),
        SecretString: signingSecretOf("vigia-staging", STAGING_ID),
        region: "eu-west-2",
      }),
    ]);
  });

  test("`secret put` refuses an ARN of another Region or account than the instance's.", async () => {
    for (const arn of [arnOf("eu-central-1"), arnOf("eu-west-2", "444455556666")]) {
      const put = await secret(["put", "--only", "aws", "--instance", STAGING_ID, "--secret-id", arn]);
      expect(put).toMatchObject({ code: 1, text: expect.stringContaining("is not in the account") });
    }
    expect(stored).toEqual([]);
  });

  test("`secret` refuses an instance that is not in the settings, and a missing choice between two.", async () => {
    const unknown = await secret(["new", "--instance", "c0000000-0000-4000-8000-000000000000"]);
    expect(unknown).toMatchObject({ code: 2, text: expect.stringContaining("The settings have no instance c0000000") });
    const undecided = await secret(["put"]);
    expect(undecided.code).toBe(2);
    expect(undecided.text).toContain(
      "has several instances. Name one with --instance: Vigia (production), Vigia-staging (staging).",
    );
    expect(stored).toEqual([]);
  });

  test("The secrets file of the first release belongs to the Worker vigia and to no other.", async () => {
    const old = mkdtempSync(join(folder, "old-"));
    const values = { INGEST_SECRETS: JSON.stringify({ [PRODUCTION_ID]: "whsec_b2xk" }), TICKET_SECRET: "t", METRICS_TOKEN: "m" };
    writeFileSync(join(old, "hub-secrets.json"), JSON.stringify(values));
    const run = (args: string[]) =>
      runCommand("scripts/deploy/secret.ts", ["--config", join(folder, "two.json"), ...args], {
        HOME: folder,
        VIGIA_DEPLOY_FOLDER: old,
      });
    expect(await run(["new", "--stage", "production"])).toMatchObject({ code: 1, text: expect.stringContaining("already has") });
    expect(existsSync(join(old, "vigia"))).toBe(false);
    expect(await run(["new", "--stage", "staging"])).toMatchObject({ code: 0 });
    const staging = JSON.parse(readFileSync(join(old, "vigia-staging", "hub-secrets.json"), "utf8"));
    expect(Object.keys(JSON.parse(staging.INGEST_SECRETS))).toEqual([STAGING_ID]);
    expect(staging.TICKET_SECRET).not.toBe("t");
  });

  test("A Worker of the same name in another settings file does not get the secrets of this one.", async () => {
    const other = join(folder, "other-customer.json");
    const [instance] = TWO_STAGES.instances;
    const renamed = JSON.parse(JSON.stringify(instance).replaceAll(PRODUCTION_ID, "d0000000-0000-4000-8000-000000000000"));
    writeFileSync(other, JSON.stringify({ ...TWO_STAGES, instances: [renamed] }));
    const environment = { HOME: folder, VIGIA_DEPLOY_FOLDER: deployFolder };
    const before = readFileSync(join(deployFolder, "vigia", "hub-secrets.json"), "utf8");
    for (const [command, args] of [
      ["secret", ["new"]],
      ["hub", ["--stage", "production"]],
    ] as const) {
      const refused = await runCommand(`scripts/deploy/${command}.ts`, ["--config", other, ...args], environment);
      expect(refused.code).toBe(1);
      expect(refused.text).toContain(
        `has the secrets of other instances (${PRODUCTION_ID}), and of none in the stage production.`,
      );
      expect(refused.text).not.toContain("whsec_");
    }
    expect(readFileSync(join(deployFolder, "vigia", "hub-secrets.json"), "utf8")).toBe(before);
  });
});
