import { vi } from "vitest";

/**
 * Runs a Lambda function with metrics switched on. Returns its metrics as CloudWatch reads them from the output, each with the
 * sum of its values. A function that throws has none.
 */
export async function emittedMetrics(run: () => Promise<unknown>): Promise<Record<string, number>> {
  const lines: string[] = [];
  const spies = [
    ...[process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, "write").mockImplementation((text) => lines.push(String(text)) > 0),
    ),
    vi.spyOn(console, "log").mockImplementation((...parts: unknown[]) => void lines.push(parts.map(String).join(" "))),
  ];
  process.env["POWERTOOLS_METRICS_NAMESPACE"] = "vigia-test";
  try {
    await run();
  } finally {
    for (const spy of spies) spy.mockRestore();
    delete process.env["POWERTOOLS_METRICS_NAMESPACE"];
  }
  const sums: Record<string, number> = {};
  for (const line of lines.flatMap((output) => output.split("\n")).filter((output) => output.includes('"_aws"'))) {
    const entry: Record<string, unknown> = JSON.parse(line);
    for (const [name, value] of Object.entries(entry)) {
      const values = [value].flat().filter((each) => typeof each === "number");
      if (values.length > 0) sums[name] = values.reduce((sum, each) => sum + each, sums[name] ?? 0);
    }
  }
  return sums;
}
