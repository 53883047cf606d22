import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { OPTIONAL_KEYS } from "../../../dashboard/board/columns/column-keys.ts";
import { ALERT_LEVELS } from "../../../dashboard/board/model/alert-levels.ts";
import { CHANNELS } from "../../../dashboard/board/model/contacts.ts";
import { SENTIMENT_FILTERS } from "../../../dashboard/board/model/sentiment-label.ts";
import { STATUS_ORDER } from "../../../dashboard/board/model/status-order.ts";
import { teamKey } from "../../../dashboard/board/model/team-path.ts";
import { DENSITIES, GROUPINGS, type SortKey, START_VIEW, type View } from "../../../dashboard/board/model/view.ts";
import { viewFromQuery, viewToQuery } from "../../../dashboard/board/model/view-query.ts";

const words = fc.uniqueArray(fc.string({ minLength: 1, maxLength: 12 }), { maxLength: 4 });
const views: fc.Arbitrary<View> = fc.record({
  search: fc.string({ maxLength: 20 }),
  statuses: fc.subarray([...STATUS_ORDER]),
  teams: fc.option(
    fc.uniqueArray(fc.array(fc.string({ minLength: 1, maxLength: 6 }), { minLength: 1, maxLength: 5 }), {
      maxLength: 3,
      selector: teamKey,
    }),
  ),
  groups: words,
  queues: words,
  channels: fc.subarray([...CHANNELS]),
  sentiments: fc.subarray([...SENTIMENT_FILTERS]),
  alerts: fc.subarray([...ALERT_LEVELS]),
  sort: fc.option(
    fc.record({ column: fc.constantFrom<SortKey>("agent", "attention", ...OPTIONAL_KEYS), descending: fc.boolean() }),
  ),
  groupBy: fc.constantFrom(...GROUPINGS),
  columns: fc.subarray([...OPTIONAL_KEYS]),
  density: fc.constantFrom(...DENSITIES),
});

describe("The view in the address", () => {
  it("is the same after it was written and read.", () => {
    fc.assert(
      fc.property(views, (view) => {
        expect(viewFromQuery(new URLSearchParams(viewToQuery(view, new URLSearchParams()).toString()))).toEqual(view);
      }),
    );
  });

  it("leaves other keys as they are, and is empty for the start view.", () => {
    const query = viewToQuery(START_VIEW, new URLSearchParams("instance=x&q=old&status=away&lang=es"));
    expect(query.toString()).toBe("instance=x&lang=es");
  });

  it("still has a meaning with the words from before a mood was called a sentiment.", () => {
    const read = (query: string) => viewFromQuery(new URLSearchParams(query));
    const former = "mood=falling&mood=negative&sort=-mood&cols=time+mood";
    const view = read(former);
    expect(view).toEqual(read("sentiment=falling&sentiment=negative&sort=-sentiment&cols=time+sentiment"));
    expect(view).toEqual({
      ...START_VIEW,
      sentiments: ["negative", "falling"],
      sort: { column: "sentiment", descending: true },
      columns: ["time", "sentiment"],
    });
    expect([...viewToQuery(view, new URLSearchParams(former)).keys()]).not.toContain("mood");
  });

  it("is read without its unknown words.", () => {
    const view = viewFromQuery(
      new URLSearchParams("status=dancing&status=away&sort=-shoe&by=moon&cols=time+hat&sentiment=blue&mood=red"),
    );
    expect(view).toEqual({ ...START_VIEW, statuses: ["away"], columns: ["time"] });
  });
});
