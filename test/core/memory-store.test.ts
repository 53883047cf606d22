import { describe, expect, it } from "vitest";
import { newContact } from "../../core/state/contact-record.ts";
import { MemoryStore } from "./memory-store.ts";
import { STORE_CONTRACT } from "./store-contract.ts";

describe("The store in memory", () => {
  for (const { title, check } of STORE_CONTRACT) {
    it(title, () => {
      const store = new MemoryStore();
      check(() => store);
    });
  }

  it("takes back every write of a transaction that fails.", () => {
    const store = new MemoryStore();
    store.saveContact(newContact("contact-1"));
    const failing = () =>
      store.transaction(() => {
        store.saveContact(newContact("contact-2"));
        store.deleteContact("contact-1");
        throw new Error("The disk is full.");
      });
    expect(failing).toThrow("The disk is full.");
    expect([...store.load("unused").contacts].map(({ contactId }) => contactId)).toEqual(["contact-1"]);
  });
});
