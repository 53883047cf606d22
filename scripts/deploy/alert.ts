import { parseArgs } from "node:util";
import { argumentProblem } from "../../local/start/argument-problem.ts";
import { DEMO_INSTANCE, loadDevVars } from "../../local/start/dev-vars.ts";
import { importSecrets } from "../../protocol/signature.ts";
import { type TargetTest, testTargets } from "./alert-test.ts";
import { splitArguments } from "./arguments.ts";
import { hubAddress } from "./hub-address.ts";
import { openHub } from "./open-hub.ts";
import { HubError, type SignedHub } from "./signed-hub.ts";
import { announce, endWith, onlyDeployment, openTarget, refuseExample } from "./target.ts";
import { ROOT, refuseUsage } from "./tools.ts";

// npm run alert: lets the hub send a test message to a target of alerts, and says what the receiver answered (docs/operate.md).
const USAGE = `npm run alert -- test [--target NAME] [--config FILE] [--profile NAME] [--instance NAME] [--secret-id ARN] [--hub-url URL]
  --target NAME   one target; without it, every target of the instance
  --local         the hub of npm start, at http://localhost:8787 or at --hub-url`;
const START_IT = "Start it with npm start, or name its address with --hub-url.";

const args = process.argv.slice(2);
const options = readArguments();
const givenHub = hubAddress("--hub-url", options["hub-url"], USAGE);
const hub = options.local === true ? localHub(givenHub) : await deployedHub();
let tests: readonly TargetTest[];
try {
  tests = await testTargets(hub, options.target ?? null);
} catch (error) {
  endWith(error instanceof HubError ? error.message : "The hub answered in an unknown form. Deploy the release of this command.");
}
for (const { target, message } of tests) console.log(`${target}: ${message}`);
if (tests.length === 0) endWith("There are no targets. Set ALERT_TARGETS with npm run secret -- alert-targets.");
const failed = tests.filter(({ delivered }) => !delivered);
if (failed.length > 0) endWith(`${failed.length} of ${tests.length} did not get the test message.`);

function localHub(url = "http://localhost:8787"): SignedHub {
  try {
    const { ingestSecret } = loadDevVars(ROOT);
    return { url, instanceId: DEMO_INSTANCE, keys: { keys: () => importSecrets(ingestSecret) }, whenSilent: START_IT };
  } catch (error) {
    return endWith(error instanceof Error ? error.message : String(error));
  }
}

async function deployedHub(): Promise<SignedHub> {
  const target = openTarget(args, USAGE);
  const deployment = onlyDeployment(target, USAGE);
  refuseExample(target);
  announce(target);
  return openHub(deployment, { secretId: options["secret-id"], hubUrl: givenHub });
}

function readArguments() {
  const split = splitArguments(args);
  if (!split.ok) return refuseUsage(split.message, USAGE);
  const text = { type: "string" } as const;
  try {
    const { positionals, values } = parseArgs({
      args: split.given.rest,
      allowPositionals: true,
      options: { target: text, local: { type: "boolean" }, "secret-id": text, "hub-url": text },
    });
    if (positionals.length === 1 && positionals[0] === "test") return values;
  } catch (error) {
    return refuseUsage(argumentProblem(error), USAGE);
  }
  return refuseUsage("Say what to do: test.", USAGE);
}
