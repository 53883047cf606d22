import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { listenToPage } from "../../../dashboard/client/page-events.ts";

class PageDocument extends EventTarget {
  visibilityState: DocumentVisibilityState = "visible";
}

let page: EventTarget;
let pageDocument: PageDocument;
let calls: string[];
const listen = () =>
  listenToPage(
    () => calls.push("wake"),
    () => calls.push("offline"),
    () => calls.push("visibility"),
  );
const pageShow = (persisted: boolean) => Object.assign(new Event("pageshow"), { persisted });

beforeEach(() => {
  page = new EventTarget();
  pageDocument = new PageDocument();
  calls = [];
  vi.stubGlobal("window", page);
  vi.stubGlobal("document", pageDocument);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

describe("The page listener", () => {
  test("reports a lost and a returned network.", () => {
    listen();
    page.dispatchEvent(new Event("offline"));
    page.dispatchEvent(new Event("online"));
    expect(calls).toEqual(["offline", "wake"]);
  });

  test("reports a page that becomes visible as awake, and one that becomes hidden only as hidden.", () => {
    listen();
    pageDocument.visibilityState = "hidden";
    pageDocument.dispatchEvent(new Event("visibilitychange"));
    expect(calls).toEqual(["visibility"]);
    pageDocument.visibilityState = "visible";
    pageDocument.dispatchEvent(new Event("visibilitychange"));
    expect(calls).toEqual(["visibility", "wake", "visibility"]);
  });

  test("reports a page that returns from the browser's page cache.", () => {
    listen();
    page.dispatchEvent(pageShow(true));
    expect(calls).toEqual(["wake"]);
  });

  test("reports nothing after it has been stopped.", () => {
    const stop = listen();
    stop();
    for (const name of ["online", "offline"]) page.dispatchEvent(new Event(name));
    page.dispatchEvent(pageShow(true));
    pageDocument.dispatchEvent(new Event("visibilitychange"));
    expect(calls).toEqual([]);
  });

  test("does nothing where there is no page.", () => {
    vi.stubGlobal("document", undefined);
    vi.stubGlobal("window", undefined);
    expect(() => listen()()).not.toThrow();
  });
});
