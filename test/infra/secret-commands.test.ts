import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { PRODUCTION_ID } from "./own-settings.ts";
import { arnOf, nameOf, SECOND_ID, SecretClouds } from "./secret-clouds.ts";

const secret = (byte: number) => `whsec_${Buffer.alloc(32, byte).toString("base64")}`;
const OWN = nameOf(PRODUCTION_ID);
const OTHER = nameOf(SECOND_ID);
const TICKETS = Buffer.alloc(32, 5).toString("base64");
const LONG_AGO = new Date("2026-01-01");
let clouds: SecretClouds;

beforeAll(async () => {
  clouds = await SecretClouds.start();
});
beforeEach(() => {
  clouds.cloudflare.workers.clear();
  clouds.account.stacks.clear();
  clouds.account.secrets.clear();
  clouds.deployStack("Vigia", PRODUCTION_ID);
  clouds.deployStack("Vigia-second", SECOND_ID, secret(9));
  Object.assign(clouds.secrets, { TICKET_SECRET: TICKETS, METRICS_TOKEN: "metrics", [OTHER]: secret(9) });
});
afterAll(() => clouds.stop());

/** What a command must leave alone. */
const untouched = () => ({ TICKET_SECRET: TICKETS, METRICS_TOKEN: "metrics", [OTHER]: secret(9) });

describe("npm run secret with the real wrangler", { timeout: 300_000 }, () => {
  test("`secret add` gives one instance its secret in both clouds, touches nothing else and prints no value.", async () => {
    const { code, text } = await clouds.run("secret", ["add", "--instance", PRODUCTION_ID]);
    expect({ code, text }).toMatchObject({ code: 0 });
    const [word] = clouds.wordsIn("Vigia");
    expect(word).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/);
    expect(clouds.secrets).toEqual({ ...untouched(), [OWN]: word });
    expect(clouds.wordsIn("Vigia-second")).toEqual([secret(9)]);
    expect(text).not.toContain("whsec_");
    // A second machine repairs what is missing, and makes no second secret.
    delete clouds.secrets[OWN];
    expect(await clouds.run("secret", ["add", "--instance", PRODUCTION_ID])).toMatchObject({ code: 0 });
    expect(clouds.secrets).toEqual({ ...untouched(), [OWN]: word });
    expect(clouds.wordsIn("Vigia")).toEqual([word]);
  });

  test("`secret rotate` and `secret finish` work from different machines, and `finish` waits for the functions.", async () => {
    clouds.setSecret("Vigia", secret(1), LONG_AGO);
    clouds.secrets[OWN] = secret(1);
    expect(await clouds.run("secret", ["rotate", "--instance", PRODUCTION_ID])).toMatchObject({ code: 0 });
    const [newest = "", old] = clouds.wordsIn("Vigia");
    expect([newest === secret(1), old]).toEqual([false, secret(1)]);
    expect(clouds.secrets).toEqual({ ...untouched(), [OWN]: `${newest} ${old}` });
    // Repeated after an interruption, it goes on with the same new secret.
    clouds.secrets[OWN] = secret(1);
    expect(await clouds.run("secret", ["rotate", "--instance", PRODUCTION_ID])).toMatchObject({ code: 0 });
    expect(clouds.secrets[OWN]).toBe(`${newest} ${old}`);
    const early = await clouds.run("secret", ["finish", "--instance", PRODUCTION_ID]);
    expect(early).toMatchObject({ code: 1, text: expect.stringContaining("Try again in 10 min.") });
    clouds.setSecret("Vigia", `${newest} ${old}`, LONG_AGO);
    const finished = await clouds.run("secret", ["finish", "--instance", PRODUCTION_ID]);
    expect(finished).toMatchObject({ code: 0, text: expect.stringContaining("the old secret is refused now") });
    expect(clouds.secrets).toEqual({ ...untouched(), [OWN]: newest });
    expect(clouds.wordsIn("Vigia")).toEqual([newest]);
  });

  test("`secret finish` changes nothing while the hub does not know the new secret.", async () => {
    clouds.setSecret("Vigia", `${secret(2)} ${secret(1)}`, LONG_AGO);
    clouds.secrets[OWN] = secret(1);
    const refused = await clouds.run("secret", ["finish", "--instance", PRODUCTION_ID]);
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining("does not know the new secret") });
    expect(clouds.secrets[OWN]).toBe(secret(1));
    expect(clouds.wordsIn("Vigia")).toEqual([secret(2), secret(1)]);
  });

  test("`secret remove` takes out one instance, also one that the settings no longer have.", async () => {
    const gone = "d0000000-0000-4000-8000-000000000000";
    Object.assign(clouds.secrets, { [OWN]: secret(1), [nameOf(gone)]: secret(3) });
    const removed = await clouds.run("secret", ["remove", "--instance", gone]);
    expect(removed).toMatchObject({ code: 0, text: expect.stringContaining(`${gone} is removed`) });
    expect(clouds.secrets).toEqual({ ...untouched(), [OWN]: secret(1) });
    const listed = { ...untouched(), INGEST_SECRETS: JSON.stringify({ [PRODUCTION_ID]: secret(1), [SECOND_ID]: secret(9) }) };
    clouds.cloudflare.workers.set("vigia", { ...listed });
    expect(await clouds.run("secret", ["remove", "--instance", "Vigia"])).toMatchObject({ code: 0 });
    expect(clouds.secrets).toEqual({ ...listed, [OWN]: "removed" });
    expect(await clouds.run("secret", ["remove", "--instance", "nobody"])).toMatchObject({ code: 2 });
  });

  test("`secret remove` also takes out what an instance has for actions, and nothing of another instance.", async () => {
    const names = (id: string) => [`ACTIONS_URL_${nameOf(id).slice(14)}`, `ACTIONS_SECRET_${nameOf(id).slice(14)}`];
    const of = (id: string) => Object.fromEntries(names(id).map((name) => [name, "x"]));
    Object.assign(clouds.secrets, { [OWN]: secret(1), ...of(PRODUCTION_ID), ...of(SECOND_ID) });
    const removed = await clouds.run("secret", ["remove", "--instance", "Vigia"]);
    expect(removed).toMatchObject({ code: 0, text: expect.stringContaining("its function for actions are deleted too") });
    expect(clouds.secrets).toEqual({ ...untouched(), ...of(SECOND_ID) });
    // An earlier release left them behind.
    Object.assign(clouds.secrets, of(PRODUCTION_ID));
    expect(await clouds.run("secret", ["remove", "--instance", PRODUCTION_ID])).toMatchObject({ code: 0 });
    expect(clouds.secrets).toEqual({ ...untouched(), ...of(SECOND_ID) });
  });

  test("`secret migrate` moves the instances out of INGEST_SECRETS, with the very secrets that the functions sign with.", async () => {
    clouds.setSecret("Vigia", `${secret(2)} ${secret(1)}`);
    const list = JSON.stringify({ [PRODUCTION_ID]: secret(1), [SECOND_ID]: secret(9), other: secret(7) });
    clouds.cloudflare.workers.set("vigia", { TICKET_SECRET: TICKETS, INGEST_SECRETS: list });
    const moved = await clouds.run("secret", ["migrate"]);
    expect(moved).toMatchObject({ code: 0, text: expect.stringContaining("INGEST_SECRETS is still there.") });
    const own = { TICKET_SECRET: TICKETS, [OWN]: `${secret(2)} ${secret(1)}`, [OTHER]: secret(9) };
    expect(clouds.secrets).toEqual({ ...own, INGEST_SECRETS: list });
    expect(await clouds.run("secret", ["migrate", "--drop-list"])).toMatchObject({ code: 0 });
    expect(clouds.secrets).toEqual(own);
  });

  test("`secret migrate --drop-list` changes nothing while one instance has no secret in AWS.", async () => {
    const before = { TICKET_SECRET: TICKETS, INGEST_SECRETS: "{}" };
    clouds.cloudflare.workers.set("vigia", { ...before });
    const refused = await clouds.run("secret", ["migrate", "--drop-list"]);
    expect(refused).toMatchObject({ code: 1, text: expect.stringContaining("has no signing secret. Run npm run secret -- add") });
    expect(clouds.secrets).toEqual(before);
  });

  test("`secret list` shows what both clouds have, and no value.", async () => {
    const gone = "d0000000-0000-4000-8000-000000000000";
    Object.assign(clouds.secrets, { [nameOf(gone)]: secret(3), INGEST_SECRETS: "{}" });
    const { code, text } = await clouds.run("secret", ["list"]);
    expect({ code, text }).toMatchObject({ code: 0 });
    for (const line of [
      "TICKET_SECRET: there",
      "INGEST_SECRETS: there, from an earlier version. Run npm run secret -- migrate.",
      "of 128 settings and secrets are in use.",
      `Instance ${PRODUCTION_ID} (stack Vigia):\n  Hub: has none of its own (perhaps in INGEST_SECRETS)\n  AWS: the stack has no signing secret yet.`,
      `Instance ${SECOND_ID} (stack Vigia-second):\n  Hub: has a secret of its own\n  AWS: one secret, since`,
      "The hub knows it.",
      `Instance ${gone} is in the hub and not in these settings.`,
    ]) {
      expect(text).toContain(line);
    }
    expect(text).not.toMatch(/whsec_|BQUFB/);
  });

  test("A stack of another instance, a missing stack and a missing Worker are refused before anything changes.", async () => {
    clouds.account.stacks.set("Vigia", { outputs: { SigningSecretArn: arnOf("Vigia"), InstanceId: SECOND_ID }, resources: [] });
    const add = () => clouds.run("secret", ["add", "--instance", PRODUCTION_ID]);
    expect(await add()).toMatchObject({ code: 1, text: expect.stringContaining(`belongs to the instance ${SECOND_ID}`) });
    clouds.account.stacks.delete("Vigia");
    expect(await add()).toMatchObject({ code: 1, text: expect.stringContaining("There is no stack Vigia in the account") });
    expect(clouds.secrets).toEqual(untouched());
    clouds.cloudflare.workers.clear();
    expect(await add()).toMatchObject({ code: 1, text: expect.stringContaining("Run npm run deploy:hub first.") });
    expect(clouds.cloudflare.workers.size).toBe(0);
  });

  test("`secret tickets` and `secret metrics` replace a key of the hub only on request.", async () => {
    const refused = await Promise.all(["tickets", "metrics"].map((command) => clouds.run("secret", [command])));
    const refusal = { code: 1, text: expect.stringContaining("add --replace.") };
    expect(refused).toMatchObject([refusal, refusal]);
    expect(clouds.secrets).toEqual(untouched());
    const replaced = await clouds.run("secret", ["metrics", "--replace"]);
    expect(replaced).toMatchObject({ code: 0, text: expect.stringContaining("metrics-token, for your Prometheus") });
    expect(clouds.secrets["TICKET_SECRET"]).toBe(TICKETS);
    expect(clouds.secrets["METRICS_TOKEN"]).not.toBe("metrics");
    expect(replaced.text).not.toContain(String(clouds.secrets["METRICS_TOKEN"]));
  });

  test("Two people with the login of one cloud each give an instance its secret.", async () => {
    const added = await clouds.run("secret", ["add", "--only-aws", "--instance", PRODUCTION_ID], "", ["CLOUDFLARE_API_TOKEN"]);
    expect(added).toMatchObject({ code: 0, text: expect.stringContaining("npm run secret -- accept --instance") });
    const [word = ""] = clouds.wordsIn("Vigia");
    expect(clouds.secrets).toEqual(untouched());
    const accept = (input: string) =>
      clouds.run("secret", ["accept", "--instance", PRODUCTION_ID], input, ["AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"]);
    const refused = await Promise.all(["", "garbage\n", "whsec_short"].map(accept));
    expect(refused.map(({ code }) => code)).toEqual([1, 1, 1]);
    expect(clouds.secrets).toEqual(untouched());
    const accepted = await accept(`${word}\n`);
    expect(accepted).toMatchObject({ code: 0, text: expect.not.stringContaining(word) });
    expect(clouds.secrets).toEqual({ ...untouched(), [OWN]: word });
  });

  test("The commands of the first release name what took their place.", async () => {
    const answers = await Promise.all(["new", "put"].map((command) => clouds.run("secret", [command])));
    expect(answers).toMatchObject([
      { code: 2, text: expect.stringContaining("Run add after") },
      { code: 2, text: expect.stringContaining("not needed any more") },
    ]);
  });
});
