import { runInDurableObject } from "cloudflare:test";
import { describe, it } from "vitest";
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
