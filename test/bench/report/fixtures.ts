import type { Figure } from "../measure/figure.ts";
import type { Machine, Results } from "./results.ts";

export const MACHINE: Machine = { cpu: "A processor", cores: 2, memoryGiB: 24, system: "linux x64", node: "v24.0.0" };

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
    scenario: "counting",
    measuredAt: "2026-01-01T10:00",
    othersCores: 0,
    tookSeconds: 5,
    ...fields,
  };
}

export function results(figures: readonly Figure[], failures: Results["failures"] = []): Results {
  return { machine: MACHINE, figures: [...figures], failures };
}
