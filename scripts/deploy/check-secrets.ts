import { existsSync } from "node:fs";
import type { Deployment } from "../../infra/settings-file.ts";
import type { Stage } from "../../infra/stages.ts";
import { attention, type Finding, missing, ok, unknown } from "./preflight-report.ts";
import type { FoundSecret } from "./stack-secret.ts";
import { oldSecretsFiles } from "./worker-folder.ts";
import { instancesIn, LIST, MAX_VARIABLES, secretNameOf, type WorkerSecrets } from "./worker-secrets.ts";

const DAY_MS = 86_400_000;
/** A signing secret that is older should be replaced. A year is the usual limit for keys that only machines use. */
const OLD_AFTER_MS = 365 * DAY_MS;
/** A rotation needs ten minutes. One that is open for a day was forgotten, and the old secret still counts. */
const FORGOTTEN_AFTER_MS = DAY_MS;
/** Below so many free names, an operator should know. */
const FEW_NAMES = 10;

/** Checks the secrets of a stage's Worker against the settings. @param own the instances of the stage */
export function checkWorkerSecrets(stage: Stage, own: readonly Deployment[], found: WorkerSecrets): Finding[] {
  const findings = oldSecretsFiles(stage.workerName)
    .filter((file) => existsSync(file))
    .map((file) => attention(`${file} is from an earlier version, and no command reads it. It holds secrets.`, "Delete it."));
  if (found.state === "unknown") return [...findings, unknown(`The secrets of the Worker are not checked: ${found.reason}`)];
  if (found.state === "none") {
    return [...findings, missing(`There is no Worker ${stage.workerName} yet.`, "Run npm run deploy:hub.")];
  }
  const { names, variables } = found;
  if (!names.has("TICKET_SECRET")) {
    findings.push(missing(`The Worker ${stage.workerName} has no TICKET_SECRET.`, "Run npm run deploy:hub, which makes it."));
  }
  for (const { instance } of own) {
    const isThere = names.has(secretNameOf(instance.id));
    if (isThere) findings.push(ok(`The Worker ${stage.workerName} has a signing secret for ${instance.id}.`));
    else if (!names.has(LIST)) {
      findings.push(
        missing(
          `The Worker ${stage.workerName} has no signing secret for ${instance.id}.`,
          "Run npm run secret -- add, after deploy:aws.",
        ),
      );
    }
  }
  if (names.has(LIST)) {
    findings.push(
      attention(
        `The Worker ${stage.workerName} still has ${LIST}, which ends at 5 KB (55 instances) and which no command changes any more.`,
        "Run npm run secret -- migrate. It refuses no post.",
      ),
    );
  }
  const known = new Set(own.map(({ instance }) => instance.id));
  for (const id of instancesIn(names).filter((one) => !known.has(one))) {
    findings.push(
      attention(
        `The Worker ${stage.workerName} has a secret for ${id}, which is not in these settings.`,
        `Does another settings file have it? If not, run npm run secret -- remove --instance ${id}.`,
      ),
    );
  }
  const free = MAX_VARIABLES - names.size - variables;
  if (free < FEW_NAMES) {
    findings.push(
      attention(
        `The Worker ${stage.workerName} has room for ${Math.max(0, free)} more instances: Cloudflare takes ${MAX_VARIABLES} settings and secrets.`,
        "Remove instances that are gone, or give new ones a stage of their own.",
      ),
    );
  }
  return findings;
}

/** Checks the signing secret of a stack. @param now epoch ms */
export function checkStackSecret({ settings, instance }: Deployment, found: FoundSecret, now: number): Finding[] {
  if (found.state === "unknown") return [unknown(`The signing secret in AWS is not checked. ${found.reason}`)];
  if (found.state === "none")
    return [unknown(`The stack ${settings.stackName} is not deployed yet, so it has no signing secret.`)];
  const { words, changedAt } = found.secret;
  if (words.length === 0) {
    return [
      missing(
        `The stack ${settings.stackName} has no signing secret yet, so it cannot post.`,
        `Run npm run secret -- add --instance ${instance.id}.`,
      ),
    ];
  }
  const age = changedAt === null ? 0 : now - changedAt;
  const days = Math.floor(age / DAY_MS);
  if (words.length > 1 && age > FORGOTTEN_AFTER_MS) {
    return [
      attention(
        `A rotation of ${instance.id} began ${days} days ago, and the old secret still counts.`,
        `Run npm run secret -- finish --instance ${instance.id}.`,
      ),
    ];
  }
  if (age > OLD_AFTER_MS) {
    return [
      attention(
        `The signing secret of ${instance.id} is ${days} days old.`,
        'Rotate it (docs/maintain.md, "Rotate the signing secret").',
      ),
    ];
  }
  return [
    ok(
      words.length === 1 ? "The stack has a signing secret." : "The stack has two signing secrets, because a rotation has begun.",
    ),
  ];
}
