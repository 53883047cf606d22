import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import * as v from "valibot";
import { describe, expect, test } from "vitest";

const WORKFLOWS = ".github/workflows";
const lockSchema = v.object({
  packages: v.record(
    v.string(),
    v.looseObject({
      integrity: v.optional(v.string()),
      resolved: v.optional(v.string()),
      inBundle: v.optional(v.boolean(), false),
    }),
  ),
});

describe("What others wrote and CI runs", () => {
  test("The workflows name every action by the commit of a released version.", () => {
    const used = readdirSync(WORKFLOWS).flatMap((file) =>
      readFileSync(join(WORKFLOWS, file), "utf8")
        .split("\n")
        .filter((line) => /^\s*(- )?uses:/.test(line)),
    );
    expect(used.length).toBeGreaterThan(5);
    for (const line of used) expect(line).toMatch(/uses: [\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
  });

  test("package-lock.json has a SHA-512 of every package of every system, and names no registry.", () => {
    const { packages } = v.parse(lockSchema, JSON.parse(readFileSync("package-lock.json", "utf8")));
    // A bundled package is part of the archive of another one, which has a hash.
    const own = Object.entries(packages).filter(([path, { inBundle }]) => path !== "" && !inBundle);
    expect(own.length).toBeGreaterThan(300);
    expect(own.filter(([, { integrity }]) => !/^sha512-[\w+/]{86}==$/.test(integrity ?? "")).map(([path]) => path)).toEqual([]);
    expect(own.filter(([, { resolved }]) => resolved !== undefined).map(([path]) => path)).toEqual([]);
  });
});
