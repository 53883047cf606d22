import { beforeEach, describe, expect, test } from "vitest";
import { NamedIds } from "../../../aws-ingest/connect/named-ids.ts";

const NOW = Date.UTC(2026, 10, 20, 12);

let ids: NamedIds;
/** What Amazon Connect knows, and what it was asked for. */
let known: Record<string, string>;
let asked: string[];

function find(seconds: number, ...names: string[]): Promise<string | null> {
  const lookUp = async (wanted: readonly string[]) => {
    asked.push(...wanted);
    return Object.entries(known).map(([name, id]) => ({ name, id }));
  };
  return ids.find(names, lookUp, NOW + seconds * 1000);
}

beforeEach(() => {
  ids = new NamedIds();
  known = {};
  asked = [];
});

describe("The ids of names", () => {
  test("A name that Amazon Connect did not know is looked up again after 15 s, because somebody may have added it.", async () => {
    expect([await find(0, "Ana"), await find(14, "Ana")]).toEqual([null, null]);
    known = { Ana: "id-1" };
    expect([await find(15, "Ana"), asked]).toEqual(["id-1", ["Ana", "Ana"]]);
  });

  test("A name that is known is looked up again after ten minutes, whatever its case, because its id may be another one.", async () => {
    known = { Ana: "id-1" };
    expect([await find(0, "Ana"), await find(599, "ANA"), asked]).toEqual(["id-1", "id-1", ["Ana"]]);
    known = { Ana: "id-2" };
    expect([await find(600, "ana"), asked]).toEqual(["id-2", ["Ana", "ana"]]);
  });

  test("Of several names the first that has an id counts, and a forgotten one is looked up at once.", async () => {
    known = { luis: "id-2", leo: "id-3" };
    expect(await find(0, "Ana", "Luis", "Leo")).toBe("id-2");
    ids.forget("LUIS");
    known = { leo: "id-3" };
    expect([await find(1, "Ana", "Luis", "Leo"), asked.slice(3)]).toEqual(["id-3", ["Luis"]]);
  });
});
