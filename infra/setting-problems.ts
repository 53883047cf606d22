import type * as v from "valibot";
import { environmentProblems } from "./environment-size.ts";
import { languageProblems } from "./language-problems.ts";
import type { DeploymentSettings, Instance } from "./settings.ts";

/** Says what is wrong with a setting, with its place in the file (`instances[0].media.mode`). It does not quote the value. */
export function describeIssue(issue: v.BaseIssue<unknown>): string {
  const place = placeOf((issue.path ?? []).map(({ key }) => key));
  if (issue.type === "strict_object" && issue.expected === "never") {
    return `${place} is no setting. Remove it, or correct its name (docs/deploy.md).`;
  }
  const wanted = issue.message.startsWith("expected ") ? issue.message.slice("expected ".length) : kindOf(issue.expected);
  const cure = wanted.startsWith('"') ? `Set ${wanted}.` : `Set it to ${wanted}.`;
  return `${place} ${issue.received === "undefined" ? "is missing" : "has a wrong value"}. ${cure}`;
}

function placeOf(keys: readonly unknown[]): string {
  const place = keys.map((key) => (typeof key === "number" ? `[${key}]` : `.${String(key)}`)).join("");
  return place === "" ? "The file" : place.replace(/^\./, "");
}

/** Names the kinds for which a schema has no message of its own. */
function kindOf(expected: string | null): string {
  if (expected === "Object") return "an object of settings";
  return expected === "Array" ? "a list" : `the kind ${expected ?? "of value that docs/deploy.md says"}`;
}

/**
 * Returns the problems of one instance's settings that are correct alone, but not together.
 * @param place the place of these settings in the file, such as `instances[0]`
 */
export function contradictions(settings: DeploymentSettings, instance: Instance, place: string): string[] {
  const problems: string[] = [];
  const { media, agentEvents, contactLens, flow } = settings;
  if (partitionOf(instance.region) !== instance.partition) {
    problems.push(
      `${place}.instanceArn names the Region ${instance.region} and the partition ${instance.partition}, which do not belong together. Copy the ARN from Amazon Connect.`,
    );
  }
  if (media.mode === "off" && agentEvents.mode === "off" && contactLens.mode === "off" && settings.reconcileMinutes === 0) {
    problems.push(`${place}: every source is off. Turn on at least one of media, agentEvents, contactLens, reconcileMinutes.`);
  }
  if (settings.connectRules && !settings.contactEvents) {
    problems.push(
      `${place}.connectRules needs the function for events of contacts. Set contactEvents to true, or connectRules to false.`,
    );
  }
  if (settings.queues === true && !settings.contactEvents) {
    problems.push(
      `${place}.queues needs the events of contacts, because nobody is seen to wait without them. Set contactEvents to true, or queues to false.`,
    );
  }
  if (flow.mode === "create") problems.push(...queueProblems(flow.queueArn, instance, place));
  if (flow.mode === "create" && media.mode === "off" && contactLens.mode === "off") {
    problems.push(`${place}.flow has nothing to start while media and contactLens are off. Turn one of them on, or flow off.`);
  }
  if (settings.recording.mode === "on" && media.mode === "off") {
    problems.push(`${place}.recording needs the calls' audio, but media is off. Turn media on, or recording off.`);
  }
  const { recordingLinks } = settings;
  if (recordingLinks.mode === "on" && settings.recording.mode === "off" && recordingLinks.connectRecordings === undefined) {
    problems.push(
      `${place}.recordingLinks finds no recording, because recording is off and connectRecordings is missing. Set one of them, or turn recordingLinks off.`,
    );
  }
  if (agentEvents.mode === "existing" && contactLens.mode === "existing" && agentEvents.streamArn === contactLens.streamArn) {
    problems.push(
      `${place}.agentEvents and ${place}.contactLens name one stream. Give each its own, because one slow reader would hold up the other.`,
    );
  }
  problems.push(...languageProblems(settings, instance, place), ...environmentProblems(settings, place));
  for (const [name, arn] of existingArns(settings)) {
    const [, partition, , region, account] = arn?.split(":") ?? [];
    const isHome = partition === instance.partition && region === instance.region && account === instance.account;
    if (arn !== undefined && !isHome) {
      problems.push(
        `${place}.${name} is not in the region and account of ${place}.instanceArn. Amazon Connect requires that it is.`,
      );
    }
  }
  return problems;
}

/** Returns the partition of a Region, by the names that AWS gives to Regions (AWS Fault Isolation Boundaries, "Partitions", 2026-11). */
function partitionOf(region: string): string {
  if (region.startsWith("us-gov-")) return "aws-us-gov";
  return region.startsWith("cn-") ? "aws-cn" : "aws";
}

const QUEUE_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

/** A flow puts its callers into a standard queue. Amazon Connect takes no agent's own queue there, and no other text. */
function queueProblems(queueArn: string, instance: Instance, place: string): string[] {
  const at = `${place}.flow.queueArn`;
  if (!queueArn.startsWith(`${instance.arn}/queue/`)) {
    return [`${at} names a queue of another instance. Set it to a queue of ${place}.instanceArn.`];
  }
  const id = queueArn.slice(`${instance.arn}/queue/`.length);
  if (id.startsWith("agent/")) return [`${at} is the own queue of an agent. Set it to a standard queue (…/queue/ID).`];
  return QUEUE_ID.test(id) ? [] : [`${at} does not end with the id of a queue. Copy the ARN from Amazon Connect (…/queue/ID).`];
}

function existingArns({ media, agentEvents, contactLens }: DeploymentSettings): [place: string, arn: string | undefined][] {
  const arns: [string, string | undefined][] = [];
  if (media.mode === "existing") arns.push(["media.keyArn", media.keyArn]);
  for (const [name, source] of Object.entries({ agentEvents, contactLens })) {
    if (source.mode === "existing") arns.push([`${name}.streamArn`, source.streamArn], [`${name}.keyArn`, source.keyArn]);
  }
  return arns;
}
