import { expect, it } from "vitest";
import { prometheusText } from "../../worker/metrics.ts";

it("OPS-2 Each figure of the hub stands in a line of its own, with its kind.", () => {
  const text = prometheusText({
    viewers: 1,
    relayedViewers: 2,
    relays: 3,
    agents: 4,
    seq: 5,
    accepted: 6,
    stale: 7,
    duplicates: 8,
    refused: 9,
    rowsWritten: 10,
    relayFailures: 11,
    frames: 12,
    bytes: 13,
    flushes: 14,
    flushedAgents: 15,
    snapshots: 16,
    resumed: 17,
    resyncs: 18,
    slowCloses: 19,
    storageFailures: 20,
    openLegs: 21,
    snapshotDifference: 22,
    storageWritable: true,
  });
  const lines = text.split("\n");
  expect(lines.filter((line) => !line.startsWith("#"))).toEqual([
    'vigia_viewers{at="primary"} 1',
    'vigia_viewers{at="relay"} 2',
    "vigia_relays 3",
    "vigia_agents 4",
    "vigia_seq 5",
    "vigia_queue_legs_open 21",
    "vigia_queue_snapshot_difference 22",
    "vigia_storage_writable 1",
    'vigia_updates_total{outcome="accepted"} 6',
    'vigia_updates_total{outcome="stale"} 7',
    'vigia_updates_total{outcome="duplicate"} 8',
    'vigia_updates_total{outcome="refused"} 9',
    "vigia_frames_sent_total 12",
    "vigia_bytes_sent_total 13",
    "vigia_flushes_total 14",
    "vigia_flushed_agents_total 15",
    'vigia_first_frames_total{kind="snapshot"} 16',
    'vigia_first_frames_total{kind="resumed"} 17',
    'vigia_first_frames_total{kind="resync"} 18',
    "vigia_slow_closes_total 19",
    "vigia_rows_written_total 10",
    "vigia_relay_failures_total 11",
    "vigia_storage_failures_total 20",
    "",
  ]);
  const kinds = lines.filter((line) => line.startsWith("# TYPE"));
  expect(kinds.filter((line) => line.endsWith(" gauge"))).toEqual(
    ["viewers", "relays", "agents", "seq", "queue_legs_open", "queue_snapshot_difference", "storage_writable"].map(
      (name) => `# TYPE vigia_${name} gauge`,
    ),
  );
  expect(kinds.filter((line) => / vigia_\w+_total counter$/.test(line))).toHaveLength(kinds.length - 5);
  expect(lines.filter((line) => /^# HELP vigia_\w+ \S/.test(line))).toHaveLength(kinds.length);
});
