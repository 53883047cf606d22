import type { ActionName, ActionOrder } from "../../protocol/actions.ts";
import type { AgentContactRow } from "../../protocol/agent.ts";
import { type GroupFilter, mayView } from "../board/visibility.ts";
import type { AgentRow } from "../state/agent-row.ts";
import type { ActionRequest } from "./action-request.ts";
import { type ActionResult, MOVED_ON, NOT_FOUND, refusal } from "./action-result.ts";

/** Who asks for an action, as the identity says. */
export interface ActionAsker {
  readonly roles: readonly string[];
  readonly filter: GroupFilter;
  /** The names under which Amazon Connect may know this person. */
  readonly usernames: readonly string[];
}

/** What the hub knows when somebody asks. */
export interface ActionScene {
  readonly instanceId: string;
  /** The actions that the operator has switched on. */
  readonly enabled: ReadonlySet<ActionName>;
  /** The agent on the board; null = there is none. */
  readonly agent: AgentRow | null;
}

export type ActionDecision = { ok: true; order: ActionOrder } | { ok: false; refused: ActionResult };

/** The role that may act. An admin has it too. */
const ROLE = "supervisor";

type ContactState = AgentContactRow["status"];
/** What DismissUserContact clears: MISSED, REJECTED, ERROR and ENDED (API reference, read 2026-11-26). */
const CLEARABLE: ReadonlySet<ContactState> = new Set(["error", "missed", "after call work"]);
/** MonitorContact needs an agent on the contact. */
const TALKING: ReadonlySet<ContactState> = new Set(["on a call", "on a contact", "on hold"]);
/** Tasks and e-mails have nothing to listen to. */
const LISTENABLE: ReadonlySet<AgentContactRow["channel"]> = new Set(["voice", "chat"]);

/**
 * Decides whether somebody may do an action now, and what the function is to do. The order of the checks matters: nobody without
 * the right learns anything about agents, and nobody learns of an agent outside of its groups.
 */
export function decideAction(request: ActionRequest, asker: ActionAsker, scene: ActionScene): ActionDecision {
  const { action, agentId } = request;
  if (!asker.roles.includes(ROLE)) return refused(noRole);
  if (!scene.enabled.has(action)) return refused(switchedOff);
  const { agent, instanceId } = scene;
  if (agent === null || !mayView(asker.filter, agent.groups)) return refused(NOT_FOUND);
  if (action === "status") {
    const statusName = request.statusName ?? "";
    return { ok: true, order: { action, instanceId, agentId, statusName } };
  }
  const contact = findContact(request, agent);
  if (contact === null) return refused(request.contactId === null ? nothingToFree : MOVED_ON);
  const { contactId, channel } = contact;
  if (action === "free" || action === "stop") return { ok: true, order: { action, instanceId, agentId, contactId } };
  if (!LISTENABLE.has(channel)) return refused(nothingToHear);
  if (asker.usernames.length === 0) return refused(nameless);
  return { ok: true, order: { action, instanceId, agentId, contactId, usernames: [...asker.usernames] } };
}

/** Returns the contact if the agent has it in a state that fits the action. Without an id, `free` means the one that blocks first. */
function findContact({ action, contactId }: ActionRequest, { contacts }: AgentRow): AgentContactRow | null {
  const fits = ({ status }: AgentContactRow) => {
    if (action === "free") return CLEARABLE.has(status);
    return action === "stop" ? !CLEARABLE.has(status) : TALKING.has(status);
  };
  return contacts.find((contact) => (contactId === null || contact.contactId === contactId) && fits(contact)) ?? null;
}

const noRole = refusal(403, "not_allowed", "This needs the role supervisor. Ask whoever manages your identities.");
const switchedOff = refusal(403, "not_allowed", "This action is switched off. Ask whoever runs the hub to add it to ACTIONS.");
const nothingToFree = refusal(
  409,
  "nothing_to_free",
  "The agent has no missed, failed or finished contact to clear. Wait for the agent's next news.",
);
const nothingToHear = refusal(
  409,
  "not_listenable",
  "Only calls and chats can be listened to. Choose a contact of one of these channels.",
);
const nameless = refusal(
  409,
  "supervisor_not_named",
  "Your identity names no user of Amazon Connect. Ask whoever runs the hub to set AUTH_USERNAME_CLAIM.",
);

function refused(result: ActionResult): ActionDecision {
  return { ok: false, refused: result };
}
