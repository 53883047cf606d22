import { GetSecretValueCommand, type GetSecretValueCommandOutput, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import { afterEach, beforeEach, expect, test } from "vitest";
import { type LocalSecrets, startSecrets } from "../../../local/aws/secrets.ts";
import { ServiceError } from "../../../local/aws/service.ts";

let secrets: LocalSecrets;
let client: SecretsManagerClient;

beforeEach(async () => {
  secrets = await startSecrets({ "vigia/ingest": "first" });
  client = new SecretsManagerClient({
    region: "us-east-1",
    endpoint: secrets.url,
    maxAttempts: 2,
    credentials: { accessKeyId: "AKIDEXAMPLE", secretAccessKey: "example" },
  });
});
afterEach(async () => {
  client.destroy();
  await secrets.close();
});

function get(SecretId: string, more: { VersionId?: string; VersionStage?: string } = {}): Promise<GetSecretValueCommandOutput> {
  return client.send(new GetSecretValueCommand({ SecretId, ...more }));
}

test("GetSecretValue reads a secret by its name and by its ARN.", async () => {
  const byName = await get("vigia/ingest");
  expect(byName).toMatchObject({ Name: "vigia/ingest", SecretString: "first", VersionStages: ["AWSCURRENT"] });
  expect(byName.CreatedDate).toBeInstanceOf(Date);
  expect((await get(byName.ARN ?? "")).SecretString).toBe("first");
  expect(secrets.reads()).toBe(2);
});

test("After a rotation the new value is current and the old one is previous.", async () => {
  const old = await get("vigia/ingest");
  secrets.putSecretValue("vigia/ingest", "second");
  expect((await get("vigia/ingest")).SecretString).toBe("second");
  expect((await get("vigia/ingest", { VersionStage: "AWSPREVIOUS" })).SecretString).toBe("first");
  expect((await get("vigia/ingest", { VersionId: old.VersionId ?? "" })).SecretString).toBe("first");
});

test("GetSecretValue refuses unknown secrets, missing versions, empty ids and deleted secrets with AWS's errors.", async () => {
  await expect(get("nothing")).rejects.toMatchObject({ name: "ResourceNotFoundException", $metadata: { httpStatusCode: 400 } });
  await expect(get("vigia/ingest", { VersionStage: "AWSPREVIOUS" })).rejects.toMatchObject({ name: "ResourceNotFoundException" });
  await expect(get("")).rejects.toMatchObject({ name: "InvalidParameterException" });
  secrets.markDeleted("vigia/ingest");
  await expect(get("vigia/ingest")).rejects.toMatchObject({ name: "InvalidRequestException" });
});

test("The client's retry hides one failure, and the caller sees the second in a row.", async () => {
  const broken = new ServiceError(500, "InternalServiceError", "An error occurred on the server side.");
  secrets.faults.refuse(1, broken);
  expect((await get("vigia/ingest")).SecretString).toBe("first");
  secrets.faults.refuse(2, broken);
  await expect(get("vigia/ingest")).rejects.toMatchObject({ name: "InternalServiceError" });
});

test("Secrets Manager refuses an unsigned request.", async () => {
  const headers = { "x-amz-target": "secretsmanager.GetSecretValue" };
  const answer = await fetch(secrets.url, { method: "POST", headers, body: '{"SecretId":"vigia/ingest"}' });
  expect(answer.status).toBe(403);
  expect(await answer.text()).not.toContain("first");
});

test("A delayed request is served at once when the faults are cleared.", async () => {
  secrets.faults.answerDelayMs = 900_000;
  const held = secrets.faults.apply();
  secrets.faults.clear();
  expect(await held).toBe("serve");
});

test("A stalled service answers after its release.", async () => {
  secrets.faults.stall();
  const waiting = get("vigia/ingest");
  secrets.faults.release();
  expect((await waiting).SecretString).toBe("first");
});
