import type { Figure } from "../measure/figure.ts";

/** A figure of the hub without a peer or a goal; override what the test is about. */
export function aFigure(fields: Partial<Figure> = {}): Figure {
  return {
    name: "Something counted",
    ours: 10,
    peer: null,
    peerName: null,
    unit: "ms",
    ratio: null,
    goal: null,
    holds: null,
    runs: 1,
    spread: { ours: [10, 10], peer: null },
    note: "",
    suite: "hub",
    scenario: "load",
    measuredAt: "2026-01-01T10:00",
    othersCores: 0,
    tookSeconds: 5,
    ...fields,
  };
}
