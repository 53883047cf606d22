import { describe, expect, inject, it } from "vitest";
import { checkIdentity } from "../../../worker/auth/identity.ts";
import { type Claims, identitySettings, tokenOf } from "./issuer.ts";

interface Sample {
  issuer: string;
  /** The claims that matter, as the issuer writes them. */
  claims: Claims;
  settings: Record<string, string>;
  expected: object;
}

const TENANT = "9122040d-6c67-4c5b-b112-36a304b66dad";
const USER = "AAAAAAAAAAAAAAAAAAAAAIkzqFVrSaSaFHy782bbtaQ";
const CLIENT = "6731de76-14a6-49ae-97bc-6eba6914391e";

/** Written from each issuer's documentation of its tokens (read in 2026). None comes from the code under test. */
const SAMPLES: Sample[] = [
  {
    issuer: "Entra ID, access token v1 (Microsoft Learn, Access token claims reference)",
    claims: {
      aud: `api://${CLIENT}`,
      iss: `https://sts.windows.net/${TENANT}/`,
      appid: "74658136-14ec-4630-ad9b-26e160ff0fc6",
      sub: USER,
      unique_name: "ana@contoso.example",
      ver: "1.0",
      groups: ["0760b6cf-170e-4a14-91b3-4b78e0739963"],
      roles: ["Vigia.Supervisor"],
      instances: "i1",
    },
    settings: {
      AUTH_ISSUER: `https://sts.windows.net/${TENANT}/ https://login.microsoftonline.com/${TENANT}/v2.0`,
      AUTH_AUDIENCE: `api://${CLIENT} ${CLIENT}`,
      AUTH_ROLE_MAP: '{"Vigia.Supervisor":"supervisor"}',
    },
    expected: { subject: USER, groupFilter: ["0760b6cf-170e-4a14-91b3-4b78e0739963"], roles: ["supervisor"] },
  },
  {
    issuer: "Entra ID, ID token v2 with app roles instead of groups (ID token claims reference)",
    claims: {
      aud: CLIENT,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      sub: USER,
      preferred_username: "ana@contoso.example",
      ver: "2.0",
      hasgroups: true,
      roles: ["Ventas", "Mexico Norte"],
      instances: ["i1"],
    },
    settings: {
      AUTH_ISSUER: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      AUTH_AUDIENCE: CLIENT,
      AUTH_GROUPS_CLAIM: "roles",
    },
    expected: { subject: USER, groupFilter: ["Ventas", "Mexico Norte"], roles: [] },
  },
  {
    issuer: "Entra ID, application token v2 (client credentials)",
    claims: {
      aud: CLIENT,
      iss: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      azp: "0c1f7d10-service",
      idtyp: "app",
      sub: "7d6f2d10-of-the-service",
      ver: "2.0",
      roles: ["*"],
      instances: "i1",
    },
    settings: {
      AUTH_ISSUER: `https://login.microsoftonline.com/${TENANT}/v2.0`,
      AUTH_AUDIENCE: CLIENT,
      AUTH_GROUPS_CLAIM: "roles",
    },
    expected: { subject: "7d6f2d10-of-the-service", groupFilter: null },
  },
  {
    issuer: "Cognito, ID token with a list in a custom attribute (Cognito Developer Guide, Using the ID token)",
    claims: {
      sub: "aaaaaaaa-bbbb-cccc-dddd-example",
      "cognito:groups": ["Ventas", "Mexico Norte"],
      "custom:instances": "[i1, i2]",
      iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example",
      aud: "1example23456789",
      token_use: "id",
    },
    settings: {
      AUTH_ISSUER: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example",
      AUTH_AUDIENCE: "1example23456789",
      AUTH_GROUPS_CLAIM: "cognito:groups",
      AUTH_INSTANCES_CLAIM: "custom:instances",
    },
    expected: { subject: "aaaaaaaa-bbbb-cccc-dddd-example", groupFilter: ["Ventas", "Mexico Norte"] },
  },
  {
    issuer: "Cognito, access token, which has no aud (Using the access token)",
    claims: {
      sub: "aaaaaaaa-bbbb-cccc-dddd-example",
      aud: undefined,
      client_id: "1example23456789",
      iss: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example",
      token_use: "access",
      scope: "openid",
      "cognito:groups": ["Ventas"],
      instances: "i1",
    },
    settings: {
      AUTH_ISSUER: "https://cognito-idp.us-east-1.amazonaws.com/us-east-1_example",
      AUTH_AUDIENCE: "1example23456789",
      AUTH_GROUPS_CLAIM: "cognito:groups",
    },
    expected: { groupFilter: ["Ventas"] },
  },
  {
    issuer: "Auth0, access token with namespaced claims (Auth0 Docs, Create custom claims)",
    claims: {
      iss: "https://tenant.auth0.example/",
      sub: "auth0|5f7c8ec7c33c6c004bbafe82",
      aud: ["https://vigia.example/api", "https://tenant.auth0.example/userinfo"],
      azp: "my_client_id",
      "https://vigia.example/groups": ["Ventas"],
      "https://vigia.example/instances": ["i1"],
    },
    settings: {
      AUTH_ISSUER: "https://tenant.auth0.example/",
      AUTH_AUDIENCE: "https://vigia.example/api",
      AUTH_GROUPS_CLAIM: "https://vigia.example/groups",
      AUTH_INSTANCES_CLAIM: "https://vigia.example/instances",
    },
    expected: { subject: "auth0|5f7c8ec7c33c6c004bbafe82", groupFilter: ["Ventas"] },
  },
  {
    issuer: "Keycloak, access token with roles of a client whose name has a dot (Server Administration Guide)",
    claims: {
      iss: "https://sso.example/realms/acme",
      aud: ["vigia", "account"],
      sub: "f:6b2c:ana",
      azp: "board",
      typ: "Bearer",
      groups: ["Ventas", "Mexico Norte"],
      resource_access: { "vigia.app": { roles: ["vigia-admin"] }, account: { roles: ["manage-account"] } },
      instances: "i1",
    },
    settings: {
      AUTH_ISSUER: "https://sso.example/realms/acme",
      AUTH_ROLES_CLAIM: "resource_access.vigia\\.app.roles",
      AUTH_ROLE_MAP: '{"vigia-admin":"admin"}',
    },
    expected: { groupFilter: ["Ventas", "Mexico Norte"], roles: ["admin", "supervisor"] },
  },
  {
    issuer: "Okta, ID token of the org server with a groups filter (Okta Docs, Customize tokens)",
    claims: {
      iss: "https://acme.okta.example",
      aud: "0oa1example",
      sub: "00u1example",
      ver: 1,
      groups: ["Everyone", "Ventas"],
      instances: ["i1"],
    },
    settings: { AUTH_ISSUER: "https://acme.okta.example", AUTH_AUDIENCE: "0oa1example" },
    expected: { subject: "00u1example", groupFilter: ["Everyone", "Ventas"] },
  },
  {
    issuer: "Cloudflare Access, application token (Cloudflare Docs, Application token)",
    claims: {
      iss: "https://team.cloudflareaccess.com",
      aud: ["32eafc7626e737692d4d8d3c9b3b8c8b"],
      email: "ana@example.com",
      type: "app",
      identity_nonce: "6ei69kawdKzMIAPF",
      sub: "7335d417-61da-459d-899c-0a01c76a2f94",
      country: "MX",
      custom: { groups: [{ id: "g1", name: "Ventas" }], instances: "i1" },
    },
    settings: {
      AUTH_ISSUER: "https://team.cloudflareaccess.com",
      AUTH_AUDIENCE: "32eafc7626e737692d4d8d3c9b3b8c8b",
      AUTH_GROUPS_CLAIM: "custom.groups",
      AUTH_INSTANCES_CLAIM: "custom.instances",
    },
    expected: { subject: "7335d417-61da-459d-899c-0a01c76a2f94", groupFilter: ["Ventas"] },
  },
  {
    issuer: "Cloudflare Access, service token, whose sub is empty (Application token, service token authentication)",
    claims: {
      type: "app",
      aud: ["32eafc7626e737692d4d8d3c9b3b8c8b"],
      common_name: "e367826f93b8d71185e03fe518aff3b4.access",
      iss: "https://team.cloudflareaccess.com",
      sub: "",
      instances: "i1",
      groups: ["*"],
    },
    settings: {
      AUTH_ISSUER: "https://team.cloudflareaccess.com",
      AUTH_AUDIENCE: "32eafc7626e737692d4d8d3c9b3b8c8b",
    },
    expected: { subject: "e367826f93b8d71185e03fe518aff3b4.access", groupFilter: null },
  },
];

const check = async (claims: Claims, settings: Record<string, string>) =>
  checkIdentity(identitySettings(settings), await tokenOf(claims), "i1", Date.now());

describe("The tokens of issuers", () => {
  it.each(SAMPLES)("IDN-5 The hub reads a token of $issuer.", async ({ claims, settings, expected }) => {
    expect(await check(claims, settings)).toMatchObject({ ok: true, identity: expected });
  });

  it.each(SAMPLES)("IDN-5 The hub refuses the same token for another audience: $issuer.", async ({ claims, settings }) => {
    const other =
      claims["aud"] === undefined ? { client_id: "another" } : { aud: ["another"], client_id: settings["AUTH_AUDIENCE"] };
    expect(await check({ ...claims, ...other }, settings)).toMatchObject({ status: 401, reason: "wrong_audience" });
  });

  it("IDN-5 A token that names no audience at all is refused.", async () => {
    const claims = { aud: undefined, sub: "ana", instances: "i1", groups: ["*"] };
    for (const client of [undefined, null, "", 7, ["vigia"]]) {
      expect(await check({ ...claims, client_id: client }, {})).toMatchObject({ status: 401, reason: "wrong_audience" });
    }
  });

  it.each([
    [{ common_name: "a.access", client_id: "b" }, "a.access"],
    [{ client_id: "vigia" }, "vigia"],
    [{ azp: "service" }, "service"],
    [{ appid: "service" }, "service"],
    [{ cid: "service" }, "service"],
    [{ common_name: "", azp: 7 }, "anonymous"],
  ])("IDN-6 The subject of a service token with %j is %s.", async (names, subject) => {
    for (const sub of ["", undefined]) {
      const claims = { sub, instances: "i1", groups: ["*"], ...names };
      expect(await check(claims, {})).toMatchObject({ ok: true, identity: { subject } });
    }
  });
});

describe("Several issuers", () => {
  const further = JSON.stringify([
    {
      issuer: "https://partner.example",
      jwksUrl: `${inject("identityProvider").url}/keys`,
      audience: ["partner-app", "partner-api"],
      groupsClaim: "teams",
      rolesClaim: "jobs",
    },
  ]);
  const person = { sub: "ana", instances: "i1" };

  it("IDN-5 Each issuer has its own audiences and claims.", async () => {
    const partner = { ...person, iss: "https://partner.example", aud: "partner-api", teams: ["Norte"], jobs: ["admin"] };
    expect(await check(partner, { AUTH_ISSUERS: further })).toMatchObject({
      ok: true,
      identity: { groupFilter: ["Norte"], roles: ["admin", "supervisor"] },
    });
    expect(await check({ ...partner, aud: "vigia" }, { AUTH_ISSUERS: further })).toMatchObject({ reason: "wrong_audience" });
    const first = { ...person, groups: ["Ventas"] };
    expect(await check(first, { AUTH_ISSUERS: further })).toMatchObject({ ok: true, identity: { groupFilter: ["Ventas"] } });
    expect(await check({ ...first, aud: "partner-app" }, { AUTH_ISSUERS: further })).toMatchObject({ reason: "wrong_audience" });
  });

  it("IDN-5 A list of issuers needs no first issuer.", async () => {
    const only = { AUTH_JWKS_URL: "", AUTH_ISSUER: "", AUTH_AUDIENCE: "", AUTH_ISSUERS: further };
    const partner = { ...person, iss: "https://partner.example", aud: "partner-app", teams: "*" };
    expect(await check(partner, only)).toMatchObject({ ok: true, identity: { groupFilter: null } });
    expect(await check({ ...person, groups: "*" }, only)).toMatchObject({ status: 401, reason: "wrong_issuer" });
  });
});
