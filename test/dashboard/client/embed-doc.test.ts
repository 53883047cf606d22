import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import type { ConnectionStatus } from "../../../dashboard/client/contract.ts";
import { CLOSE } from "../../../protocol/close-codes.ts";

const ROOT = fileURLToPath(new URL("../../../", import.meta.url));
const read = (path: string) => readFileSync(join(ROOT, path), "utf8");
const doc = read("docs/embed.md");
const manifest = JSON.parse(read("package.json"));
const blocks = [...doc.matchAll(/^```(\w+)(?: title="([^"]+)")?\n([\s\S]*?)^```$/gm)].map(
  ([, language = "", file = "", text = ""]) => ({
    language,
    file,
    text,
  }),
);

describe("docs/embed.md", () => {
  test.each(blocks.filter(({ language }) => language !== "sh" && language !== "text"))(
    "shows $file as it is.",
    ({ file, text }) => {
      expect(file).not.toBe("");
      expect(read(file)).toBe(text);
    },
  );

  test("has only commands that exist.", () => {
    const commands = blocks.filter(({ language }) => language === "sh").flatMap(({ text }) => text.trim().split("\n"));
    const scripts = commands.flatMap((command) => /^npm run (\S+)/.exec(command)?.slice(1) ?? []);
    expect(scripts.length).toBeGreaterThan(0);
    for (const script of scripts) expect(Object.keys(manifest.scripts)).toContain(script);
    expect(doc).toContain(`${manifest.name}-${manifest.version}.tgz`);
  });

  test("names every entry point, every status and every close code with its word.", () => {
    for (const path of Object.keys(manifest.exports)) {
      if (path !== "./package.json") expect(doc).toContain(`\`vigia/${path.slice(2)}`);
    }
    const statuses: Record<ConnectionStatus, 1> = {
      idle: 1,
      connecting: 1,
      live: 1,
      reconnecting: 1,
      offline: 1,
      unauthorized: 1,
      closed: 1,
    };
    const rows = doc.replaceAll(/ +/g, " ");
    for (const status of Object.keys(statuses)) expect(rows).toContain(`\n| \`${status}\` |`);
    for (const { code, reason } of Object.values(CLOSE)) expect(rows).toContain(`| \`${reason}\` | ${code} |`);
  });
});
