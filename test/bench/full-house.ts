// `npm run bench:full-house`: what happens when more calls are offered than may be transcribed at once. Simulated time, no cloud.
import { parseArgs } from "node:util";
import { type FullHouseReport, simulateFullHouse } from "../support/full-house.ts";

const { values } = parseArgs({
  options: {
    capacity: { type: "string", default: "25" },
    hours: { type: "string", default: "4" },
    seed: { type: "string", default: "7" },
  },
});
const [capacity, hours, seed] = [Number(values.capacity), Number(values.hours), Number(values.seed)];
const isWhole = (value: number) => Number.isSafeInteger(value) && value > 0;
if (!isWhole(capacity) || !isWhole(seed) || !(hours > 0)) {
  console.error("--capacity and --seed must be whole numbers above 0, and --hours a number above 0.");
  process.exit(2);
}

const LOADS = [1, 1.2, 1.6];
const percent = (count: number, all: number) => `${count} (${((100 * count) / (all || 1)).toFixed(1)} %)`;
const row = (name: string, load: number, report: FullHouseReport) => {
  const { offered, transcribed, never, cut, lateSeconds, handovers, longestHandoverSeconds, mostAtOnce } = report;
  const late = `${lateSeconds.median} s, ${lateSeconds.p95} s, ${lateSeconds.most} s`;
  const cells = [
    `${Math.round(load * 100)} %`,
    name,
    offered,
    transcribed,
    percent(never, offered),
    percent(cut, offered),
    late,
    handovers,
    `${longestHandoverSeconds} s`,
    mostAtOnce,
  ];
  return `| ${cells.join(" | ")} |`;
};

console.log(
  "| offered | design | calls | transcribed whole | never begun | cut | late: median, p95, most | hand-overs | longest wait of one | most at once |",
);
console.log("| --- | --- | ---: | ---: | ---: | ---: | --- | ---: | ---: | ---: |");
for (const load of LOADS) {
  for (const [name, design] of [
    ["one function, 60 s", "before"],
    ["places", "places"],
  ] as const) {
    console.log(row(name, load, await simulateFullHouse({ capacity, hours, seed, load, design })));
  }
}
