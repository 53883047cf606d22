import { readFileSync } from "node:fs";
import { describe, expect, it } from "vitest";
import { OPTIONAL_KEYS } from "../../../dashboard/board/columns/column-keys.ts";
import { START_VIEW, type View } from "../../../dashboard/board/model/view.ts";
import { FORMER_KEYS, VIEW_KEYS, viewToQuery } from "../../../dashboard/board/model/view-query.ts";
import { ADDRESS_KEYS, readAddress, writeAddress } from "../../../dashboard/board/page/address.ts";

function readDoc(file: string): string {
  return readFileSync(new URL(`../../../docs/${file}`, import.meta.url), "utf8");
}

/** Returns the first column of the table under the heading that begins with `heading`. */
function documented(file: string, heading: string): string[] {
  const section =
    readDoc(file)
      .split(/^## /m)
      .find((part) => part.startsWith(heading)) ?? "";
  return [...section.matchAll(/^\| `([a-z]+)` \|/gm)].map(([, key = ""]) => key);
}

const everything: View = {
  ...START_VIEW,
  search: "x",
  statuses: ["away"],
  teams: [["México", "Ventas"]],
  groups: ["g"],
  queues: ["q"],
  channels: ["chat"],
  sentiments: ["falling"],
  alerts: ["warn"],
  sort: { column: "sentiment", descending: true },
  groupBy: "team",
  columns: ["time"],
  density: "compact",
};

describe("The manual of the board", () => {
  for (const [file, heading] of [
    ["board.md", "The address"],
    ["board.es.md", "La dirección"],
  ] as const) {
    it(`names each key of the address, and no other key, in ${file}.`, () => {
      expect(documented(file, heading).sort()).toEqual([...ADDRESS_KEYS].sort());
    });
  }

  it("lists the columns of the registry as the values of cols.", () => {
    for (const file of ["board.md", "board.es.md"]) {
      const row = readDoc(file).match(/^\| `cols` \|.*\| (.*) \|$/m)?.[1] ?? "";
      expect([...row.matchAll(/`(\w+)`/g)].map(([, key]) => key)).toEqual(OPTIONAL_KEYS);
    }
  });

  it("has the same keys as the code that writes and reads the address.", () => {
    expect([...viewToQuery(everything, new URLSearchParams()).keys()].sort()).toEqual([...VIEW_KEYS].sort());
    const asked = new Set<string>();
    class Asked extends URLSearchParams {
      override get(key: string) {
        asked.add(key);
        return super.get(key);
      }
      override has(key: string) {
        asked.add(key);
        return super.has(key);
      }
    }
    readAddress(new Asked());
    expect([...asked].sort()).toEqual([...ADDRESS_KEYS, ...Object.keys(FORMER_KEYS)].sort());
    const written = writeAddress(new URLSearchParams("lang=en&theme=dark"), { view: everything, tv: true, agentId: "a" });
    for (const key of written.keys()) expect(ADDRESS_KEYS).toContain(key);
  });
});
