import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { metadataOf } from "./cloudflare-stand-in.ts";
import { Customer } from "./customer.ts";
import type { DeployableAccount } from "./deployable-account.ts";
import { OWN_ACCOUNT, OWN_SETTINGS } from "./own-settings.ts";
import { nameOf } from "./secret-clouds.ts";

const [, chapter = ""] = readFileSync("docs/maintain.md", "utf8").split("\n## Roll back\n");
/** The commands of the chapter, in its order. */
const commands = [...(chapter.split("\n## ")[0] ?? "").matchAll(/`(np[mx] [^`]+)`/g)].map(([, command = ""]) =>
  command.replace("<Worker>", "vigia").replace("NAME", "my-center"),
);
const WORKER_ROLLBACK = "npx wrangler rollback --config .deploy/vigia/wrangler.json";
const LIST = "npx wrangler deployments list --config .deploy/vigia/wrangler.json";
const ADD = "npm run secret -- add --instance my-center";
const NEVER_ASK = " -- --require-approval never";

// One function is enough here, and it keeps the bundling short.
const off = { mode: "off" };
const SOURCES = { media: off, agentEvents: off, contactLens: off, flow: off, recording: off, contactEvents: false };
const FEW = { ...SOURCES, queues: false, serviceLevelSeconds: undefined, instanceAlias: "my-center" };
const SECRET = nameOf(String(OWN_SETTINGS.instances[0]?.["instanceArn"]).split("/")[1] ?? "");

let customer: Customer;
let account: DeployableAccount;

beforeAll(async () => {
  customer = await Customer.start();
  await customer.ownDomain(OWN_SETTINGS.stages.production.domain, "vigia");
  account = customer.accounts.place(OWN_ACCOUNT, "eu-central-1");
  account.bootstrap();
  writeSettings("365");
  await run("git init -q && git add -A && git -c user.name=t -c user.email=t@t commit -qm first");
  await run("npm run deploy:hub");
  await run(`npm run deploy:aws${NEVER_ASK}`);
  await run(ADD);
}, 300_000);
afterAll(() => customer.stop());

function writeSettings(days: string): void {
  const { production } = OWN_SETTINGS.stages;
  const stages = { production: { ...production, vars: { ...production.vars, AUDIT_DAYS: days } } };
  customer.write("vigia.config.json", { instances: [{ ...OWN_SETTINGS.instances[0], ...FEW }], stages });
}

async function run(line: string): Promise<string> {
  const { code, text } = await customer.run(line, "production");
  expect([line, code, text]).toEqual([line, 0, text]);
  return text;
}

function deployedDays(): unknown {
  const upload = customer.cloudflare.versions.get("vigia")?.current.upload ?? "";
  return metadataOf(upload).bindings.find(({ name }) => name === "AUDIT_DAYS")?.["text"];
}
const secretOfHub = () => customer.cloudflare.workers.get("vigia")?.[SECRET];
const stack = () => account.stacks.find("Vigia");

describe("A rollback as docs/maintain.md describes it", { timeout: 300_000 }, () => {
  test("The page names the commands that this file runs.", () => {
    for (const command of [LIST, "npx cdk diff", "npm run deploy:aws", WORKER_ROLLBACK, "npm run preflight", ADD])
      expect(commands).toContain(command);
  });

  test("`wrangler rollback` puts the previous version of the Worker back and keeps the secrets.", async () => {
    const secret = secretOfHub();
    expect(secret).toMatch(/^whsec_/);
    writeSettings("30");
    await run("npm run deploy:hub");
    expect(deployedDays()).toBe("30");
    const printed = await run(WORKER_ROLLBACK);
    expect(printed).toContain("has been deployed to 100% of traffic");
    expect(printed).not.toContain("secrets have changed");
    expect(deployedDays()).toBe("365");
    expect(secretOfHub()).toBe(secret);
  });

  test("A changed secret is a version too, so a rollback after a rotation undoes only that, and `secret add` repairs it.", async () => {
    const before = secretOfHub();
    await run("npm run secret -- rotate");
    const rotated = secretOfHub();
    expect(rotated).not.toBe(before);
    const printed = await run(WORKER_ROLLBACK);
    expect(printed).toContain("The following secrets have changed");
    expect(printed).toContain(SECRET);
    expect(deployedDays()).toBe("365");
    expect(secretOfHub()).toBe(before);
    const { text } = await customer.run("npm run preflight", "production");
    expect(text).toMatch(/✗ Signing secret 1 .* is not the hub's/);
    expect(text).toContain("npm run secret -- add");
    await run(ADD);
    expect(secretOfHub()).toBe(rotated);
  });

  test("A deployment of the stack that fails half-way is taken back, and the older commit brings the older stack.", async () => {
    const first = { ...stack() };
    const outputs = customer.read("infra/outputs.ts");
    customer.write("infra/outputs.ts", outputs.replace("[\n    [", '[\n    ["Extra", "One more", instance.region],\n    ['));
    const watch = customer.read("infra/connect-watch.ts");
    customer.write("infra/connect-watch.ts", watch.replace("memory: 512", "memory: 256"));
    await run("git -c user.name=t -c user.email=t@t commit -qam second");

    const functions = [...first.resources.values()].filter(({ type }) => type === "AWS::Lambda::Function");
    for (const { logicalId } of functions) account.refused.set(logicalId, "Resource handler returned message: Rate exceeded");
    const failed = await customer.run(`npm run deploy:aws${NEVER_ASK}`, "production");
    expect([failed.code, failed.text]).toEqual([1, expect.stringContaining("Rate exceeded")]);
    expect(failed.text).not.toContain("has its signing secret");
    expect(stack()).toMatchObject({ status: "UPDATE_ROLLBACK_COMPLETE", templateText: first.templateText });
    account.refused.clear();

    await run(`npm run deploy:aws${NEVER_ASK}`);
    expect(stack().outputs["Extra"]).toBe("eu-central-1");
    await run("git checkout -q HEAD~1");
    expect(await run("npx cdk diff")).toContain("[-] Output Extra");
    expect(await run(`npm run deploy:aws${NEVER_ASK}`)).toContain("Vigia has its signing secret.");
    expect(stack()).toMatchObject({ status: "UPDATE_COMPLETE", templateText: first.templateText });
    expect(customer.accounts.unknown).toEqual([]);
  });
});
