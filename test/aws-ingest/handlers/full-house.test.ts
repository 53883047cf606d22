import { expect, test } from "vitest";
import { simulateFullHouse } from "../../support/full-house.ts";

const AN_HOUR = { capacity: 25, hours: 1, seed: 7 };

test.each([1, 1.2, 1.6])(
  "At %d times the capacity no running call is cut, no hand-over waits, and every offered call is transcribed.",
  async (load) => {
    const report = await simulateFullHouse({ ...AN_HOUR, load, design: "places" });
    expect(report.offered).toBeGreaterThan(200);
    expect(report).toMatchObject({ transcribed: report.offered, never: 0, cut: 0 });
    expect(report.handovers).toBeGreaterThan(0);
    expect(report.longestHandoverSeconds).toBeLessThanOrEqual(1);
    expect(report.mostAtOnce).toBeLessThanOrEqual(25);
  },
);

test("One function for new and running calls, with events of a minute and no retries, loses both.", async () => {
  const report = await simulateFullHouse({ ...AN_HOUR, load: 1.6, design: "before" });
  expect(report.never).toBeGreaterThan(report.offered / 10);
  expect(report.cut).toBeGreaterThan(0);
});

test("The simulation is the same in every run.", async () => {
  const options = { ...AN_HOUR, hours: 0.5, load: 1.2, design: "places" } as const;
  expect(await simulateFullHouse(options)).toEqual(await simulateFullHouse(options));
});
