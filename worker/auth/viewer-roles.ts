import * as v from "valibot";

/** What a viewer may do beside looking. A supervisor acknowledges alerts and acts on calls; an admin also sets rules and links. */
export type ViewerRole = "admin" | "supervisor";
export const VIEWER_ROLES: readonly ViewerRole[] = ["admin", "supervisor"];

/** A value of the roles claim -> the roles that it gives. */
export type RoleMap = ReadonlyMap<string, readonly ViewerRole[]>;

/** The roles under their own names: for local identities, and where `AUTH_ROLE_MAP` is not set. */
export const OWN_NAMES: RoleMap = new Map(VIEWER_ROLES.map((role) => [role, [role]]));

/** Returns the roles of these names, sorted. An admin may do what a supervisor may. */
export function rolesOf(names: readonly string[], roleMap: RoleMap): ViewerRole[] {
  const roles = new Set(names.flatMap((name) => roleMap.get(name) ?? []));
  if (roles.has("admin")) roles.add("supervisor");
  return [...roles].sort();
}

/** Roles as another version of the Worker wrote them. The first release wrote none, and an unknown role grants nothing here. */
export const storedRolesSchema = v.optional(
  v.pipe(
    v.array(v.string()),
    v.transform((names) => VIEWER_ROLES.filter((role) => names.includes(role))),
  ),
  [],
);
