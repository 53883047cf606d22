import { runInDurableObject } from "cloudflare:test";
import { describe, expect, it, vi } from "vitest";
import { SqliteStore } from "../../worker/sqlite-store.ts";
import { STORE_CONTRACT } from "../core/store-contract.ts";
import { center, freshInstance } from "./support.ts";

describe("The store in the SQLite of a Durable Object", () => {
  it.each(STORE_CONTRACT)("$title", async ({ check }) => {
    await runInDurableObject(center(freshInstance()), async (_, state) => {
      // The object has already created its tables and its epoch, and the contract needs an empty storage.
      await state.storage.deleteAll();
      check(() => new SqliteStore(state.storage.sql));
    });
  });
});

const MINUTE = 60_000;
const NOON = 1_714_564_800_000;

/** Runs `check` with an empty storage. `open` opens it anew, as the object does when it wakes. */
async function inEmptyStorage(check: (open: () => SqliteStore, sql: SqlStorage) => void): Promise<void> {
  await runInDurableObject(center(freshInstance()), async (_, { storage }) => {
    await storage.deleteAll();
    check(() => new SqliteStore(storage.sql), storage.sql);
  });
}

describe("What the store keeps for a while", () => {
  it("ING-9 The store remembers a post for fifteen minutes, also after the object's sleep.", async () => {
    await inEmptyStorage((open) => {
      expect(open().rememberPost("p1", NOON)).toBe(true);
      expect(open().rememberPost("p1", NOON + MINUTE)).toBe(false);
      open().cleanUp(NOON + 15 * MINUTE);
      expect(open().rememberPost("p1", NOON)).toBe(false);
      open().cleanUp(NOON + 15 * MINUTE + 1);
      expect(open().rememberPost("p1", NOON)).toBe(true);
    });
  });

  it("SES-4 The store remembers a used ticket until it has expired, also after the object's sleep.", async () => {
    await inEmptyStorage((open) => {
      expect(open().spendTicket("t1", NOON + MINUTE)).toBe(true);
      open().cleanUp(NOON + MINUTE);
      expect(open().spendTicket("t1", NOON + MINUTE)).toBe(false);
      open().cleanUp(NOON + MINUTE + 1);
      expect(open().spendTicket("t1", NOON + MINUTE)).toBe(true);
    });
  });

  it("SES-14 The store remembers a revocation until its end, also after the object's sleep.", async () => {
    await inEmptyStorage((open, sql) => {
      const store = open();
      store.revoke("ana", NOON + MINUTE);
      for (const each of [store, open()]) {
        expect(each.isRevoked("ana", NOON + MINUTE - 1)).toBe(true);
        expect(each.isRevoked("ana", NOON + MINUTE)).toBe(false);
        expect(each.isRevoked("eve", NOON)).toBe(false);
      }
      store.cleanUp(NOON + MINUTE);
      expect([store.isRevoked("ana", NOON), open().isRevoked("ana", NOON)]).toEqual([true, true]);
      store.cleanUp(NOON + MINUTE + 1);
      expect([store.isRevoked("ana", NOON), open().isRevoked("ana", NOON)]).toEqual([false, false]);
      expect(sql.exec("SELECT count(*) AS n FROM revocations").one()["n"]).toBe(0);
    });
  });

  it("SES-14 A second revocation of a viewer lasts from its own time.", async () => {
    await inEmptyStorage((open) => {
      open().revoke("ana", NOON);
      open().revoke("ana", NOON + MINUTE);
      expect(open().isRevoked("ana", NOON)).toBe(true);
    });
  });

  it("REL-2 The store keeps each relay with what its viewers watch, and an unreadable list counts as empty.", async () => {
    await inEmptyStorage((open, sql) => {
      open().saveRelay("i/enam/1", ["c1"]);
      open().saveRelay("i/enam/1", ["c1", "c2"]);
      open().saveRelay("i/enam/2", []);
      open().saveRelay("i/enam/3", ["c3"]);
      open().deleteRelay("i/enam/2");
      sql.exec("UPDATE relays SET watching = '{' WHERE name = 'i/enam/3'");
      expect(open().relays()).toEqual([
        { name: "i/enam/1", watching: ["c1", "c2"] },
        { name: "i/enam/3", watching: [] },
      ]);
    });
  });

  it("OPS-2 The store counts the rows that it writes.", async () => {
    await inEmptyStorage((open) => {
      const store = open();
      const before = store.rowsWritten;
      store.rememberPost("p1", NOON);
      store.rememberPost("p1", NOON);
      store.spendTicket("t1", NOON);
      expect(store.rowsWritten - before).toBe(2);
    });
  });
});

describe("A row that the store cannot read", () => {
  it("SEQ-2 An unreadable row is left out and logged with its table, and the others are loaded.", async () => {
    const lines = vi.spyOn(console, "log").mockImplementation(() => {});
    await inEmptyStorage((open, sql) => {
      open().load("an epoch");
      sql.exec("INSERT INTO agents VALUES ('a1', 1, '{', NULL, NULL)");
      sql.exec("INSERT INTO contacts VALUES ('c1', '[]')");
      sql.exec("INSERT INTO turns VALUES ('c1', 't1', 'nothing')");
      sql.exec("INSERT INTO meta VALUES ('listing', '{')");
      const store = open();
      expect(store.load("another")).toMatchObject({ epoch: "an epoch", agents: [], contacts: [], listing: { takenAt: 0 } });
      expect(store.turns("c1")).toEqual([]);
      expect(store.turn("c1", "t1")).toBeNull();
    });
    expect(lines.mock.calls.flat()).toEqual(
      ["agents", "contacts", "turns"].map((table) => `{"event":"unreadable_row","table":"${table}"}`),
    );
    lines.mockRestore();
  });
});
