import { existsSync } from "node:fs";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { hasCredentials, loginProblem } from "./aws-login.ts";
import { askHub } from "./hub-probe.ts";
import { openWorker } from "./secret-commands.ts";
import { findStackSecret } from "./stack-secret.ts";
import { oldSecretsFiles } from "./worker-folder.ts";
import { actionNamesOf, instancesIn, LIST, MAX_VARIABLES, secretNameOf } from "./worker-secrets.ts";

/** Prints what both clouds have, without any value. @returns why nothing could be listed, or null */
export async function describeSecrets(
  stage: Stage,
  deployments: readonly Deployment[],
  hubUrl: string | undefined,
): Promise<string | null> {
  const opened = await openWorker(stage);
  if (!opened.ok) return opened.message;
  const { names, variables } = opened.worker;
  const yes = (name: string) => (names.has(name) ? "there" : "not there");
  console.log(`The Worker ${stage.workerName}:`);
  console.log(`  TICKET_SECRET: ${yes("TICKET_SECRET")}`);
  console.log(
    `  METRICS_TOKEN: ${yes("METRICS_TOKEN")}${names.has("METRICS_TOKEN") ? "" : " (optional: npm run secret -- metrics)"}`,
  );
  const targets = [...names].filter((name) => /^ALERT_TARGETS(_[A-Z0-9_]+)?$/.test(name)).toSorted();
  console.log(
    `  ALERT_TARGETS: ${targets.join(", ") || "not there, so nobody is told of alerts (optional: npm run secret -- alert-targets)"}`,
  );
  if (names.has(LIST)) console.log(`  ${LIST}: there, from an earlier version. Run npm run secret -- migrate.`);
  console.log(`  ${names.size + variables} of ${MAX_VARIABLES} settings and secrets are in use.`);
  for (const deployment of deployments) {
    const { id } = deployment.instance;
    const inHub = names.has(secretNameOf(id))
      ? "has a secret of its own"
      : names.has(LIST)
        ? `has none of its own (perhaps in ${LIST})`
        : "has none";
    console.log(`Instance ${id} (stack ${deployment.settings.stackName}):`);
    console.log(`  Hub: ${inHub}`);
    console.log(`  AWS: ${await inAws(deployment, hubUrl)}`);
    const { actions, recordingLinks } = deployment.settings;
    const { url, secret } = actionNamesOf(id);
    const knows = names.has(url) && names.has(secret) ? "the hub knows their function" : "run npm run secret -- actions";
    const does = [...actions, ...(recordingLinks.mode === "on" ? ["recordings"] : [])];
    if (does.length > 0) console.log(`  Actions (${does.join(", ")}): ${knows}`);
  }
  const known = new Set(deployments.map(({ instance }) => instance.id));
  for (const id of instancesIn(names)) {
    if (!known.has(id))
      console.log(
        `Instance ${id} is in the hub and not in these settings. If it is gone: npm run secret -- remove --instance ${id}`,
      );
  }
  for (const file of oldSecretsFiles(stage.workerName).filter((one) => existsSync(one))) {
    console.log(`${file} is from an earlier version, and no command reads it. It holds secrets: delete it.`);
  }
  return null;
}

async function inAws(deployment: Deployment, hubUrl = deployment.settings.hubUrl): Promise<string> {
  if (!hasCredentials(process.env)) return "not asked, because there is no AWS login";
  const login = await loginProblem([deployment], process.env);
  if (login !== null) return `not asked. ${login}`;
  const found = await findStackSecret(deployment);
  if (found.state === "unknown") return found.reason;
  if (found.state === "none") return "the stack is not deployed";
  const { words, changedAt } = found.secret;
  if (words.length === 0) return "the stack has no signing secret yet. Run npm run secret -- add.";
  const since = changedAt === null ? "" : `, since ${new Date(changedAt).toISOString().slice(0, 10)}`;
  const count = words.length === 1 ? "one secret" : `${words.length} secrets (a rotation has begun)`;
  const answer = await askHub(hubUrl, deployment.instance.id, words.join(" "));
  const hub = {
    known: "The hub knows it.",
    refused: "The hub does not know it: run npm run secret -- add.",
    guarded: "The hub could not be asked: something guards it.",
    unknown: "The hub did not answer.",
  }[answer.state];
  return `${count}${since}. ${hub}`;
}
