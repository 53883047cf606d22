import { readFileSync } from "node:fs";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { Customer } from "./customer.ts";
import { type CommandBlock, commandsOf, shows } from "./document-commands.ts";
import { OWN_ACCOUNT, PRODUCTION_ID, TWO_STAGES } from "./own-settings.ts";

const page = readFileSync("docs/deploy.md", "utf8");
const blocks = commandsOf(page);
const SECOND_ACCOUNT = "444455556666";
const ALIAS = "my-center";

/** Commands of the page that cannot run here. Whoever adds one says why. */
const NOT_RUN = new Map([
  ["npm ci", "the clone of this test has the packages of this machine, and a test needs no registry"],
  ["npm run synth -- --config vigia.config.example.json", "ci.yml runs this line, and it would bundle seven functions again"],
  ["npx wrangler login", "it opens the login page of Cloudflare in a browser; a token takes its place"],
  ["npx cdk bootstrap aws://<account>/<Region>", "its template is YAML, which the stand-in of CloudFormation does not read"],
  [
    `aws lambda list-functions --region <Region> --query "Functions[?contains(FunctionName, 'Reconcile')].FunctionName" --output text`,
    "the AWS CLI is no package of this project",
  ],
  [
    `aws lambda invoke --region <Region> --function-name <that name> --payload '{"once":true}' --cli-binary-format raw-in-base64-out answer.json && cat answer.json`,
    "the AWS CLI is no package of this project",
  ],
]);

// One function is enough here, and it keeps the bundling short.
const off = { mode: "off" };
const SOURCES = { media: off, agentEvents: off, contactLens: off, flow: off, recording: off, contactEvents: false };
const FEW = { ...SOURCES, queues: false, serviceLevelSeconds: undefined };
const outputs = new Map<CommandBlock, string>();
let customer: Customer;

beforeAll(async () => {
  customer = await Customer.start();
  for (const [stage, worker] of [
    ["production", "vigia"],
    ["staging", "vigia-staging"],
  ] as const) {
    await customer.ownDomain(TWO_STAGES.stages[stage].domain, worker);
  }
  customer.accounts.place(OWN_ACCOUNT, "eu-central-1").bootstrap();
  customer.accounts.place(SECOND_ACCOUNT, "eu-west-2").bootstrap();
}, 120_000);
afterAll(() => customer.stop());

/** What a person does between the commands of a chapter, as its text says. */
function prepare({ chapter }: CommandBlock): void {
  const [production, staging] = TWO_STAGES.instances;
  const first = { ...production, ...FEW, instanceAlias: ALIAS };
  const { stages } = TWO_STAGES;
  const own = { $schema: "./vigia.config.schema.json", instances: [first], stages: { production: stages.production } };
  if (chapter === "3. Check") customer.write("vigia.config.json", own);
  if (chapter === "Who is told of alerts") customer.write("targets.json", targetsOf(page));
  if (chapter !== "More instances, more stages") return;
  const second = JSON.parse(JSON.stringify({ ...staging, ...FEW }).replaceAll(OWN_ACCOUNT, SECOND_ACCOUNT));
  customer.write("vigia.config.json", { ...own, instances: [first, second], stages });
}

/** Fills the gaps of the page's example. Its e-mail needs a domain that is onboarded at Cloudflare. */
function targetsOf(text: string): string {
  const [, json = ""] = /```json\n(\{\n {2}"shift-leads"[^`]+)```/.exec(text) ?? [];
  const { office, ...targets } = JSON.parse(
    json.replaceAll("whsec_…", `whsec_${Buffer.alloc(32, 1).toString("base64")}`).replaceAll("…", "abc"),
  );
  return JSON.stringify(targets);
}

/** Runs a command of the page with what it leaves open filled in. */
async function follow(command: string, { chapter }: CommandBlock): Promise<string> {
  const profile = chapter === "More instances, more stages" ? "staging" : "production";
  const line = command.replace("NAME", ALIAS);
  const { code, text } = await customer.run(line, profile, line.includes("deploy:aws") ? "y\n" : null);
  // Preflight ends with 1 as long as anything is missing, and these accounts have no Amazon Connect.
  if (!line.includes("preflight")) expect([line, code, text]).toEqual([line, 0, text]);
  return text;
}

describe("docs/deploy.md, followed by a new customer", { timeout: 300_000 }, () => {
  test("Every command that is left out is on the page, and nothing else is left out.", () => {
    const commands = blocks.flatMap((block) => block.commands);
    for (const command of NOT_RUN.keys()) expect(commands).toContain(command);
    expect(commands.length - NOT_RUN.size).toBeGreaterThan(9);
    expect(readFileSync(".github/workflows/ci.yml", "utf8")).toContain("npm run synth -- --config vigia.config.example.json");
  });

  for (const block of blocks) {
    const commands = block.commands.filter((command) => !NOT_RUN.has(command));
    if (commands.length === 0) continue;
    test(`In "${block.chapter}", ${commands.join(" and ")} does what the page says.`, async () => {
      prepare(block);
      let printed = "";
      for (const command of commands) printed += await follow(command, block);
      outputs.set(block, printed);
      const expected = block.commands.some((command) => NOT_RUN.has(command) && !command.includes("wrangler"))
        ? []
        : block.expected;
      for (const one of expected) expect([one, shows(printed, one), printed]).toEqual([one, true, printed]);
    });
  }

  test("`deploy:aws` ends with the outputs of the stack and with the next step.", () => {
    const printed = [...outputs].find(([{ commands }]) => commands.includes("npm run deploy:aws"))?.[1] ?? "";
    expect(printed).toContain("Outputs:");
    for (const name of ["DashboardUrl", "UndeliveredQueueUrl", "FailedQueueUrl", "SigningSecretArn", "InstanceId"])
      expect(printed).toContain(name);
    const next = `Vigia has no signing secret yet, so it cannot post. Next: npm run secret -- add --instance ${PRODUCTION_ID}`;
    expect(
      printed
        .trim()
        .split("\n")
        .findLast((line) => line.startsWith("Vigia"))
        ?.trim(),
    ).toBe(next);
  });

  test("Each stage is in its own account, and no request is unknown to the stand-ins.", () => {
    expect(customer.accounts.used.toSorted()).toEqual([`${SECOND_ACCOUNT} eu-west-2`, `${OWN_ACCOUNT} eu-central-1`]);
    expect(customer.accounts.unknown).toEqual([]);
  });
});
