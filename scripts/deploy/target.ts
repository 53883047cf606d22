import { summarise } from "../../infra/announcement.ts";
import { exampleRefusal, readSettings } from "../../infra/read-settings.ts";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { type DeployArguments, splitArguments } from "./arguments.ts";
import { applyProfile } from "./aws-login.ts";
import { refuseUsage } from "./tools.ts";

/** What a command acts on: the settings file, and the instances of it that the arguments select. */
export interface Target {
  /** The settings file, as it is printed. */
  file: string;
  path: string;
  /** The selected instances, at least one. */
  deployments: [Deployment, ...Deployment[]];
  /** All instances of the file. */
  all: readonly Deployment[];
  stages: readonly Stage[];
  given: DeployArguments;
}

/**
 * Begins a deployment command: splits its arguments, settles the AWS login, reads the settings and selects the instances.
 * Ends the process with one sentence when that is impossible: exit code 2 for wrong arguments, 1 for wrong settings.
 */
export function openTarget(args: readonly string[], usage: string): Target {
  const split = splitArguments(args);
  if (!split.ok) return refuseUsage(split.message, usage);
  const settings = readSettings(split.given.config, process.env);
  if (!settings.ok) return endWith(settings.message);
  const profileProblem = applyProfile(split.given.profile, process.env);
  if (profileProblem !== null) return endWith(profileProblem);
  const selected = select(settings.deployments, split.given);
  if (!selected.ok) return refuseUsage(selected.message, usage);
  const { file, path, deployments: all, stages } = settings;
  return { file, path, deployments: selected.deployments, all, stages, given: split.given };
}

/** Returns the one selected instance. Ends the process when several are selected. */
export function onlyDeployment({ deployments, file }: Target, usage: string): Deployment {
  const [first, ...others] = deployments;
  if (others.length === 0) return first;
  return refuseUsage(`${file} has several instances. Name one with --instance: ${namesOf(deployments)}.`, usage);
}

/** Returns the one selected stage. Ends the process when several are selected. */
export function onlyStage({ given, stages, file, deployments }: Target, usage: string): Stage {
  const wanted = given.instance === undefined ? given.stage : deployments[0].stage.name;
  const selected = wanted === undefined ? stages : stages.filter(({ name }) => name === wanted);
  const [first, ...others] = selected;
  if (first !== undefined && others.length === 0) return first;
  return refuseUsage(`${file} has several stages. Name one with --stage: ${stages.map(({ name }) => name).join(", ")}.`, usage);
}

/** Ends the process when the target is the example, because AWS gives its account to nobody. */
export function refuseExample({ file, deployments }: Target): void {
  const refusal = exampleRefusal(file, deployments);
  if (refusal !== null) endWith(refusal);
}

/** Prints what the command acts on, before it acts. */
export function announce({ file, deployments, given }: Target): void {
  const login = given.profile === undefined ? "" : ` (AWS profile ${given.profile})`;
  console.log(summarise(`${file}${login}`, deployments));
}

/** Prints the Worker that a command acts on, and the instances that post to it. */
export function announceStage({ file, all }: Target, { name, workerName, domain, accountId }: Stage): void {
  const address = domain === null ? "its workers.dev address" : `https://${domain}`;
  const account = accountId === null ? "the account of the Cloudflare login" : `the Cloudflare account ${accountId}`;
  console.log(
    summarise(
      file,
      all.filter((one) => one.stage.name === name),
    ),
  );
  console.log(`  Worker ${workerName} (stage ${name}) at ${address}, in ${account}`);
}

/** Returns the options that lead the CDK to the same settings and the same login. */
export function cdkOptions({ path, given }: Target): string[] {
  return ["-c", `config=${path}`, ...(given.profile === undefined ? [] : ["--profile", given.profile])];
}

/**
 * Returns the environment of the CDK. Its default Region is that of the first stack, because the CDK asks for the login in the
 * default Region, and the environment or the profile may have another.
 */
export function cdkVariables({ deployments: [{ instance }] }: Target): Record<string, string> {
  return { VIGIA_ANNOUNCED: "1", AWS_REGION: instance.region, AWS_DEFAULT_REGION: instance.region };
}

/** Prints one sentence and ends the command with exit code 1. */
export function endWith(message: string): never {
  console.error(message);
  process.exit(1);
}

/** Whether `--instance NAME` means this instance. */
export function isNamed({ instance, settings }: Deployment, name: string): boolean {
  return [instance.id, instance.arn, settings.instanceAlias, settings.stackName].includes(name);
}

type Selected = { ok: true; deployments: [Deployment, ...Deployment[]] } | { ok: false; message: string };

/** Selects by `--instance` and `--stage`. */
function select(all: readonly Deployment[], { instance, stage }: DeployArguments): Selected {
  const found = all.filter(
    (one) => (instance === undefined || isNamed(one, instance)) && (stage === undefined || one.stage.name === stage),
  );
  const [first, ...others] = found;
  if (first === undefined) {
    const asked = [instance === undefined ? "" : ` ${instance}`, stage === undefined ? "" : ` of the stage ${stage}`].join("");
    return { ok: false, message: `The settings have no instance${asked}. Use one of ${namesOf(all)}.` };
  }
  if (instance !== undefined && others.length > 0) {
    return { ok: false, message: `${instance} names several instances. Name one by its stack: ${namesOf(found)}.` };
  }
  return { ok: true, deployments: [first, ...others] };
}

const namesOf = (deployments: readonly Deployment[]) =>
  deployments.map(({ settings, stage }) => `${settings.stackName} (${stage.name})`).join(", ");
