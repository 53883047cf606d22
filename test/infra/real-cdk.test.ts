import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { AwsAccount } from "./aws-account.ts";
import { type AwsStandIn, startAwsStandIn } from "./aws-stand-in.ts";
import { OWN_ACCOUNT, OWN_SETTINGS, TWO_STAGES } from "./own-settings.ts";
import { runCommand } from "./run-command.ts";

const CDK = "node_modules/aws-cdk/bin/cdk";
const EXAMPLE = /111122223333|us-east-1|example-contact-center|example\.com/;
const folder = mkdtempSync(join(tmpdir(), "vigia-cdk-"));
const own = join(folder, "own.json");
const two = join(folder, "two.json");
let aws: AwsStandIn;
let environment: Record<string, string>;

beforeAll(async () => {
  aws = await startAwsStandIn(new AwsAccount());
  // One function is enough here, and it keeps the bundling short.
  const off = { mode: "off" };
  const sources = {
    media: off,
    agentEvents: off,
    contactLens: off,
    flow: off,
    recording: off,
    contactEvents: false,
    queues: false,
  };
  const instance = { ...OWN_SETTINGS.instances[0], ...sources, instanceAlias: "my-center" };
  writeFileSync(own, JSON.stringify({ ...OWN_SETTINGS, instances: [instance] }));
  writeFileSync(two, JSON.stringify(TWO_STAGES));
  writeFileSync(join(folder, "config"), "[profile mine]\nregion = eu-central-1\n[profile other]\nregion = us-west-2\n");
  const keys = (name: string, key: string) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`;
  writeFileSync(join(folder, "credentials"), keys("mine", "AKIDOWN") + keys("other", "AKIDOTHER"));
  environment = {
    HOME: folder,
    VIGIA_DEPLOY_FOLDER: join(folder, "deploy"),
    AWS_ENDPOINT_URL: aws.url,
    AWS_EC2_METADATA_DISABLED: "true",
    AWS_CONFIG_FILE: join(folder, "config"),
    AWS_SHARED_CREDENTIALS_FILE: join(folder, "credentials"),
    // The login of another account is around, as on many machines. --profile must win over it everywhere.
    AWS_ACCESS_KEY_ID: "AKIDOTHER",
    AWS_SECRET_ACCESS_KEY: "s",
    AWS_REGION: "us-west-2",
    CDK_DISABLE_CLI_TELEMETRY: "true",
  };
});
beforeEach(() => {
  aws.seen.length = 0;
});
afterAll(async () => {
  await aws.close();
  rmSync(folder, { recursive: true });
});

const output = (name: string) => ["--output", join(folder, name)];
const deploy = (args: string[]) => runCommand("scripts/deploy/aws.ts", args, environment);

describe("The real CDK", () => {
  test("`deploy:aws` asks AWS only with the named profile, only in the account and Region of the instance.", async () => {
    const { code, text } = await deploy([
      "--config",
      own,
      "--profile",
      "mine",
      "--require-approval",
      "never",
      ...output("deploy-out"),
    ]);
    expect(code).toBe(1);
    expect(text).toContain(`Stack Vigia: account ${OWN_ACCOUNT}, Region eu-central-1, instance a8c17f30-`);
    expect(text).toContain("bootstrap");
    expect(text).not.toMatch(EXAMPLE);
    expect(aws.seen.length).toBeGreaterThan(2);
    expect(aws.seen[0]?.body).toContain("GetCallerIdentity");
    expect(new Set(aws.seen.map(({ accessKey, region }) => `${accessKey} ${region}`))).toEqual(new Set(["AKIDOWN eu-central-1"]));
    expect(aws.seen.some(({ service }) => service === "ssm" || service === "cloudformation")).toBe(true);
    const made = readdirSync(join(folder, "deploy-out")).filter((name) => /^(Vigia|manifest).*\.json$/.test(name));
    expect(made).toContain("Vigia.template.json");
    for (const name of made) expect(readFileSync(join(folder, "deploy-out", name), "utf8")).not.toMatch(EXAMPLE);
  }, 300_000);

  test("`cdk ls` lists the stacks of all instances, and says where each one goes.", async () => {
    const { code, text } = await runCommand(CDK, ["ls", "-c", `config=${two}`, ...output("ls-out")], {
      ...environment,
      AWS_PROFILE: "mine",
    });
    expect(code).toBe(0);
    expect(text.split("\n").filter((line) => /^Vigia/.test(line))).toEqual(["Vigia", "Vigia-staging"]);
    expect(text).toContain(`Settings: ${two}`);
    expect(text).toContain(`Stack Vigia: account ${OWN_ACCOUNT}, Region eu-central-1`);
    expect(text).toContain(`Stack Vigia-staging: account ${OWN_ACCOUNT}, Region eu-west-2`);
    expect(text).not.toMatch(/111122223333|us-east-1/);
  }, 300_000);

  test("`cdk diff` compares with the account, Region and stack of the settings, and names nothing of the example.", async () => {
    const args = ["diff", "--profile", "mine", "-c", `config=${own}`, ...output("diff-out")];
    const { text } = await runCommand(CDK, args, { ...environment, AWS_REGION: "eu-central-1" });
    expect(text).toContain(`Stack Vigia: account ${OWN_ACCOUNT}, Region eu-central-1`);
    expect(text).toContain("[+] AWS::SecretsManager::Secret");
    expect(text).not.toMatch(EXAMPLE);
    expect(new Set(aws.seen.map(({ accessKey, region }) => `${accessKey} ${region}`))).toEqual(new Set(["AKIDOWN eu-central-1"]));
    expect(aws.seen.some(({ service, body }) => service === "cloudformation" && body.includes("StackName=Vigia"))).toBe(true);
  }, 300_000);

  test("The real CDK refuses settings of the first release in ~/.cdk.json, which it would merge.", async () => {
    const home = join(folder, "old-home");
    mkdirSync(home);
    writeFileSync(join(home, ".cdk.json"), JSON.stringify({ context: { vigia: OWN_SETTINGS.instances[0] } }));
    const { code, text } = await runCommand(CDK, ["ls", "-c", `config=${own}`, ...output("old-out")], {
      ...environment,
      HOME: home,
    });
    expect(code).not.toBe(0);
    expect(text).toContain('Move them, and remove "vigia" from ~/.cdk.json.');
  }, 300_000);
});

describe("The login of `deploy:aws`", { timeout: 300_000 }, () => {
  test("`deploy:aws` refuses a login of another account before it starts the CDK.", async () => {
    const { code, text } = await deploy(["--config", own, "--profile", "other"]);
    expect(code).toBe(1);
    expect(text).toContain(`The AWS login is for the account 444455556666, but the settings name the account ${OWN_ACCOUNT}`);
    expect(text).not.toContain("Bundling");
    expect(aws.seen.map(({ service, region }) => [service, region])).toEqual([["sts", "eu-central-1"]]);
  });

  test("`deploy:aws` refuses the keys of another account in the environment.", async () => {
    const { code, text } = await deploy(["--config", own]);
    expect(code).toBe(1);
    expect(text).toContain("The AWS login is for the account 444455556666");
  });

  test("`deploy:aws` refuses an unknown profile before it asks AWS, from --profile and from AWS_PROFILE.", async () => {
    const named = await deploy(["--config", own, "--profile", "nope"]);
    expect(named).toMatchObject({ code: 1, text: expect.stringContaining('There is no AWS profile "nope". Correct --profile') });
    const inherited = await runCommand("scripts/deploy/aws.ts", ["--config", own], { ...environment, AWS_PROFILE: "gone" });
    expect(inherited).toMatchObject({ code: 1, text: expect.stringContaining('"gone". Correct AWS_PROFILE') });
    expect(aws.seen).toEqual([]);
  });

  test("`preflight` reports a login of another account and asks nothing else of AWS.", async () => {
    const args = ["--config", own, "--profile", "other", "--hub", "http://127.0.0.1:9"];
    const { code, text } = await runCommand("scripts/deploy/preflight.ts", args, environment);
    expect(code).toBe(1);
    expect(text).toContain("✗ The AWS login is for the account 444455556666");
    expect(aws.seen.map(({ service }) => service)).toEqual(["sts"]);
  });

  test("`deploy:aws` deploys one of several instances, which --instance or --stage names.", async () => {
    const undecided = await deploy(["--config", two, "--profile", "mine"]);
    expect(undecided.code).toBe(2);
    expect(undecided.text).toContain(
      "The settings have several instances. Name one with --instance, or a --stage: Vigia, Vigia-staging.",
    );
    const smuggled = await deploy(["--config", two, "--profile", "other", "--instance", "Vigia-staging", "Vigia"]);
    expect(smuggled).toMatchObject({ code: 2, text: expect.stringContaining("Vigia is not needed.") });
    const named = await deploy(["--config", two, "--profile", "other", "--stage", "staging"]);
    expect(named.text).toContain("Stack Vigia-staging: account 999988887777, Region eu-west-2");
    expect(named.text).not.toContain("Stack Vigia:");
    expect(aws.seen.map(({ region }) => region)).toEqual(["eu-west-2"]);
  });
});
