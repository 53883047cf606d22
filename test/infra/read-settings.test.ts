import { mkdtempSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { exampleRefusal, isCommittedExample, readSettings } from "../../infra/read-settings.ts";
import { OWN_SETTINGS, TWO_STAGES } from "./own-settings.ts";
import { runCommand } from "./run-command.ts";

let root: string;
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "vigia-settings-"));
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, content: unknown) =>
  writeFileSync(join(root, name), typeof content === "string" ? content : JSON.stringify(content));
const read = (given?: string, environment: Record<string, string> = {}) => readSettings(given, environment, root);
const messageOf = (given?: string, environment?: Record<string, string>) => {
  const settings = read(given, environment);
  return settings.ok ? "" : settings.message;
};

describe("The reader of the settings", () => {
  test("The settings come from --config, else from VIGIA_CONFIG, else from vigia.config.json.", () => {
    for (const name of ["vigia.config.json", "named.json", "given.json"]) write(name, OWN_SETTINGS);
    expect(read("given.json", { VIGIA_CONFIG: "named.json" })).toMatchObject({ ok: true, file: "given.json" });
    expect(read(undefined, { VIGIA_CONFIG: join(root, "named.json") })).toMatchObject({ ok: true, file: "named.json" });
    expect(read(undefined, { VIGIA_CONFIG: "" })).toMatchObject({ ok: true, file: "vigia.config.json" });
  });

  test("Without a settings file the reader says in one sentence what to copy.", () => {
    expect(messageOf()).toMatch(/^There is no vigia\.config\.json\. Copy vigia\.config\.example\.json to vigia\.config\.json/);
    expect(messageOf(".")).toMatch(/ is no file\. Correct --config or VIGIA_CONFIG\.$/);
    expect(messageOf("other.json")).toBe("The settings file other.json does not exist. Correct --config or VIGIA_CONFIG.");
  });

  test("A file with a byte order mark is read, and a fault in JSON is reported with its line and without its text.", () => {
    write("vigia.config.json", `\uFEFF${JSON.stringify(OWN_SETTINGS)}`);
    expect(read().ok).toBe(true);
    write("vigia.config.json", '{\n  "instances": [],\n  "note": unquoted secret\n}');
    expect(messageOf()).toBe("vigia.config.json is not valid JSON in line 3. Correct it (docs/deploy.md).");
  });

  test("A file in another encoding is refused, because names would silently get other letters.", () => {
    const text = JSON.stringify(OWN_SETTINGS).replace("Vigia inbound", "Vigía");
    for (const encoding of ["latin1", "utf16le"] as const) {
      writeFileSync(join(root, "vigia.config.json"), Buffer.from(`\uFEFF${text}`.slice(encoding === "latin1" ? 1 : 0), encoding));
      expect(messageOf()).toBe("vigia.config.json is not UTF-8. Save it again in that encoding.");
    }
  });

  test("A file that the system does not let the reader read is refused in one sentence.", () => {
    // Node reads no file of more than 2 GiB. This one takes no room on the disk.
    write("vigia.config.json", "");
    truncateSync(join(root, "vigia.config.json"), 2 ** 31);
    expect(messageOf()).toBe("vigia.config.json cannot be read (ERR_FS_FILE_TOO_LARGE). Let your user read it.");
  });

  test.each([
    ["cdk.json", { app: "node infra/app.ts", context: { vigia: {} } }],
    ["cdk.context.json", { vigia: {} }],
  ])("Old settings in %s are refused even beside a settings file, because the CDK would merge them.", (name, content) => {
    write("vigia.config.json", OWN_SETTINGS);
    write(name, content);
    expect(messageOf()).toBe(
      'The settings have moved from the CDK context "vigia" to "instances" in vigia.config.json (docs/deploy.md, step 2). ' +
        `Move them, and remove "vigia" from ${name}.`,
    );
  });

  test("A `config` in the files of the CDK is refused, because only the CDK would read it.", () => {
    write("vigia.config.json", OWN_SETTINGS);
    write("cdk.context.json", { config: "other.json" });
    expect(messageOf()).toBe('cdk.context.json sets "config", which only the CDK reads. Set VIGIA_CONFIG instead.');
  });

  test("Settings with the example's account are refused, whatever their file is called.", () => {
    const example = readSettings("vigia.config.example.json", {});
    if (!example.ok) throw new Error(example.message);
    expect(exampleRefusal("mine.json", example.deployments)).toMatch(/^mine\.json names the account 111122223333/);
    expect(isCommittedExample(example.path)).toBe(true);
    write("two.json", TWO_STAGES);
    const own = read("two.json");
    if (!own.ok) throw new Error(own.message);
    expect([exampleRefusal("two.json", own.deployments), isCommittedExample(own.path)]).toEqual([null, false]);
  });
});

describe("The CDK application", () => {
  const app = (context: Record<string, unknown>, environment: Record<string, string> = {}) =>
    runCommand("infra/app.ts", [], { HOME: root, CDK_CONTEXT_JSON: JSON.stringify(context), ...environment });

  test("The application refuses the example, an old context and wrong settings before it builds anything.", async () => {
    write("wrong.json", { instances: [{ ...OWN_SETTINGS.instances[0], typo: 1 }], stages: OWN_SETTINGS.stages });
    write("own.json", OWN_SETTINGS);
    const [example, old, wrong] = await Promise.all([
      app({ config: "vigia.config.example.json" }),
      app({ config: join(root, "own.json"), vigia: "{}" }),
      app({}, { VIGIA_CONFIG: join(root, "wrong.json") }),
    ]);
    expect(example).toMatchObject({ code: 1, text: expect.stringContaining("names the account 111122223333") });
    expect(old).toMatchObject({ code: 1, text: expect.stringContaining("Remove -c vigia=…") });
    expect(wrong).toMatchObject({ code: 1, text: expect.stringContaining("instances[0].typo is no setting.") });
    for (const { text } of [example, old, wrong]) expect(text).not.toContain("Bundling");
  });
});

describe("Every deployment command", () => {
  const commands = ["synth", "preflight", "aws", "hub", "secret", "cost"];

  test.each(commands)("The command %s says one sentence and fails without a settings file.", async (name) => {
    const environment = { HOME: root, VIGIA_CONFIG: join(root, "none.json"), VIGIA_DEPLOY_FOLDER: root };
    const { code, text } = await runCommand(`scripts/deploy/${name}.ts`, name === "secret" ? ["list"] : [], environment);
    expect([code, text]).toEqual([1, `The settings file ${root}/none.json does not exist. Correct --config or VIGIA_CONFIG.\n`]);
  });

  // The tests with the real CDK and the real wrangler show it of deploy:aws and deploy:hub.
  test.each(["preflight", "secret", "cost"])("The command %s prints file, account, Region, stack and Worker.", async (name) => {
    write("own.json", OWN_SETTINGS);
    const args = ["--config", join(root, "own.json"), ...(name === "secret" ? ["list"] : [])];
    const environment = { HOME: root, VIGIA_DEPLOY_FOLDER: root, AWS_EC2_METADATA_DISABLED: "true" };
    const { text } = await runCommand(`scripts/deploy/${name}.ts`, args, environment);
    expect(text).toContain(
      `Settings: ${root}/own.json\n  Stack Vigia: account 999988887777, Region eu-central-1, ` +
        "instance a8c17f30-f72c-4900-abd2-8745056c4c99 (example-contact-center), " +
        "Worker vigia (stage production) at https://board.contact-center.test",
    );
  });

  test.each(commands.filter((name) => name !== "synth" && name !== "cost"))(
    "The command %s refuses the committed example.",
    async (name) => {
      const args = ["--config", "vigia.config.example.json", ...(name === "secret" ? ["list"] : [])];
      const { code, text } = await runCommand(`scripts/deploy/${name}.ts`, args, { HOME: root, VIGIA_DEPLOY_FOLDER: root });
      expect(code).toBe(1);
      expect(text).toMatch(/^vigia\.config\.example\.json names the account 111122223333, which is an example\. /);
      expect(text.split("\n")).toHaveLength(2);
    },
  );
});
