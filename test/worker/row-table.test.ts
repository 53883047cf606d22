import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { RowTable } from "../../worker/row-table.ts";
import { Sql } from "../../worker/sql.ts";
import { LAMPS } from "../core/sample-collection.ts";
import { center, freshInstance } from "./support.ts";

const NAMES = { table: "lamps", keyColumn: "lamp_id", valueColumn: "lamp", leftColumn: "gone" };

it("SEQ-5 A table keeps the rows, tombstones and private records of any collection.", async () => {
  await runInDurableObject(center(freshInstance()), (_, state) => {
    state.storage.sql.exec(
      "CREATE TABLE lamps (lamp_id TEXT PRIMARY KEY, seq INTEGER, record TEXT NOT NULL, lamp TEXT, gone TEXT)",
    );
    const sql = new Sql(state.storage.sql);
    const table = new RowTable(sql, NAMES, LAMPS);
    const row = { key: "l", seq: 3, value: { lampId: "l", color: "red", rooms: ["Hall"] }, left: { Kitchen: 2 } };
    table.saveRow("l", { switchedOn: 1 }, row);
    table.saveRow("m", { switchedOn: 2 }, { key: "m", seq: 4, value: null, left: { Hall: 4 } });
    table.saveRow("n", {}, undefined);
    table.saveRow("o", {}, undefined);
    table.deleteRow("o");
    expect(table.load()).toEqual([
      { key: "l", record: { switchedOn: 1 }, row },
      { key: "m", record: { switchedOn: 2 }, row: { key: "m", seq: 4, value: null, left: { Hall: 4 } } },
      { key: "n", record: {}, row: null },
    ]);
    sql.write("UPDATE lamps SET lamp = ? WHERE lamp_id = ?", '{"lampId":"l"}', "l");
    expect(table.load()[0]?.row?.value).toEqual({ lampId: "l", color: "white", rooms: [] });
    sql.write("UPDATE lamps SET lamp = ? WHERE lamp_id = ?", '{"color":"red"}', "l");
    expect(table.load()[0]?.row).toBeNull();
  });
});
