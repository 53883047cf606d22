import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test, vi } from "vitest";
import type { Deployment } from "../../infra/settings-file.ts";
import { checkAws } from "../../scripts/deploy/check-aws.ts";
import { rolesMayDecrypt } from "../../scripts/deploy/check-streams.ts";
import { report } from "../../scripts/deploy/preflight-report.ts";
import { AwsAccount, AwsRefusal } from "./aws-account.ts";
import { type AwsStandIn, startAwsStandIn } from "./aws-stand-in.ts";
import { exampleWith } from "./example.ts";
import { OWN_ACCOUNT, OWN_INSTANCE } from "./own-settings.ts";

const HOME = `eu-central-1:${OWN_ACCOUNT}`;
const INSTANCE_ARN = String(OWN_INSTANCE["instanceArn"]);
const STREAM_ARN = `arn:aws:kinesis:${HOME}:stream/agents`;
const KEY_ARN = `arn:aws:kms:${HOME}:key/11111111-2222-4333-8444-555555555555`;
const hub = { hubUrl: "https://board.contact-center.test" };
let account: AwsAccount;
let aws: AwsStandIn;
const holder = { answer: (...given: Parameters<AwsAccount["answer"]>) => account.answer(...given) };

beforeAll(async () => {
  aws = await startAwsStandIn(holder);
});
beforeEach(() => {
  account = new AwsAccount();
  vi.stubEnv("AWS_ENDPOINT_URL", aws.url);
  vi.stubEnv("AWS_ENDPOINT_URL_KINESIS", aws.http2Url);
  vi.stubEnv("AWS_ACCESS_KEY_ID", "AKIDOWN");
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", "s");
  account.json.set("connect /instance/", (_, path) =>
    path.includes("/storage-configs") ? { StorageConfigs: [] } : { Instance: { InstanceAlias: "example-contact-center" } },
  );
  account.json.set("ssm GetParameter", () => ({ Parameter: { Value: "28" } }));
  limits(1000, 1000);
  account.json.set("servicequotas ListServiceQuotas", () => ({
    Quotas: [
      { QuotaName: "Number of concurrent WebSocket streams for streaming transcription", Value: 7, QuotaCode: "L-0" },
      { QuotaName: "Number of concurrent HTTP/2 streams for streaming transcription", Value: 25, QuotaCode: "L-1" },
    ],
  }));
});
afterEach(() => vi.unstubAllEnvs());
afterAll(() => aws.close());

function limits(quota: number, unreserved: number): void {
  const AccountLimit = { ConcurrentExecutions: quota, UnreservedConcurrentExecutions: unreserved };
  account.json.set("lambda /2016-08-19/account-settings", () => ({ AccountLimit }));
}

/** Gives the instance one storage config, and says in which stack it is. */
function storage(type: string, config: object, stack: string | null, physicalId = `${INSTANCE_ARN}|assoc-1|${type}`): void {
  account.json.set("connect /instance/", (_, path) => {
    if (!path.includes("/storage-configs")) return { Instance: { InstanceAlias: "example-contact-center" } };
    return { StorageConfigs: path.includes(`resourceType=${type}`) ? [{ AssociationId: "assoc-1", ...config }] : [] };
  });
  if (stack === null) return;
  const resource = { type: "AWS::Connect::InstanceStorageConfig", logicalId: "Config", physicalId };
  account.stacks.set(stack, { outputs: {}, resources: [resource] });
}
const agentStream = { StorageType: "KINESIS_STREAM", KinesisStreamConfig: { StreamArn: STREAM_ARN } };
const describedStream = (fields: object) =>
  account.json.set("kinesis DescribeStreamSummary", () => ({ StreamDescriptionSummary: { OpenShardCount: 1, ...fields } }));

const settings = (fields: object): Deployment => exampleWith({ ...OWN_INSTANCE, ...hub, ...fields });
const checked = async (fields: object = {}) => report(await checkAws(settings(fields)));
const existing = { agentEvents: { mode: "existing", streamArn: STREAM_ARN } };

describe("The names of queues in the settings", () => {
  const queues = () =>
    account.json.set("connect /queues-summary/", (_, path) =>
      path.includes("nextToken")
        ? { QueueSummaryList: [{ Id: "q2", Name: "Soporte" }] }
        : { QueueSummaryList: [{ Id: "q1", Name: "Ventas" }], NextToken: "more" },
    );

  test("Names and ids of all pages are recognised.", async () => {
    queues();
    const text = await checked({ serviceLevelSeconds: { Ventas: 20, q2: 30, "*": 60 } });
    expect(text).toContain("✓ serviceLevelSeconds names queues that the instance has.");
  });

  test("A name that no queue has is said, because it would leave its queue with the default.", async () => {
    queues();
    const text = await checked({ serviceLevelSeconds: { ventas: 20, Soporte: 30 } });
    expect(text).toContain('! serviceLevelSeconds names "ventas", and the instance has no such queue.');
  });

  test("Nobody is asked when the settings name no queue.", async () => {
    expect(await checked({ serviceLevelSeconds: { "*": 60 } })).not.toContain("serviceLevelSeconds");
  });

  test("A login that may not list queues skips the check and says so.", async () => {
    account.json.set("connect /queues-summary/", () => {
      throw new AwsRefusal("AccessDeniedException");
    });
    expect(await checked({ serviceLevelSeconds: { Ventas: 20 } })).toContain("– The list of queues is not checked:");
  });
});

describe("The owner of a storage config", () => {
  test("A config of the own stack stays managed, also on a machine that deployed nothing.", async () => {
    storage("AGENT_EVENTS", agentStream, "Vigia");
    expect(await checked()).toContain("✓ agentEvents: the AGENT_EVENTS config of the instance belongs to the stack Vigia.");
  });

  test("The own stack is recognised by the association if CloudFormation spells the physical id in another way.", async () => {
    storage("AGENT_EVENTS", agentStream, "Vigia", "assoc-1");
    expect(await checked()).toContain("✓ agentEvents: the AGENT_EVENTS config of the instance belongs to the stack Vigia.");
  });

  test("A config of the own stack must not be called existing, because CloudFormation would delete it.", async () => {
    storage("AGENT_EVENTS", agentStream, "Vigia");
    describedStream({});
    const text = await checked(existing);
    expect(text).toContain("✗ agentEvents: the AGENT_EVENTS config of the instance belongs to the stack Vigia itself.");
    expect(text).toContain('Set agentEvents back to "mode": "managed".');
    expect(await checked({ agentEvents: { mode: "off" } })).toContain("! agentEvents: the AGENT_EVENTS config");
  });

  test("A config of another stack is named with the setting that uses it, with its key.", async () => {
    storage("AGENT_EVENTS", agentStream, "Telephony");
    describedStream({ EncryptionType: "KMS", KeyId: KEY_ARN });
    const text = await checked();
    expect(text).toContain("✗ agentEvents: the AGENT_EVENTS config of the instance belongs to the stack Telephony.");
    const form = { mode: "existing", streamArn: STREAM_ARN, keyArn: KEY_ARN };
    expect(text).toContain(`Set "agentEvents": ${JSON.stringify(form)}.`);
    expect(await checked({ agentEvents: form })).not.toContain("✗ agentEvents:");
  });

  test("A config that somebody made by hand is named with the setting that uses it, and media with its short prefix.", async () => {
    const config = {
      StorageType: "KINESIS_VIDEO_STREAM",
      KinesisVideoStreamConfig: {
        Prefix: "theirs-connect-example-contact-center-contact-",
        RetentionPeriodHours: 24,
        EncryptionConfig: { EncryptionType: "KMS", KeyId: KEY_ARN },
      },
    };
    storage("MEDIA_STREAMS", config, null);
    const text = await checked();
    expect(text).toContain("✗ media: the MEDIA_STREAMS config of the instance was made by hand.");
    expect(text).toContain(`Set "media": ${JSON.stringify({ mode: "existing", prefix: "theirs", keyArn: KEY_ARN })}.`);
    expect(await checked({ media: { mode: "existing", prefix: "other" } })).toContain("has another target than the settings");
    expect(await checked({ media: { mode: "existing", prefix: "theirs" } })).toContain("and the settings name its target");
  });

  test("Without leave to ask CloudFormation, the advice is to change nothing.", async () => {
    storage("AGENT_EVENTS", agentStream, "Vigia");
    describedStream({});
    Object.assign(account, {
      answer: (...given: Parameters<AwsAccount["answer"]>) =>
        given[0].service === "cloudformation"
          ? { status: 403, type: "text/xml", body: "<ErrorResponse><Error><Code>AccessDenied</Code></Error></ErrorResponse>" }
          : AwsAccount.prototype.answer.apply(account, given),
    });
    const text = await checked();
    expect(text).toContain("! agentEvents: the AGENT_EVENTS config of the instance exists");
    expect(text).toContain("Do not change the mode before");
    expect(text).toContain("Lambda's concurrency is not checked: the login lacks the permission lambda:GetAccountSettings");
  });

  test("An existing stream that Amazon Connect does not write to is reported.", async () => {
    describedStream({});
    expect(await checked(existing)).toContain("✗ agentEvents: the instance has no AGENT_EVENTS config");
  });
});

describe("The segments of chats", () => {
  const CHATS = "REAL_TIME_CONTACT_ANALYSIS_CHAT_SEGMENTS";
  const elsewhere = { StorageType: "KINESIS_STREAM", KinesisStreamConfig: { StreamArn: `${STREAM_ARN}-of-others` } };
  const managed = { contactLens: { mode: "managed" } };

  test("A managed stream gets them, unless somebody has connected them to another stream.", async () => {
    expect(await checked(managed)).toContain(`✓ contactLens: the instance has no ${CHATS} config yet.`);
    storage(CHATS, elsewhere, null);
    const text = await checked(managed);
    expect(text).toContain(`✗ contactLens: the ${CHATS} config of the instance was made by hand. Amazon Connect refuses`);
    expect(text).toContain('Set "contactLens": {"mode":"managed","chat":false}.');
    expect(await checked({ contactLens: { mode: "managed", chat: false } })).not.toContain(CHATS);
  });

  test("An existing stream without them is no fault, because not every center analyses chats.", async () => {
    describedStream({});
    const contactLens = { mode: "existing", streamArn: STREAM_ARN };
    expect(await checked({ contactLens })).toContain(`! contactLens: the instance has no ${CHATS} config`);
    storage(CHATS, elsewhere, null);
    expect(await checked({ contactLens })).toContain(`! contactLens: the ${CHATS} config of the instance was made by hand`);
    storage(CHATS, agentStream, null);
    expect(await checked({ contactLens })).toContain("and the settings name its target");
  });
});

describe("Existing streams and keys", () => {
  test("A stream that is missing, has another key or the key of AWS is reported.", async () => {
    account.json.set("kinesis DescribeStreamSummary", () => {
      throw new AwsRefusal("ResourceNotFoundException");
    });
    expect(await checked(existing)).toContain(`✗ agentEvents: there is no stream ${STREAM_ARN}.`);
    describedStream({ EncryptionType: "KMS", KeyId: "alias/aws/kinesis" });
    expect(await checked(existing)).toContain("✗ agentEvents: the stream uses the key aws/kinesis");
    describedStream({ EncryptionType: "KMS", KeyId: KEY_ARN });
    expect(await checked(existing)).toContain(`Set agentEvents.keyArn to ${KEY_ARN}.`);
  });

  test("A stream of Contact Lens with several shards is reported.", async () => {
    describedStream({ OpenShardCount: 4 });
    const contactLens = { mode: "existing", streamArn: STREAM_ARN };
    expect(await checked({ contactLens })).toContain("! contactLens: the stream has 4 shards.");
  });

  test("A key that is disabled, or that no role may use, is reported.", async () => {
    describedStream({ EncryptionType: "KMS", KeyId: KEY_ARN });
    const agentEvents = { mode: "existing", streamArn: STREAM_ARN, keyArn: KEY_ARN };
    account.json.set("kms DescribeKey", () => ({ KeyMetadata: { KeyId: "1", KeyState: "PendingDeletion" } }));
    expect(await checked({ agentEvents })).toContain("✗ agentEvents.keyArn: the key has the state PendingDeletion");
    account.json.set("kms DescribeKey", () => ({ KeyMetadata: { KeyId: "1", KeyState: "Enabled" } }));
    account.json.set("kms GetKeyPolicy", () => ({ Policy: '{"Statement":[]}' }));
    expect(await checked({ agentEvents })).toContain("✗ agentEvents.keyArn: the policy of the key lets no role");
  });

  test("A key policy leaves the decision to roles only if it allows the whole account to decrypt, without a condition.", () => {
    const root = { AWS: `arn:aws:iam::${OWN_ACCOUNT}:root` };
    const policy = (statement: object) => JSON.stringify({ Statement: [{ Effect: "Allow", Resource: "*", ...statement }] });
    const may = (statement: object) => rolesMayDecrypt(policy(statement), { partition: "aws", account: OWN_ACCOUNT });
    expect(may({ Principal: root, Action: "kms:*" })).toBe(true);
    expect(may({ Principal: { AWS: [OWN_ACCOUNT] }, Action: ["kms:Encrypt", "kms:Decrypt"] })).toBe(true);
    expect(may({ Principal: root, Action: "kms:Encrypt" })).toBe(false);
    expect(may({ Principal: root, Action: "kms:*", Condition: { StringEquals: {} } })).toBe(false);
    expect(may({ Principal: { AWS: "arn:aws:iam::444455556666:root" }, Action: "kms:*" })).toBe(false);
    expect(may({ Effect: "Deny", Principal: root, Action: "kms:*" })).toBe(false);
  });
});

describe("The limits of the account", () => {
  test("An account with room for everything is confirmed.", async () => {
    const text = await checked();
    expect(text).toContain("✓ The account is bootstrapped for the CDK in eu-central-1 (version 28).");
    expect(text).toContain("✓ Lambda has room for maxConcurrentCalls 25: 934 places stay unreserved.");
    expect(text).toContain("✓ Transcribe allows 25 streams at a time in eu-central-1.");
    expect(text).toContain("Nothing is missing.");
  });

  test("A missing or old bootstrap names the command.", async () => {
    account.json.set("ssm GetParameter", () => ({ Parameter: { Value: "5" } }));
    expect(await checked()).toContain("has version 5, and the CDK needs 6");
    account.json.delete("ssm GetParameter");
    expect(await checked()).toContain(`Run npx cdk bootstrap aws://${OWN_ACCOUNT}/eu-central-1.`);
  });

  test.each([
    [10, 10, 25, true],
    [10, 10, null, false],
    [1000, 165, 25, true],
    [1000, 166, 25, false],
    [50, 50, 25, true],
  ])(
    "Of a quota of %i with %i unreserved places, %j calls are too many: %j.",
    async (quota, unreserved, maxConcurrentCalls, refused) => {
      limits(quota, unreserved);
      const text = await checked({ maxConcurrentCalls });
      expect(text.includes("The deployment would fail.")).toBe(refused);
      if (refused) expect(text).toContain("or set maxConcurrentCalls to null, which reserves nothing");
    },
  );

  test("The places that the deployed stack has reserved already count as free.", async () => {
    limits(1000, 100);
    const resource = { type: "AWS::Lambda::Function", logicalId: "Transcriber", physicalId: "transcriber" };
    account.stacks.set("Vigia", { outputs: {}, resources: [resource] });
    account.json.set("lambda /2019-09-30/functions/transcriber/concurrency", () => ({ ReservedConcurrentExecutions: 66 }));
    expect(await checked()).toContain("✓ Lambda has room for maxConcurrentCalls 25: 100 places stay unreserved.");
  });

  test("More calls than Transcribe's quota of streams are reported with the quota's code.", async () => {
    expect(await checked({ maxConcurrentCalls: 26 })).toContain("Ask for a higher quota (Service Quotas, L-1)");
    expect(await checked({ maxConcurrentCalls: null })).toContain("maxConcurrentCalls is null (no limit)");
  });
});
