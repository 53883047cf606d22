import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { AwsAccount } from "./aws-account.ts";
import { type AwsStandIn, startAwsStandIn } from "./aws-stand-in.ts";
import { type CloudflareStandIn, startCloudflareStandIn } from "./cloudflare-stand-in.ts";
import { type DeployedHub, startDeployedHub } from "./deployed-hub.ts";
import { OWN_ACCOUNT, PRODUCTION_ID, TWO_STAGES } from "./own-settings.ts";
import { type CommandResult, runCommand } from "./run-command.ts";

export const SECOND_ID = "c0d28041-0000-4000-8000-0000000000c3";
export const nameOf = (id: string) => `INGEST_SECRET_${id.toUpperCase().replaceAll("-", "_")}`;
export const arnOf = (stack: string) => `arn:aws:secretsmanager:eu-central-1:${OWN_ACCOUNT}:secret:${stack}-AbCdEf`;

/** Both clouds with two instances of one stage, and the hub between them. The second instance is in the stack `Vigia-second`. */
export class SecretClouds {
  readonly account = new AwsAccount();
  readonly folder = mkdtempSync(join(tmpdir(), "vigia-secrets-"));
  readonly #aws: AwsStandIn;
  readonly cloudflare: CloudflareStandIn;
  readonly hub: DeployedHub;

  static async start(): Promise<SecretClouds> {
    const account = new AwsAccount();
    const cloudflare = await startCloudflareStandIn();
    return new SecretClouds(account, await startAwsStandIn(account), cloudflare, await startDeployedHub(cloudflare, "vigia"));
  }

  private constructor(account: AwsAccount, aws: AwsStandIn, cloudflare: CloudflareStandIn, hub: DeployedHub) {
    this.account = account;
    this.#aws = aws;
    this.cloudflare = cloudflare;
    this.hub = hub;
    const [first] = TWO_STAGES.instances;
    const second = JSON.parse(JSON.stringify({ ...first, stackName: "Vigia-second" }).replaceAll(PRODUCTION_ID, SECOND_ID));
    const { production } = TWO_STAGES.stages;
    writeFileSync(join(this.folder, "own.json"), JSON.stringify({ instances: [first, second], stages: { production } }));
  }

  /** A new machine: it knows the settings file and both logins, and nothing of earlier commands. */
  run(command: "secret" | "hub" | "preflight", args: string[]): Promise<CommandResult> {
    const machine = mkdtempSync(join(this.folder, "machine-"));
    const hub = command === "secret" ? ["--hub", this.hub.url] : [];
    return runCommand(`scripts/deploy/${command}.ts`, ["--config", join(this.folder, "own.json"), ...hub, ...args], {
      HOME: machine,
      VIGIA_DEPLOY_FOLDER: join(machine, "deploy"),
      CLOUDFLARE_API_BASE_URL: this.cloudflare.url,
      CLOUDFLARE_API_TOKEN: "token-of-this-test",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
      CI: "true",
      AWS_ENDPOINT_URL: this.#aws.url,
      AWS_ACCESS_KEY_ID: "AKIDOWN",
      AWS_SECRET_ACCESS_KEY: "s",
      AWS_EC2_METADATA_DISABLED: "true",
    });
  }

  /** As after `deploy:aws`: a random word in place of the signing secret. */
  deployStack(name: string, instanceId: string, text = "RandomWordOfCloudFormation"): void {
    this.account.stacks.set(name, { outputs: { SigningSecretArn: arnOf(name), InstanceId: instanceId }, resources: [] });
    this.setSecret(name, text);
  }

  setSecret(stack: string, text: string, since = new Date()): void {
    this.account.secrets.set(arnOf(stack), { text, since });
  }

  wordsIn(stack: string): string[] {
    return (this.account.secrets.get(arnOf(stack))?.text ?? "").split(" ");
  }

  get secrets(): Record<string, string> {
    const secrets = this.cloudflare.workers.get("vigia") ?? {};
    this.cloudflare.workers.set("vigia", secrets);
    return secrets;
  }

  async stop(): Promise<void> {
    await Promise.all([this.#aws.close(), this.cloudflare.close(), this.hub.close()]);
    rmSync(this.folder, { recursive: true });
  }
}
