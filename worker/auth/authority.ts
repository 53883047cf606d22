import type { JWTPayload } from "jose";
import type { GroupFilter } from "../../core/board/visibility.ts";
import { claimAt, IDS, NAMES, readList } from "./claims.ts";
import type { IssuerSettings } from "./identity-settings.ts";
import { type RoleMap, rolesOf, type ViewerRole } from "./viewer-roles.ts";

/** What an identity may do at one instance. */
export interface Authority {
  groupFilter: GroupFilter;
  roles: readonly ViewerRole[];
}

export type AuthorityCheck =
  | ({ ok: true } & Authority)
  | { ok: false; error: "not_allowed" | "no_groups" | "groups_overage"; message?: string };

/** Stands for every instance or every group. */
const EVERY = "*";

/** Reads the authority of a verified identity. A claim that is missing or no list grants nothing. */
export function readAuthority(payload: JWTPayload, issuer: IssuerSettings, roleMap: RoleMap, instanceId: string): AuthorityCheck {
  const instances = readList(claimAt(payload, issuer.instancesClaim), IDS) ?? [];
  if (!instances.includes(instanceId) && !instances.includes(EVERY)) return { ok: false, error: "not_allowed" };
  const roles = rolesOf(readList(claimAt(payload, issuer.rolesClaim), NAMES) ?? [], roleMap);
  // An empty name of the claim switches group limits off.
  if (issuer.groupsClaim === "") return { ok: true, groupFilter: null, roles };
  const claim = claimAt(payload, issuer.groupsClaim);
  const groups = readList(claim, NAMES);
  const isComplete = groups !== null && !isLeftOut(payload, issuer.groupsClaim, claim);
  if (isComplete) return { ok: true, groupFilter: groupFilterOf(groups), roles };
  return groups !== null || hasOverage(payload, issuer.groupsClaim)
    ? { ok: false, error: "groups_overage", message: OVERAGE }
    : { ok: false, error: "no_groups", message: noGroups(issuer.groupsClaim) };
}

/** Returns the filter of a list of groups, of which `*` means every group. */
export function groupFilterOf(groups: readonly string[]): GroupFilter {
  return groups.includes(EVERY) ? null : groups;
}

/**
 * Whether the issuer says that it left the groups out because they are too many. Entra ID does above 200 groups, with
 * `_claim_names` in the authorization code flow and `hasgroups` in the implicit one (Microsoft Learn, "Configure group claims",
 * 2026).
 */
function hasOverage(payload: JWTPayload, groupsClaim: string): boolean {
  // App roles have no limit, so they are missing for another reason.
  if (groupsClaim === APP_ROLES) return false;
  return isFlagged(payload) || [groupsClaim, GROUPS].some((name) => isNamed(payload["_claim_names"], name));
}

/**
 * Whether the issuer says so of this very claim. Then what stands in it is not the whole, or only the name of the place that has it
 * (Microsoft Learn, "Access token claims reference", `groups:src1`).
 */
function isLeftOut(payload: JWTPayload, groupsClaim: string, claim: unknown): boolean {
  if (groupsClaim === GROUPS && isFlagged(payload)) return true;
  return (
    isNamed(payload["_claim_names"], groupsClaim) || (typeof claim === "string" && isNamed(payload["_claim_sources"], claim))
  );
}

function isFlagged({ hasgroups: flag }: JWTPayload): boolean {
  return flag === true || flag === "true";
}

function isNamed(names: unknown, name: string): boolean {
  return typeof names === "object" && names !== null && Object.hasOwn(names, name);
}

/** Entra ID has no other name for its claim of groups. */
const GROUPS = "groups";
const APP_ROLES = "roles";

const OVERAGE =
  "The issuer left the groups out, because this person is in too many. Let it send only the groups that are assigned to the " +
  "application, or send app roles instead and set AUTH_GROUPS_CLAIM to roles.";

function noGroups(claim: string): string {
  return (
    `The identity has no readable claim ${JSON.stringify(claim)}, so it may see nobody. Let the issuer send that claim, or set ` +
    "AUTH_GROUPS_CLAIM to the one that it sends. An empty AUTH_GROUPS_CLAIM switches group limits off: then everybody of the " +
    "instance sees every agent."
  );
}
