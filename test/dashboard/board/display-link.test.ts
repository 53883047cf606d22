import { describe, expect, it } from "vitest";
import { keepDisplayLink, keptDisplayLink, readDisplayLink } from "../../../dashboard/board/page/display-link.ts";

function memory() {
  const values = new Map<string, string>();
  return {
    getItem: (key: string) => values.get(key) ?? null,
    setItem: (key: string, value: string) => void values.set(key, value),
  };
}

describe("A display link in the address", () => {
  it("DIS-11 It names the secret and the instance, and the rest of the address stays.", () => {
    const read = readDisplayLink("#display=vgd_x&instance=i1", "?lang=es-MX&instance=other");
    expect([read?.link, String(read?.query)]).toEqual([{ instanceId: "i1", secret: "vgd_x" }, "lang=es-MX&instance=i1&tv=1"]);
    expect(readDisplayLink("#display=vgd_x", "?instance=i2")?.link.instanceId).toBe("i2");
    for (const hash of ["", "#", "#display=", "#display=x", "#instance=i1", "#id_token=x"])
      expect(readDisplayLink(hash, "")).toBeNull();
  });

  it("DIS-11 The browser keeps one link for each contact center, and only the wallboard of that center uses it.", () => {
    const storage = memory();
    keepDisplayLink({ instanceId: "i1", secret: "old" }, storage);
    keepDisplayLink({ instanceId: "i1", secret: "new" }, storage);
    expect(keptDisplayLink("?instance=i1&tv=1", storage)).toEqual({ instanceId: "i1", secret: "new" });
    for (const search of ["", "?tv=1", "?instance=i1", "?instance=i1&tv=0", "?instance=i2&tv=1"]) {
      expect(keptDisplayLink(search, storage), search).toBeNull();
    }
    expect(keptDisplayLink("?instance=i1&tv=1", null)).toBeNull();
  });
});
