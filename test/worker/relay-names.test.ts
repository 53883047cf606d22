import { expect, it } from "vitest";
import { instanceOf, regionOf, relayName } from "../../worker/relay-names.ts";

it.each([
  [{ continent: "SA" }, "sam"],
  [{ continent: "NA", longitude: "-118.24" }, "wnam"],
  [{ continent: "NA", longitude: "-74.01" }, "enam"],
  [{ continent: "EU" }, "weur"],
  [{}, "enam"],
])("REL-1 A viewer from %j is sent to a relay of region %s.", (cf, region) => {
  expect(regionOf(cf)).toBe(region);
});

it("A relay's name says its instance and its region.", () => {
  const name = relayName("a8c17f30", "sam", 2);
  expect(name).toBe("a8c17f30/sam/2");
  expect(instanceOf(name)).toBe("a8c17f30");
});
