import { execFile } from "node:child_process";
import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import * as v from "valibot";
import { describe, expect, test } from "vitest";
import { COST_PAGES, exampleMonth, withCostFigures } from "../../scripts/deploy/cost-page.ts";
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

  test("shows each example as its file has it.", () => {
    for (const [, file = "", text] of textOf(page).matchAll(/^```\w+ title="(examples\/[^"]+)"\n([\s\S]*?)^```$/gm)) {
      expect([file, text]).toEqual([file, textOf(file)]);
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

  test.each(COST_PAGES)("The figures of %s are those of the formula: npm run api writes them.", (page) => {
    expect(withCostFigures(page, textOf(page))).toBe(textOf(page));
  });

  test("The table of docs/cost.md has the lines and the totals that `npm run cost` prints.", async () => {
    const rows = [...textOf("docs/cost.md").matchAll(/^\| (?:AWS|Cloudflare)? ?\| (.+) \|$/gm)].map(([, row = ""]) =>
      row.split(" | "),
    );
    expect(rows.length).toBeGreaterThan(15);
    const sizes = [20, 200, 2000].map(async (agents, size) => {
      const { stdout } = await run(process.execPath, [
        "scripts/deploy/cost.ts",
        ...["--config", "vigia.config.example.json", "--recording-days", "0"],
        ...["--agents", String(agents), "--viewers", String(agents / 20)],
      ]);
      const printed = [...stdout.matchAll(/^\| (?:AWS|Cloudflare)? ?\| (.+) \|$/gm)].map(([, row = ""]) => row.split(" | "));
      expect(rows.map((row) => [row[0], row[2 + size]])).toEqual(printed.map((row) => [row[0], row[2]]));
      if (agents === 200) expect(rows.slice(0, -1).map((row) => row[1])).toEqual(printed.slice(0, -1).map((row) => row[1]));
    });
    await Promise.all(sizes);
  });

  test("The READMEs state the cost that the formula gives.", () => {
    const dollars = [1, 0].map((transcribed) => `$${Math.round(exampleMonth(200, transcribed).total).toLocaleString("en-US")}`);
    for (const page of ["README.md", "README.es.md"]) {
      for (const amount of dollars) expect([page, textOf(page).includes(amount)]).toEqual([page, true]);
    }
    const { aws, total } = exampleMonth(200, 1);
    const transcription = aws.filter(({ what }) => what.startsWith("Transcription")).reduce((sum, line) => sum + line.dollars, 0);
    expect(Math.round((transcription / total) * 10), "The pages say nine tenths.").toBe(9);
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
