import type { ActionName } from "../../../../protocol/actions.ts";
import type { AgentContactRow } from "../../../../protocol/agent.ts";
import type { AgentView } from "../../../client/contract.ts";

/** Why an action cannot be done now. */
export type Obstacle = "noContact" | "ringing" | "notAudible" | "nothingToFree";

/** An action as the board offers it for one agent. */
export interface ActionOffer {
  readonly action: ActionName;
  /** The contact that it is about; null = none, because it is about the agent, or because something is in the way. */
  readonly contact: AgentContactRow | null;
  /** null = nothing is in the way, as far as the board knows. The hub decides. */
  readonly obstacle: Obstacle | null;
}

type OfferedAgent = Pick<AgentView, "contacts" | "contactId">;

/** The order on the board: what is needed most comes first, and what cannot be undone last. */
const ORDER: readonly ActionName[] = ["listen", "status", "free", "barge", "stop"];

/** Which contacts fit an action. The hub has the same rules (ACT-4), and decides by newer rows. */
const OVER: ReadonlySet<AgentContactRow["status"]> = new Set(["missed", "error", "after call work"]);
const TALKING: ReadonlySet<AgentContactRow["status"]> = new Set(["on a call", "on a contact", "on hold"]);
const AUDIBLE: ReadonlySet<AgentContactRow["channel"]> = new Set(["voice", "chat"]);

/**
 * Returns the permitted actions for an agent, each with its contact or with what is in the way.
 * @param shown the contact that the reader looks at; null = none, then the deciding contact comes first
 */
export function actionOffers(agent: OfferedAgent, permitted: ReadonlySet<ActionName>, shown: string | null): ActionOffer[] {
  const contacts = [...(agent.contacts ?? [])].sort((a, b) => rank(a) - rank(b));
  function rank({ contactId }: AgentContactRow): number {
    if (contactId === shown) return 0;
    return contactId === agent.contactId ? 1 : 2;
  }
  return ORDER.filter((action) => permitted.has(action)).map((action) => offerOf(action, contacts));
}

function offerOf(action: ActionName, contacts: readonly AgentContactRow[]): ActionOffer {
  const blocked = (obstacle: Obstacle): ActionOffer => ({ action, contact: null, obstacle });
  const about = (contact: AgentContactRow | undefined, obstacle: Obstacle): ActionOffer =>
    contact === undefined ? blocked(obstacle) : { action, contact, obstacle: null };
  switch (action) {
    case "status":
      return { action, contact: null, obstacle: null };
    case "free":
      return about(
        contacts.find(({ status }) => OVER.has(status)),
        "nothingToFree",
      );
    case "stop":
      return about(
        contacts.find(({ status }) => !OVER.has(status)),
        "noContact",
      );
    case "listen":
    case "barge": {
      const talking = contacts.filter(({ status }) => TALKING.has(status));
      const audible = talking.find(({ channel }) => AUDIBLE.has(channel));
      if (audible !== undefined) return { action, contact: audible, obstacle: null };
      if (talking.length > 0) return blocked("notAudible");
      return blocked(contacts.some(({ status }) => status === "ringing") ? "ringing" : "noContact");
    }
  }
}
