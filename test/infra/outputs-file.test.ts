import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { exampleWith } from "./example.ts";
import { OWN_ACCOUNT, OWN_INSTANCE } from "./own-settings.ts";

const folder = mkdtempSync(join(tmpdir(), "vigia-outputs-"));
const hub = { hubUrl: "https://board.contact-center.test" };
const arnOf = (region: string, account = OWN_ACCOUNT) => `arn:aws:secretsmanager:${region}:${account}:secret:S-AbCdEf`;
let files: typeof import("../../scripts/deploy/secrets-file.ts");

beforeAll(async () => {
  vi.stubEnv("VIGIA_DEPLOY_FOLDER", folder);
  files = await import("../../scripts/deploy/secrets-file.ts");
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

/** What `cdk deploy --outputs-file` does: it replaces the file. */
const deploys = (outputs: Record<string, { SigningSecretArn: string }>) => {
  writeFileSync(files.newOutputsFile(), JSON.stringify(outputs));
  files.keepOutputs();
};

test("The outputs of a deployment are kept beside those of other stacks, and are read once.", () => {
  deploys({ Vigia: { SigningSecretArn: arnOf("eu-central-1") } });
  deploys({ Other: { SigningSecretArn: arnOf("eu-central-1") } });
  expect(existsSync(files.newOutputsFile())).toBe(false);
  files.keepOutputs();
  expect(files.deployedSecretArn(exampleWith({ ...OWN_INSTANCE, ...hub }))).toBe(arnOf("eu-central-1"));
  expect(files.deployedSecretArn(exampleWith({ ...OWN_INSTANCE, ...hub, stackName: "Other" }))).toBe(arnOf("eu-central-1"));
});

test("The outputs of a stack of the same name in another account or Region are not this stack's.", () => {
  for (const arn of [arnOf("eu-west-1"), arnOf("eu-central-1", "444455556666")]) {
    deploys({ Vigia: { SigningSecretArn: arn } });
    expect(files.deployedSecretArn(exampleWith({ ...OWN_INSTANCE, ...hub }))).toBeNull();
  }
});
