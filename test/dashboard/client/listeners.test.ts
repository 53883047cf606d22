import { describe, expect, test, vi } from "vitest";
import { Listeners } from "../../../dashboard/client/listeners.ts";

describe("A set of listeners", () => {
  test("calls a function that was added twice twice, and removes one of the two.", () => {
    const listeners = new Listeners();
    let calls = 0;
    const count = () => {
      calls += 1;
    };
    const remove = listeners.add(count);
    listeners.add(count);
    listeners.notify();
    expect(calls).toBe(2);
    remove();
    remove();
    listeners.notify();
    expect(calls).toBe(3);
    expect(listeners.size).toBe(1);
  });

  test("calls the other listeners when one throws, and throws its error separately.", () => {
    const listeners = new Listeners();
    const separately: (() => void)[] = [];
    const queue = vi.spyOn(globalThis, "queueMicrotask").mockImplementation((task) => void separately.push(task));
    let called = false;
    listeners.add(() => {
      throw new Error("A fault of the page.");
    });
    listeners.add(() => {
      called = true;
    });
    listeners.notify();
    queue.mockRestore();
    expect(called).toBe(true);
    expect(separately).toHaveLength(1);
    expect(separately[0]).toThrow("A fault of the page.");
  });

  test("does not call a listener that another one adds during the same round.", () => {
    const listeners = new Listeners();
    let added = 0;
    listeners.add(() => {
      listeners.add(() => {
        added += 1;
      });
    });
    listeners.notify();
    expect(added).toBe(0);
  });
});
