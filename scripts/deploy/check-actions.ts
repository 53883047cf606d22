import { type ConnectClient, DescribeInstanceAttributeCommand } from "@aws-sdk/client-connect";
import type { Deployment } from "../../infra/settings-file.ts";
import { attention, type Finding, ok } from "./preflight-report.ts";

/** Compares the actions of the stack with those of the hub. Both have to have an action, and neither can see the other. */
export function checkActionSwitches({ settings, stage }: Pick<Deployment, "settings" | "stage">): Finding[] {
  const inHub = new Set((stage.vars["ACTIONS"] ?? "").split(/[\s,]+/).filter((word) => word !== ""));
  const inStack = new Set<string>(settings.actions);
  const onlyStack = [...inStack].filter((action) => !inHub.has(action));
  const onlyHub = [...inHub].filter((action) => !inStack.has(action));
  const [hearsInHub, hearsInStack] = [(stage.vars["RECORDING_ROLE"] ?? "") !== "", settings.recordingLinks.mode === "on"];
  return [
    ...(hearsInHub !== hearsInStack
      ? [
          attention(
            hearsInHub
              ? `RECORDING_ROLE of the stage ${stage.name} is set, but the stack of this instance opens no recording.`
              : `recordingLinks is on, but the hub lets nobody hear a recording.`,
            hearsInHub
              ? "Turn recordingLinks of the instance on, or leave RECORDING_ROLE out."
              : `Set RECORDING_ROLE in the vars of the stage ${stage.name}, or turn recordingLinks off.`,
          ),
        ]
      : []),
    ...(onlyStack.length > 0
      ? [
          attention(
            `actions has ${onlyStack.join(", ")}, which the hub does not let anybody do.`,
            `Add them to ACTIONS in the vars of the stage ${stage.name}, or remove them from actions.`,
          ),
        ]
      : []),
    ...(onlyHub.length > 0
      ? [
          attention(
            `ACTIONS of the stage ${stage.name} has ${onlyHub.join(", ")}, which the stack of this instance refuses.`,
            "Add them to actions of the instance, or remove them from ACTIONS.",
          ),
        ]
      : []),
  ];
}

/** Checks what Amazon Connect needs for actions. Without any nobody is asked. */
export async function checkActions(connect: ConnectClient, deployment: Deployment): Promise<Finding[]> {
  const { actions } = deployment.settings;
  const findings = checkActionSwitches(deployment);
  if (!actions.includes("listen") && !actions.includes("barge")) return findings;
  const needs =
    "Each supervisor needs a user whose name is that of the sign-in, a security profile with real-time contact monitoring" +
    `${actions.includes("barge") ? " and barge-in" : ""}, and an open control panel with a softphone (docs/connect.md).`;
  if (!actions.includes("barge")) return [...findings, ok(`actions: ${needs}`)];
  const asked = { InstanceId: deployment.instance.id, AttributeType: "ENHANCED_CONTACT_MONITORING" as const };
  const { Attribute } = await connect.send(new DescribeInstanceAttributeCommand(asked));
  if (Attribute?.Value === "true") return [...findings, ok(`actions: enhanced monitoring is on. ${needs}`)];
  return [
    ...findings,
    attention(
      "actions has barge, and the instance does not have enhanced monitoring, so nobody can barge.",
      "Switch it on in the console of Amazon Connect: Telephony, Enable enhanced contact monitoring capabilities.",
    ),
  ];
}
