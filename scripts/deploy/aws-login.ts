import { existsSync, readFileSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Deployment } from "../../infra/settings-file.ts";

/** Which AWS login a command uses, and whether it is the login of the account in the settings. */

/** Credentials in the environment, which the SDK and the CDK would otherwise mix with those of a profile. */
const KEY_VARIABLES = ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_DEFAULT_PROFILE"];

/**
 * Makes `profile` the only login of this process and of the tools that it starts. Without it, the environment decides as usual.
 * @returns the sentence that refuses an unknown profile, or null. The CDK itself takes an unknown one for no login.
 */
export function applyProfile(profile: string | undefined, environment: NodeJS.ProcessEnv): string | null {
  if (profile === undefined) return null;
  const problem = unknownProfile(profile, "--profile", environment);
  if (problem !== null) return problem;
  for (const variable of KEY_VARIABLES) delete environment[variable];
  environment["AWS_PROFILE"] = profile;
  return null;
}

/** The variables from which the SDK takes credentials. Without any of them the SDK would wait for a metadata server. */
const CREDENTIAL_VARIABLES = [
  "AWS_ACCESS_KEY_ID",
  "AWS_PROFILE",
  "AWS_WEB_IDENTITY_TOKEN_FILE",
  "AWS_CONTAINER_CREDENTIALS_RELATIVE_URI",
  "AWS_CONTAINER_CREDENTIALS_FULL_URI",
];

/** Whether this machine has any AWS login. */
export function hasCredentials(environment: NodeJS.ProcessEnv): boolean {
  return (
    CREDENTIAL_VARIABLES.some((name) => environment[name] !== undefined) ||
    [configFile(environment), credentialsFile(environment)].some((file) => existsSync(file))
  );
}

function unknownProfile(name: string, source: string, environment: NodeJS.ProcessEnv): string | null {
  if (knownProfiles(environment).has(name)) return null;
  const files = `${configFile(environment)} and ${credentialsFile(environment)}`;
  return `There is no AWS profile ${JSON.stringify(name)}. Correct ${source}, or add the profile to ${files}.`;
}

const configFile = (environment: NodeJS.ProcessEnv) => environment["AWS_CONFIG_FILE"] ?? join(homedir(), ".aws", "config");
const credentialsFile = (environment: NodeJS.ProcessEnv) =>
  environment["AWS_SHARED_CREDENTIALS_FILE"] ?? join(homedir(), ".aws", "credentials");

/** The profile names in the two shared files: `[profile x]` and `[default]` in the one, `[x]` in the other. */
function knownProfiles(environment: NodeJS.ProcessEnv): Set<string> {
  const namesIn = (path: string, heading: RegExp) =>
    existsSync(path) ? [...readFileSync(path, "utf8").matchAll(heading)].map(([, name = ""]) => name) : [];
  return new Set([
    ...namesIn(configFile(environment), /^[ \t]*\[[ \t]*(?:profile[ \t]+)?["']?([^\]"']+?)["']?[ \t]*\]/gm),
    ...namesIn(credentialsFile(environment), /^[ \t]*\[[ \t]*([^\]]+?)[ \t]*\]/gm),
  ]);
}

/**
 * Asks AWS whose login this is, in the Region of each stack. A login of another account, or of another partition, is refused.
 * @returns the sentence that refuses the login, or null
 */
export async function loginProblem(deployments: readonly Deployment[], environment: NodeJS.ProcessEnv): Promise<string | null> {
  const inherited = environment["AWS_PROFILE"] || undefined;
  const unknown = inherited === undefined ? null : unknownProfile(inherited, "AWS_PROFILE", environment);
  if (unknown !== null) return unknown;
  for (const { settings, instance } of deployments) {
    const login = await callerOf(instance.region);
    const target = `the account ${instance.account} (stack ${settings.stackName}, ${instance.region})`;
    if (!login.ok) {
      return `AWS did not accept the login for ${target}: ${login.reason}. Log in to that account, or pass its --profile.`;
    }
    if (login.account !== instance.account || login.partition !== instance.partition) {
      return `The AWS login is for the account ${login.account}, but the settings name ${target}. Log in to that account, or pass its --profile.`;
    }
  }
  return null;
}

type Caller = { ok: true; account: string; partition: string } | { ok: false; reason: string };

async function callerOf(region: string): Promise<Caller> {
  const client = new STSClient({ region, maxAttempts: 2 });
  try {
    const { Account = "", Arn = "" } = await client.send(new GetCallerIdentityCommand({}));
    return { ok: true, account: Account, partition: Arn.split(":")[1] ?? "" };
  } catch (error) {
    return { ok: false, reason: error instanceof Error ? error.name : "unknown error" };
  } finally {
    client.destroy();
  }
}
