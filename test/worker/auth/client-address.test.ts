import { expect, it } from "vitest";
import { countedAddress } from "../../../worker/auth/client-address.ts";

it.each([
  ["203.0.113.9", "203.0.113.9"],
  ["2001:db8:1:2:3:4:5:6", "2001:db8:1:2"],
  ["2001:0DB8:0001:0002:0003:0004:0005:0006", "2001:db8:1:2"],
  ["2001:db8:1:2::6", "2001:db8:1:2"],
  ["2001:db8::6", "2001:db8:0:0"],
  ["2001:db8:0:0:1::", "2001:db8:0:0"],
  ["::1", "0:0:0:0"],
  ["::", "0:0:0:0"],
])("SIG-7 The address %s is counted as %s.", (address, counted) => {
  expect(countedAddress(address)).toBe(counted);
});
