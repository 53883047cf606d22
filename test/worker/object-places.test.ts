import { env } from "cloudflare:workers";
import { describe, expect, it } from "vitest";
import { Board } from "../../core/board/board.ts";
import { centerStub } from "../../worker/centers.ts";
import { RelayFleet } from "../../worker/relay-fleet.ts";
import { relayStub } from "../../worker/relay-names.ts";
import { readSettings } from "../../worker/settings.ts";
import { MemoryStore } from "../core/memory-store.ts";

/** An `env` whose namespaces note how each object was asked for, such as `eu RELAY i/enam/1 enam`. */
function fakeEnv(vars: Record<string, string>): { testEnv: Env; asked: string[] } {
  const asked: string[] = [];
  const namespace = (binding: string, jurisdiction: string) => ({
    jurisdiction: (name: string) => namespace(binding, name),
    getByName(name: string, { locationHint = "-" }: { locationHint?: string } = {}) {
      asked.push(`${jurisdiction} ${binding} ${name} ${locationHint}`);
      return { revoke: () => Promise.resolve(1) };
    },
  });
  const values: Record<string, unknown> = {
    ...vars,
    CONTACT_CENTER: namespace("CONTACT_CENTER", "anywhere"),
    RELAY: namespace("RELAY", "anywhere"),
  };
  const testEnv: Env = new Proxy(env, {
    get: (target, key) => (typeof key === "string" && key in values ? values[key] : Reflect.get(target, key)),
  });
  return { testEnv, asked };
}

describe("The jurisdiction", () => {
  it("PLA-1 Contact centers and relays are asked for in the jurisdiction, also by the primary.", async () => {
    const { testEnv, asked } = fakeEnv({ JURISDICTION: "eu" });
    centerStub(testEnv, "i");
    relayStub(testEnv, "i/weur/1");
    const fleet = new RelayFleet(testEnv, new MemoryStore(), new Board("an epoch"));
    fleet.report("i/weur/2", 1, [], null);
    await fleet.revoke("ana");
    expect(asked).toEqual(["eu CONTACT_CENTER i -", "eu RELAY i/weur/1 weur", "eu RELAY i/weur/2 weur"]);
  });

  it("PLA-1 Without a jurisdiction the objects are those of the first release.", () => {
    const { testEnv, asked } = fakeEnv({ JURISDICTION: "" });
    centerStub(testEnv, "i");
    relayStub(testEnv, "i/sam/1");
    expect(asked).toEqual(["anywhere CONTACT_CENTER i -", "anywhere RELAY i/sam/1 sam"]);
  });

  it("PLA-2 A relay for viewers of another continent carries no hint that contradicts the jurisdiction.", () => {
    const { testEnv, asked } = fakeEnv({ JURISDICTION: "eu" });
    relayStub(testEnv, "i/sam/1");
    expect(asked).toEqual(["eu RELAY i/sam/1 -"]);
  });

  it("PLA-1 A jurisdiction that Cloudflare refuses stops the request and stores nothing elsewhere.", () => {
    const { testEnv } = fakeEnv({ JURISDICTION: "us" });
    const refusing = {
      ...testEnv,
      CONTACT_CENTER: {
        jurisdiction: () => {
          throw new Error("This account has no jurisdictions.");
        },
      },
    };
    const refusingEnv: Env = new Proxy(testEnv, {
      get: (target, key) => (key === "CONTACT_CENTER" ? refusing.CONTACT_CENTER : Reflect.get(target, key)),
    });
    expect(() => centerStub(refusingEnv, "i")).toThrow("This account has no jurisdictions.");
  });
});

describe("The location hint", () => {
  it("PLA-2 Every call to a contact center carries LOCATION_HINT.", () => {
    const { testEnv, asked } = fakeEnv({ LOCATION_HINT: "sam", JURISDICTION: "" });
    centerStub(testEnv, "i");
    centerStub(testEnv, "i");
    expect(asked).toEqual(["anywhere CONTACT_CENTER i sam", "anywhere CONTACT_CENTER i sam"]);
  });

  it.each([
    [{ LOCATION_HINT: "moon" }, "LOCATION_HINT has an unknown value. Set it to wnam or enam or sam"],
    [{ JURISDICTION: "de" }, "JURISDICTION has an unknown value. Set it to eu or us or fedramp or fedramp-high."],
    [
      { JURISDICTION: "eu", LOCATION_HINT: "sam" },
      "LOCATION_HINT lies outside of JURISDICTION. Set it to weur or eeur, or leave it out.",
    ],
  ])("PLA-2 The settings %j are refused before the hub serves anybody.", (vars, message) => {
    const parsed = readSettings(fakeEnv(vars).testEnv);
    expect(parsed).toMatchObject({ ok: false, message: expect.stringContaining(message) });
  });
});
