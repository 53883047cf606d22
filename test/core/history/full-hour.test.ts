import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  EMPTY_HOUR,
  type EndedContact,
  type HistoryHour,
  withEndedContact,
  withSighting,
} from "../../../core/history/history-hour.ts";
import type { Sighting } from "../../../core/history/sighting.ts";
import { NINE } from "./day-center.ts";

const STATE = { signedIn: true, status: "Available", kind: "routable", since: NINE, contacts: [] } as const;

const seen = (ms: number, isStream: boolean, status: string): Sighting => {
  return { at: NINE + ms, isStream, order: "", state: { ...STATE, contacts: [], status } };
};
/** More than an hour keeps, of a sender that says too much. At the last time the stream says the same as a list. */
const sightings: Sighting[] = [
  ...Array.from({ length: 719 }, (_, index) => seen(index, true, `status ${index}`)),
  seen(1000, false, "Available"),
  seen(1000, false, "Busy"),
  seen(1000, true, "Available"),
];
const ends: EndedContact[] = Array.from({ length: 722 }, (_, index) => ({
  contactId: `call-${String(index).padStart(3, "0")}`,
  initialContactId: null,
  channel: "voice",
  connectedAt: null,
  endedAt: NINE + index,
}));
/** What is known of the first contacts is told again, with a later end. */
const allEnds = [...ends, ...ends.slice(0, 3).map((end) => ({ ...end, endedAt: end.endedAt + 2000 }))];

const addAll = <Item>(items: readonly Item[], add: (hour: HistoryHour, item: Item) => HistoryHour) =>
  items.reduce(add, EMPTY_HOUR);
const addSighting = (hour: HistoryHour, one: Sighting) => withSighting(hour, "agent-1", one);

describe("An hour of which too much was seen", () => {
  test("DAY-9 keeps the same news in every order of arrival.", () => {
    const kept = addAll(sightings, addSighting);
    expect(kept.sightings).toHaveLength(720);
    const order = fc.shuffledSubarray(sightings, { minLength: sightings.length });
    fc.assert(
      fc.property(order, (other) => {
        expect(addAll(other, addSighting)).toEqual(kept);
      }),
      { numRuns: 3 },
    );
    expect(addAll([...sightings].reverse(), addSighting)).toEqual(kept);
  });

  test("DAY-9 keeps the same ends of contacts in every order of arrival.", () => {
    const kept = addAll(allEnds, withEndedContact);
    expect(kept.ended).toHaveLength(720);
    const order = fc.shuffledSubarray(allEnds, { minLength: allEnds.length });
    fc.assert(
      fc.property(order, (other) => {
        expect(addAll(other, withEndedContact)).toEqual(kept);
      }),
      { numRuns: 5 },
    );
    expect(addAll([...allEnds].reverse(), withEndedContact)).toEqual(kept);
  });
});
