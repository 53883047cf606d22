import { afterAll, beforeAll, expect, test } from "vitest";
import { actionNamesOf } from "../../scripts/deploy/worker-secrets.ts";
import { actionFunctionOf } from "../../worker/actions/actions-settings.ts";
import { PRODUCTION_ID } from "./own-settings.ts";
import { arnOf, SecretClouds } from "./secret-clouds.ts";

const URL = "https://abc123.lambda-url.eu-central-1.on.aws/";
const NAMES = actionNamesOf(PRODUCTION_ID);
let clouds: SecretClouds;

beforeAll(async () => {
  clouds = await SecretClouds.start();
});
afterAll(() => clouds.stop());

test("ACT-8 `secret actions` gives both clouds one secret, and the hub the address, without touching or printing another.", async () => {
  clouds.deployStack("Vigia", PRODUCTION_ID);
  Object.assign(clouds.secrets, { TICKET_SECRET: "tickets" });
  const run = (...more: string[]) => clouds.run("secret", ["actions", "--instance", PRODUCTION_ID, ...more]);
  expect(await run()).toMatchObject({ code: 1, text: expect.stringContaining("has no function for actions") });

  const stack = clouds.account.stacks.get("Vigia");
  Object.assign(stack?.outputs ?? {}, { ActionsUrl: URL, ActionsSecretArn: arnOf("Actions") });
  clouds.setSecret("Actions", "RandomWordOfCloudFormation");
  const { code, text } = await run();
  expect({ code, text }).toMatchObject({ code: 0 });
  const [word = ""] = clouds.wordsIn("Actions");
  expect(word).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
  expect(clouds.secrets).toEqual({ TICKET_SECRET: "tickets", [NAMES.url]: URL, [NAMES.secret]: word });
  expect(text).not.toContain("whsec_");

  // Again it changes nothing. A new secret is known to the function beside the old one, and the hub signs with the new one.
  await run();
  expect(clouds.wordsIn("Actions")).toEqual([word]);
  expect((await run("--replace")).code).toBe(0);
  const [newest = "", old] = clouds.wordsIn("Actions");
  expect([newest === word, old, clouds.secrets[NAMES.secret]]).toEqual([false, word, newest]);
}, 300_000);

test("ACT-8 The Worker finds the function of an instance by those names, else the one for all, and says what is missing.", () => {
  const suffix = NAMES.url.replace("ACTIONS_URL_", "");
  const settings = (urls: [string, string][], secrets: [string, string][]) => ({
    ...{ enabled: new Set<never>(), urls: new Map(urls), secrets: new Map(secrets), allowLoopback: false },
  });
  const own = settings(
    [
      [suffix, URL],
      ["", "https://other.example.com/"],
    ],
    [
      [suffix, "s1"],
      ["", "s2"],
    ],
  );
  expect(actionFunctionOf(own, PRODUCTION_ID)).toEqual({ url: URL, secrets: "s1" });
  expect(actionFunctionOf(own, "another")).toEqual({ url: "https://other.example.com/", secrets: "s2" });
  expect(actionFunctionOf(settings([["", URL]], []), "another")).toContain("npm run secret -- actions");
  expect(actionFunctionOf(settings([["", "http://127.0.0.1/"]], [["", "s"]]), "another")).toContain("is not an https address");
});
