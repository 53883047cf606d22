import { text } from "node:stream/consumers";
import { parseArgs } from "node:util";
import type { Deployment } from "../../infra/settings-file.ts";
import { argumentProblem } from "../../local/start/argument-problem.ts";
import { connectActions } from "./action-secret.ts";
import { storeAlertTargets } from "./alert-targets.ts";
import { splitArguments } from "./arguments.ts";
import { hubAddress } from "./hub-address.ts";
import { makeHubToken, replaceTicketSecret } from "./hub-keys.ts";
import {
  acceptSecrets,
  addInstance,
  finishRotation,
  migrateInstances,
  removeInstance,
  rotateInstance,
} from "./secret-commands.ts";
import { describeSecrets } from "./secret-list.ts";
import { announce, announceStage, endWith, isNamed, onlyDeployment, onlyStage, openTarget, refuseExample } from "./target.ts";
import { refuseUsage } from "./tools.ts";

// npm run secret: manages the signing secrets that both clouds share. It asks the clouds what they have and prints no value.
const USAGE = `npm run secret -- COMMAND [--config FILE] [--profile NAME] [--stage NAME] [--hub URL]
  list                                  what both clouds have
  add --instance NAME [--replace]       gives an instance its secret, or gives the hub the one that the stack has
  rotate --instance NAME                first step: a new secret next to the old one
  finish --instance NAME [--now]        second step, ten minutes later: only the new one
  accept --instance NAME                gives the hub the secret in the standard input; add, rotate and finish take --only-aws
  remove --instance NAME                the hub forgets an instance
  migrate [--drop-list]                 moves all instances of a stage out of INGEST_SECRETS
  tickets [--replace], metrics [--replace]   makes TICKET_SECRET, METRICS_TOKEN
  actions --instance NAME [--replace]   gives the hub the function for actions, and both a secret for it
  alert-targets [--remove] [--part NAME]   gives the hub the targets of alerts in the standard input (JSON)`;
/** The commands of the first release, and what took their place. */
const OLD_COMMANDS = new Map([
  ["new", "Run add after npm run deploy:hub and npm run deploy:aws."],
  ["put", "It is not needed any more: add, rotate and finish change both clouds."],
]);

const args = process.argv.slice(2);
const { values, positionals } = readArguments();
const [command = "", ...others] = positionals;
const givenHub = hubAddress("--hub", values.hub, USAGE);
const old = OLD_COMMANDS.get(command);
if (old !== undefined) refuseUsage(`There is no command ${command} any more. ${old}`, USAGE);
if (others.length > 0 || command === "") refuseUsage("Give exactly one command.", USAGE);

try {
  const problem = await run();
  if (problem !== null) endWith(problem);
} catch (error) {
  endWith(`npm run secret -- ${command} failed: ${error instanceof Error ? error.message : String(error)}`);
}

/** Runs the command. @returns why it did not succeed, or null */
async function run(): Promise<string | null> {
  if (command === "remove") return remove();
  const target = openTarget(args, USAGE);
  refuseExample(target);
  if (command === "add" || command === "rotate" || command === "finish" || command === "accept" || command === "actions") {
    const deployment = onlyDeployment(target, USAGE);
    announce(target);
    const onlyAws = values["only-aws"] === true;
    if (command === "accept") return acceptSecrets(deployment.stage, deployment.instance.id, await text(process.stdin));
    if (command === "actions") return connectActions(deployment, values.replace === true);
    if (command === "add") return addInstance(deployment, values.replace === true, onlyAws);
    if (command === "rotate") return rotateInstance(deployment, onlyAws);
    const hubUrl = givenHub ?? deployment.settings.hubUrl;
    return finishRotation(deployment, { now: values.now === true, hubUrl, onlyAws });
  }
  const stage = onlyStage(target, USAGE);
  const deployments = target.all.filter((one) => one.stage.name === stage.name);
  announceStage(target, stage);
  if (command === "list") return describeSecrets(stage, deployments, givenHub);
  if (command === "migrate") return migrateInstances(stage, deployments, values["drop-list"] === true);
  if (command === "tickets") return replaceTicketSecret(stage, values.replace === true);
  if (command === "metrics") return makeHubToken(stage, values.replace === true);
  if (command === "alert-targets") {
    return storeAlertTargets(stage, values.remove === true ? null : await text(process.stdin), values.part);
  }
  return refuseUsage(`There is no command ${JSON.stringify(command)}.`, USAGE);
}

/** The instance to remove may be in the settings no more. Then its id and the stage name it. */
function remove(): Promise<string | null> {
  const split = splitArguments(args);
  const instance = split.ok ? split.given.instance : undefined;
  if (instance === undefined) return refuseUsage("Name the instance with --instance.", USAGE);
  const target = openTarget(withoutInstance(), USAGE);
  refuseExample(target);
  const known: Deployment | undefined = target.deployments.find((one) => isNamed(one, instance));
  if (known === undefined && !/^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/.test(instance)) {
    return refuseUsage(`The settings have no instance ${instance}. Name one of the past by its id.`, USAGE);
  }
  const stage = known?.stage ?? onlyStage(target, USAGE);
  announceStage(target, stage);
  return removeInstance(stage, known?.instance.id ?? instance, known?.settings.stackName ?? null);
}

function withoutInstance(): string[] {
  const place = args.findIndex((word) => word === "--instance" || word.startsWith("--instance="));
  return args.toSpliced(place, args[place] === "--instance" ? 2 : 1);
}

function readArguments() {
  const split = splitArguments(args);
  if (!split.ok) return refuseUsage(split.message, USAGE);
  try {
    return parseArgs({
      args: split.given.rest,
      allowPositionals: true,
      options: {
        replace: { type: "boolean" },
        now: { type: "boolean" },
        "only-aws": { type: "boolean" },
        "drop-list": { type: "boolean" },
        remove: { type: "boolean" },
        part: { type: "string" },
        hub: { type: "string" },
      },
    });
  } catch (error) {
    return refuseUsage(argumentProblem(error), USAGE);
  }
}
