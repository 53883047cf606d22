import { execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { AwsAccounts } from "./aws-accounts.ts";
import { type AwsStandIn, startAwsStandIn } from "./aws-stand-in.ts";
import { type CloudflareStandIn, startCloudflareStandIn } from "./cloudflare-stand-in.ts";
import type { CommandResult } from "./run-command.ts";
import { UploadedHub } from "./uploaded-hub.ts";

/** Profile -> access key. The stand-in of STS knows whose they are. */
const PROFILES = { production: "AKIDOWN", staging: "AKIDOTHER" };

/**
 * Somebody with a fresh clone, logins for two AWS accounts and a token of Cloudflare. Commands run in a shell, in the clone, and
 * find both clouds on this machine.
 */
export class Customer {
  readonly folder = mkdtempSync(join(tmpdir(), "vigia-customer-"));
  readonly clone = join(this.folder, "vigia");
  readonly accounts: AwsAccounts;
  readonly #aws: AwsStandIn;
  readonly cloudflare: CloudflareStandIn;
  readonly #hubs: UploadedHub[] = [];
  readonly #names: Record<string, string> = {};

  static async start(): Promise<Customer> {
    const accounts = new AwsAccounts();
    return new Customer(accounts, await startAwsStandIn(accounts), await startCloudflareStandIn());
  }

  private constructor(accounts: AwsAccounts, aws: AwsStandIn, cloudflare: CloudflareStandIn) {
    this.accounts = accounts;
    this.#aws = aws;
    this.cloudflare = cloudflare;
    // What git would clone, with what is not committed yet.
    const listed = execFileSync("git", ["ls-files", "-co", "--exclude-standard", "-z"], { encoding: "utf8" });
    for (const file of listed.split("\0").filter((name) => name !== "")) {
      mkdirSync(dirname(join(this.clone, file)), { recursive: true });
      cpSync(file, join(this.clone, file));
    }
    symlinkSync(resolve("node_modules"), join(this.clone, "node_modules"));
    mkdirSync(join(this.folder, ".aws"));
    const sections = (lines: (name: string, key: string) => string) =>
      Object.entries(PROFILES).map(([name, key]) => lines(name, key));
    writeFileSync(join(this.folder, ".aws", "config"), sections((name) => `[profile ${name}]\nregion = us-west-2\n`).join(""));
    const keys = sections((name, key) => `[${name}]\naws_access_key_id = ${key}\naws_secret_access_key = s\n`);
    writeFileSync(join(this.folder, ".aws", "credentials"), keys.join(""));
  }

  /** Lets the domain lead to the Worker, as a zone of Cloudflare does once the Worker is deployed. */
  async ownDomain(domain: string, workerName: string): Promise<void> {
    const hub = new UploadedHub(this.cloudflare, workerName, domain, join(this.folder, workerName));
    this.#hubs.push(hub);
    this.#names[`https://${domain}`] = await hub.start();
  }

  write(file: string, content: unknown): void {
    writeFileSync(join(this.clone, file), typeof content === "string" ? content : JSON.stringify(content, null, 2));
  }

  read(file: string): string {
    return readFileSync(join(this.clone, file), "utf8");
  }

  /**
   * Runs a line in the shell.
   * @param answer what the person types. Then the command runs at a terminal, because it asks only there
   */
  run(line: string, profile: keyof typeof PROFILES, answer: string | null = null): Promise<CommandResult> {
    const [program, args] = answer === null ? ["bash", ["-c", line]] : ["script", ["-qec", line, "/dev/null"]];
    const child = spawn(program, args, { cwd: this.clone, env: this.#environment(profile), stdio: ["pipe", "pipe", "pipe"] });
    child.stdin.on("error", () => {});
    child.stdin.end(answer ?? "");
    let text = "";
    child.stdout.on("data", (data) => (text += data));
    child.stderr.on("data", (data) => (text += data));
    return new Promise((done) => child.on("close", (code) => done({ code, text })));
  }

  #environment(profile: string): NodeJS.ProcessEnv {
    return {
      PATH: `${dirname(process.execPath)}:${process.env["PATH"]}`,
      HOME: this.folder,
      NO_COLOR: "1",
      NODE_OPTIONS: `--import=${resolve("test/infra/loopback-names.ts")}`,
      NAMES_OF_TEST: JSON.stringify(this.#names),
      AWS_ENDPOINT_URL: this.#aws.url,
      AWS_EC2_METADATA_DISABLED: "true",
      AWS_PROFILE: profile,
      CDK_DISABLE_CLI_TELEMETRY: "true",
      CLOUDFLARE_API_BASE_URL: this.cloudflare.url,
      CLOUDFLARE_API_TOKEN: "token-of-this-test",
      WRANGLER_SEND_METRICS: "false",
      CLOUDFLARE_CF_FETCH_ENABLED: "false",
    };
  }

  async stop(): Promise<void> {
    await Promise.all([this.#aws.close(), this.cloudflare.close(), ...this.#hubs.map((hub) => hub.stop())]);
    rmSync(this.folder, { recursive: true, force: true });
  }
}
