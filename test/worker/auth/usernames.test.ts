import { describe, expect, it } from "vitest";
import { type Claims, checkClaims } from "./issuer.ts";

async function usernames(claims: Claims, changes: Record<string, string> = {}): Promise<readonly string[]> {
  const checked = await checkClaims(claims, changes);
  if (!checked.ok) throw new Error(checked.reason);
  return checked.identity.usernames;
}

describe("The names of a supervisor in Amazon Connect", () => {
  it("ACT-9 They come from the usual claims, each once, and from no other.", async () => {
    expect(await usernames({ preferred_username: "eva", email: "eva@example.com", upn: "eva", nickname: "boss" })).toEqual([
      "eva",
      "eva@example.com",
    ]);
    expect(await usernames({ "cognito:username": "eva" })).toEqual(["eva"]);
    expect(await usernames({})).toEqual([]);
  });

  it("ACT-9 The operator may name other claims, also inside of an object.", async () => {
    const changes = { AUTH_USERNAME_CLAIM: "custom.connect email" };
    const claims = { preferred_username: "eva", custom: { connect: "eva.ruiz" }, email: "eva@example.com" };
    expect(await usernames(claims, changes)).toEqual(["eva.ruiz", "eva@example.com"]);
  });

  it.each([
    ["an e-mail address that is not verified", { email: "eva@example.com", email_verified: false }],
    ["an empty text", { email: "" }],
    ["a number", { preferred_username: 7 }],
    ["a list", { upn: ["eva"] }],
    ["a text that no user name is as long as", { upn: "e".repeat(101) }],
  ])("ACT-9 A claim with %s names nobody.", async (_, claims) => {
    expect(await usernames(claims)).toEqual([]);
  });
});
