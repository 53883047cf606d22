import { describe, expect, it } from "vitest";
import { checkClaims } from "./issuer.ts";

async function filterOf(claims: Record<string, unknown>, changes: Record<string, string> = {}) {
  const checked = await checkClaims(claims, changes);
  return checked.ok ? checked.identity.groupFilter : checked.error;
}

describe("The groups of an identity", () => {
  it.each([
    ["absent", undefined],
    ["null", null],
    ["a number", 7],
    ["an object without a name", { 0: "Ventas" }],
    ["a list without a text", [7, null]],
  ])("IDN-1 An identity whose groups are %s gets 403 no_groups, and the message says what to set.", async (_, groups) => {
    const checked = await checkClaims({ groups });
    expect(checked).toMatchObject({ ok: false, status: 403, error: "no_groups", reason: "no_groups" });
    expect(JSON.stringify(checked)).toMatch(/\\"groups\\".*AUTH_GROUPS_CLAIM/);
  });

  it("IDN-1 A wrong name of the claim shows nobody, and the message names it.", async () => {
    const checked = await checkClaims({}, { AUTH_GROUPS_CLAIM: "grupos" });
    expect(checked).toMatchObject({ error: "no_groups", message: expect.stringContaining('"grupos"') });
  });

  it.each([
    ["_claim_names", { _claim_names: { groups: "src1" }, _claim_sources: { src1: { endpoint: "https://graph.example" } } }],
    ["hasgroups", { hasgroups: true }],
    ["hasgroups as a text", { hasgroups: "true" }],
  ])(
    "IDN-1 An identity whose issuer left the groups out (%s) gets 403 groups_overage, and the message says what to set.",
    async (_, marker) => {
      const checked = await checkClaims({ groups: undefined, ...marker });
      expect(checked).toMatchObject({
        status: 403,
        error: "groups_overage",
        message: expect.stringContaining("AUTH_GROUPS_CLAIM"),
      });
    },
  );

  it.each([
    ["a part of them stands there", { groups: ["Ventas"], hasgroups: true }],
    ["another part of them stands there", { groups: ["Ventas"], _claim_names: { groups: "src1" } }],
    ["an empty list stands there", { groups: [], hasgroups: true }],
    [
      "the name of their source stands there",
      { groups: "src1", _claim_sources: { src1: { endpoint: "https://graph.example" } } },
    ],
  ])("IDN-1 Groups that the issuer left out are an overage also where %s.", async (_, claims) => {
    expect(await filterOf(claims)).toBe("groups_overage");
  });

  it("IDN-1 A claim that the marker is not about counts as it stands.", async () => {
    const elsewhere = { custom: { groups: ["Ventas"] }, groups: undefined, hasgroups: true, _claim_names: { groups: "src1" } };
    expect(await filterOf(elsewhere, { AUTH_GROUPS_CLAIM: "custom.groups" })).toEqual(["Ventas"]);
  });

  it("IDN-1 App roles may stand in for groups that were left out.", async () => {
    const overage = { groups: undefined, roles: ["Ventas"], hasgroups: true, _claim_names: { groups: "src1" } };
    expect(await filterOf(overage, { AUTH_GROUPS_CLAIM: "roles" })).toEqual(["Ventas"]);
  });

  it("IDN-1 Without an app role the marker for groups is no overage, because app roles are never left out.", async () => {
    expect(await filterOf({ roles: undefined, hasgroups: true }, { AUTH_GROUPS_CLAIM: "roles" })).toBe("no_groups");
  });

  it("IDN-1 The marker counts also where another claim holds the groups.", async () => {
    const overage = { groups: undefined, _claim_names: { groups: "src1" } };
    expect(await filterOf(overage, { AUTH_GROUPS_CLAIM: "custom.groups" })).toBe("groups_overage");
  });

  it("IDN-1 A marker for another claim is no overage of the groups.", async () => {
    expect(await filterOf({ groups: undefined, _claim_names: { address: "src1" } })).toBe("no_groups");
  });

  it("IDN-1 The group * means every group, and an empty list none.", async () => {
    expect(await filterOf({ groups: ["Ventas", "*"] })).toBeNull();
    expect(await filterOf({ groups: "*" })).toBeNull();
    expect(await filterOf({ groups: "**" })).toEqual(["**"]);
    expect(await filterOf({ groups: [] })).toEqual([]);
    expect(await filterOf({ groups: "[]" })).toEqual([]);
  });

  it("IDN-1 An empty name of the groups claim switches group limits off, whatever the identity says.", async () => {
    const off = { AUTH_GROUPS_CLAIM: "" };
    expect(await filterOf({ groups: undefined }, off)).toBeNull();
    expect(await filterOf({ groups: ["Ventas"] }, off)).toBeNull();
    expect(await filterOf({ groups: undefined, hasgroups: true }, off)).toBeNull();
  });

  it("IDN-1 An identity that does not name the instance learns nothing about its groups.", async () => {
    for (const instances of [undefined, null, 7, "i11", ["*i1"], {}]) {
      expect(await filterOf({ instances, groups: undefined })).toBe("not_allowed");
    }
    expect(await filterOf({ instances: "*" })).toEqual(["Ventas"]);
  });

  it("IDN-2 A group with a space stays whole.", async () => {
    expect(await filterOf({ groups: "Mexico Norte,Soporte" })).toEqual(["Mexico Norte", "Soporte"]);
  });
});

describe("The roles of an identity", () => {
  async function rolesFor(claims: Record<string, unknown>, changes: Record<string, string> = {}) {
    const checked = await checkClaims(claims, changes);
    return checked.ok ? checked.identity.roles : checked.error;
  }

  it("IDN-4 An identity without a readable role may only look.", async () => {
    for (const roles of [undefined, null, 7, [], "", ["Supervisor"], ["constructor"], "supervisor admin"]) {
      expect(await rolesFor({ roles })).toEqual([]);
    }
  });

  it("IDN-4 Without a map the roles have their own names, and an admin may do what a supervisor may.", async () => {
    expect(await rolesFor({ roles: ["supervisor", "other"] })).toEqual(["supervisor"]);
    expect(await rolesFor({ roles: "admin" })).toEqual(["admin", "supervisor"]);
  });

  it("IDN-4 With a map only its values give roles, also names with spaces.", async () => {
    const map = { AUTH_ROLE_MAP: '{"Jefes de turno":"supervisor","Vigia.Admin":"admin"}' };
    expect(await rolesFor({ roles: ["Jefes de turno"] }, map)).toEqual(["supervisor"]);
    expect(await rolesFor({ roles: "[Vigia.Admin, Jefes de turno]" }, map)).toEqual(["admin", "supervisor"]);
    expect(await rolesFor({ roles: ["admin", "supervisor"] }, map)).toEqual([]);
  });

  it("IDN-4 The roles may be in another claim, and an empty name means that nobody has a role.", async () => {
    expect(await rolesFor({ custom: { roles: ["admin"] } }, { AUTH_ROLES_CLAIM: "custom.roles" })).toEqual([
      "admin",
      "supervisor",
    ]);
    expect(await rolesFor({ roles: ["admin"] }, { AUTH_ROLES_CLAIM: "" })).toEqual([]);
  });
});

describe("The name of an identity", () => {
  it.each([
    ["Ana Ruiz", "Ana Ruiz"],
    ["  Ana\n Ruiz ", "Ana Ruiz"],
    ["x".repeat(300), "x".repeat(100)],
    ["", undefined],
    [7, undefined],
    [undefined, undefined],
  ])("IDN-8 The claim name %j is shown as %j, in one line of at most 100 characters.", async (name, shown) => {
    expect(await checkClaims({ groups: ["*"], name })).toMatchObject({ ok: true, identity: { name: shown } });
  });
});
