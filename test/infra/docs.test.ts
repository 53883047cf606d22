import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { EXAMPLE } from "./example.ts";
import { ofType, synthesise } from "./synthesised.ts";

const run = promisify(execFile);
const pages = [...globSync("docs/*.md"), ...globSync("README*.md")];
const { scripts } = v.parse(
  v.object({ scripts: v.record(v.string(), v.string()) }),
  JSON.parse(readFileSync("package.json", "utf8")),
);
const textOf = (page: string) => readFileSync(page, "utf8");
/** Returns the anchor that GitHub gives to a heading. */
const slug = (heading: string) =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N} _-]/gu, "")
    .trim()
    .replaceAll(" ", "-");
const chaptersOf = (page: string) => [...textOf(page).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => slug(heading));

describe.each(pages)("%s", (page) => {
  test("names only npm scripts that exist.", () => {
    const named = [...textOf(page).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
    for (const name of named) expect([name, Object.keys(scripts)]).toEqual([name, expect.arrayContaining([name])]);
  });

  test("has only relative links that lead to a file and to a chapter of it.", () => {
    for (const [, link = ""] of textOf(page).matchAll(/\]\(([^)\s]+)\)/g)) {
      if (/^[a-z]+:/.test(link)) continue;
      const [file = "", chapter] = link.split("#");
      const target = file === "" ? page : join(dirname(page), file);
      expect([link, existsSync(target)]).toEqual([link, true]);
      if (chapter !== undefined) expect([link, chaptersOf(target)]).toEqual([link, expect.arrayContaining([chapter])]);
    }
  });

  test("names only files of the project that exist.", () => {
    const named = textOf(page).matchAll(
      /`((?:infra|scripts|core|worker|protocol|aws-ingest|dashboard|local|test|examples|\.github)\/[\w./-]+\.\w+)`/g,
    );
    for (const [, file = ""] of named) expect([file, existsSync(file)]).toEqual([file, true]);
  });
});

describe("Documentation for deployers", () => {
  test("docs/deploy.md explains every setting of the stack.", () => {
    const source = textOf("infra/settings.ts");
    const schema = source.slice(
      source.indexOf("const instanceSettingsSchema"),
      source.indexOf("/** The settings of one instance, with"),
    );
    const names = [...schema.matchAll(/^ {2}(\w+):? ?/gm)].map(([, name = ""]) => name).filter((name) => name !== "");
    expect(names).toEqual(expect.arrayContaining(Object.keys(EXAMPLE)));
    for (const name of names) expect([name, textOf("docs/deploy.md").includes(`\`${name}\``)]).toEqual([name, true]);
  });

  test("docs/deploy.md explains every setting of the Worker.", () => {
    const names = [...textOf("wrangler.toml").matchAll(/^([A-Z][A-Z_]+) = /gm)].map(([, name = ""]) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of [...names, "INGEST_SECRETS", "TICKET_SECRET", "METRICS_TOKEN"]) {
      expect([name, textOf("docs/deploy.md").includes(`\`${name}\``)]).toEqual([name, true]);
    }
  });

  test("docs/deploy.md opens the board with the deployed instance in its address.", () => {
    const [, chapter = ""] = textOf("docs/deploy.md").split("## 7. See it");
    expect(chapter.split("\n## ")[0]).toContain("/?instance=<InstanceId>");
  });

  test("docs/operate.md names every setting that `npm run replay` needs.", async () => {
    const missing = await run(process.execPath, ["aws-ingest/handlers/replay.ts"], { env: {} }).catch((error) =>
      String(error.stderr),
    );
    const names = [...String(missing).matchAll(/([A-Z_]+) is not set/g)].map(([, name = ""]) => name);
    expect(names.toSorted()).toEqual(["DEAD_LETTER_QUEUE_URL", "HUB_SECRET_ID", "HUB_URL", "INSTANCE_ID"]);
    const command = /^.* npm run replay$/m.exec(textOf("docs/operate.md"))?.[0] ?? "";
    for (const name of names) expect(command).toContain(`${name}=<`);
  });

  test("The examples of docs/cost.md are the output of the command.", async () => {
    const examples = [...textOf("docs/cost.md").matchAll(/npm run cost -- (.+)\n```\n\n((?:\|.*\n)+)/g)];
    expect(examples).toHaveLength(3);
    /** Removes the padding, because the tables of the page are aligned for reading. */
    const plain = (text: string) => text.replaceAll(/ +/g, " ").replaceAll(/-{3,}/g, "---");
    const compare = examples.map(async ([, args = "", table = ""]) => {
      const { stdout } = await run(process.execPath, [
        "scripts/deploy/cost.ts",
        "--config",
        "vigia.config.example.json",
        ...args.split(" "),
      ]);
      expect(plain(stdout)).toContain(plain(table));
    });
    await Promise.all(compare);
  });

  test("docs/cost.md counts as many alarms as the stack has.", () => {
    const count = ofType(synthesise(), "AWS::CloudWatch::Alarm").length;
    expect(textOf("docs/cost.md")).toContain(`| ${count} alarms,`);
  });

  test("The workflows run only npm scripts that exist.", () => {
    for (const workflow of globSync(".github/workflows/*.yml")) {
      const named = [...textOf(workflow).matchAll(/npm run ([\w:-]+)/g)].map(([, name = ""]) => name);
      expect(named.length).toBeGreaterThan(0);
      for (const name of named) expect(Object.keys(scripts)).toContain(name);
    }
  });
});
