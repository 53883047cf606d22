import { expect, test } from "vitest";
import { readLensRecord } from "../../../aws-ingest/connect/contact-lens-segment.ts";
import { INSTANCE } from "../../support/ingest-lab.ts";
import { record } from "../../support/lens-records.ts";

test.each([
  [undefined, "the record is not JSON"],
  [null, "the record is missing or wrong"],
  [{ ...record("c", {}), ContactId: 7 }, "ContactId is missing or wrong"],
  [{ ...record("c", {}), InstanceId: "other" }, "InstanceId names another instance"],
])("A record of Contact Lens is refused with its reason (%#).", (json, reason) => {
  expect(readLensRecord(json, INSTANCE)).toEqual({ ok: false, reason });
});
