import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { report } from "../../scripts/deploy/preflight-report.ts";
import type { FoundSecret } from "../../scripts/deploy/stack-secret.ts";
import type { WorkerSecrets } from "../../scripts/deploy/worker-secrets.ts";
import { exampleWith } from "./example.ts";
import { PRODUCTION_ID } from "./own-settings.ts";
import { nameOf } from "./secret-clouds.ts";

const GONE = "d0000000-0000-4000-8000-000000000000";
const DAY = 86_400_000;
const folder = mkdtempSync(join(tmpdir(), "vigia-check-"));
const deployment = exampleWith({});
let checks: typeof import("../../scripts/deploy/check-secrets.ts");
let worker: typeof import("../../scripts/deploy/worker-secrets.ts");

beforeAll(async () => {
  vi.stubEnv("VIGIA_DEPLOY_FOLDER", folder);
  checks = await import("../../scripts/deploy/check-secrets.ts");
  worker = await import("../../scripts/deploy/worker-secrets.ts");
});
afterAll(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
});

const there = (names: string[], variables = 14): WorkerSecrets => ({
  state: "there",
  names: new Set(names),
  variables,
  config: "x",
});
const ofWorker = (found: WorkerSecrets) => report(checks.checkWorkerSecrets(deployment.stage, [deployment], found));
const ofStack = (found: FoundSecret) => report(checks.checkStackSecret(deployment, found, 400 * DAY));
const inAws = (words: string[], changedAt: number | null) =>
  ofStack({ state: "found", secret: { arn: "arn", words, changedAt } });

describe("`preflight` and the secrets of a Worker", () => {
  test("A Worker with an own secret for each instance and a ticket key lacks nothing, also without METRICS_TOKEN.", () => {
    const text = ofWorker(there(["TICKET_SECRET", nameOf(PRODUCTION_ID)]));
    expect(text.split("\n")).toEqual([
      `✓ The Worker vigia has a signing secret for ${PRODUCTION_ID}.`,
      "",
      "Nothing is missing.",
    ]);
  });

  test("A missing key, a missing instance and a missing Worker name the command that makes them.", () => {
    const text = ofWorker(there([]));
    expect(text).toContain("✗ The Worker vigia has no TICKET_SECRET.\n    Run npm run deploy:hub");
    expect(text).toContain(`✗ The Worker vigia has no signing secret for ${PRODUCTION_ID}.\n    Run npm run secret -- add`);
    expect(ofWorker({ state: "none", config: "x" })).toContain("✗ There is no Worker vigia yet.");
    expect(ofWorker({ state: "unknown", reason: "Log in." })).toContain("– The secrets of the Worker are not checked: Log in.");
  });

  test("The list of the first release is no fault, and an instance of the past is named.", () => {
    const text = ofWorker(there(["TICKET_SECRET", "INGEST_SECRETS", nameOf(GONE)]));
    expect(text).toContain("! The Worker vigia still has INGEST_SECRETS");
    expect(text).toContain(`! The Worker vigia has a secret for ${GONE}, which is not in these settings.`);
    expect(text).toContain("Nothing is missing.");
  });

  test("A Worker that is nearly full says how many instances it still takes.", () => {
    const many = Array.from({ length: 110 }, (_, index) => `OTHER_${index}`);
    const text = ofWorker(there(["TICKET_SECRET", nameOf(PRODUCTION_ID), ...many]));
    expect(text).toContain("! The Worker vigia has room for 2 more instances: Cloudflare takes 128 settings and secrets.");
  });

  test("A file of secrets from an earlier version is named, so that somebody deletes it.", () => {
    mkdirSync(join(folder, "vigia"), { recursive: true });
    const file = join(folder, "vigia", "hub-secrets.json");
    writeFileSync(file, "{}");
    expect(ofWorker(there(["TICKET_SECRET"]))).toContain(`! ${file} is from an earlier version`);
    rmSync(file);
  });
});

describe("`preflight` and the signing secret of a stack", () => {
  test("A stack without a secret, an old secret and a forgotten rotation name the next command.", () => {
    expect(inAws([], 0)).toContain(`Run npm run secret -- add --instance ${PRODUCTION_ID}.`);
    expect(inAws(["whsec_a"], 30 * DAY)).toContain("is 370 days old.");
    expect(inAws(["whsec_a"], 36 * DAY)).toContain("✓ The stack has a signing secret.");
    expect(inAws(["whsec_b", "whsec_a"], 397 * DAY)).toContain(`Run npm run secret -- finish --instance ${PRODUCTION_ID}.`);
    expect(inAws(["whsec_b", "whsec_a"], 400 * DAY - 1000)).toContain("✓ The stack has two signing secrets");
    expect(inAws(["whsec_a"], null)).toContain("✓");
    expect(ofStack({ state: "none" })).toContain("– The stack Vigia is not deployed yet");
  });
});

describe("The limits of Cloudflare", () => {
  const filled = new Set(Array.from({ length: 114 }, (_, index) => `OTHER_${index}`));

  test("A secret above 5 KB is refused before it is sent, with its name and without its value.", () => {
    const problem = worker.limitProblem(new Set(), 14, { INGEST_SECRET_A: "x".repeat(5_001) });
    expect(problem).toMatch(/^INGEST_SECRET_A would have 5001 bytes/);
    expect(problem).not.toContain("xx");
    expect(worker.limitProblem(new Set(), 14, { INGEST_SECRET_A: "x".repeat(5_000) })).toBeNull();
  });

  test("The name that would be one too many is refused. Replacing and deleting still work in a full Worker.", () => {
    expect(worker.limitProblem(filled, 14, { INGEST_SECRET_A: "x" })).toContain("129 settings and secrets");
    expect(worker.limitProblem(filled, 14, { OTHER_1: "x" })).toBeNull();
    expect(worker.limitProblem(filled, 20, { OTHER_1: null })).toBeNull();
    expect(worker.limitProblem(filled, 14, { OTHER_1: null, INGEST_SECRET_A: "x" })).toBeNull();
  });
});
