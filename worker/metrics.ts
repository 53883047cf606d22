import type { BroadcastCounters } from "../core/broadcast/viewer.ts";

import type { DeliveryCounters, DeliveryFigures } from "./alerts/alert-delivery.ts";

/** What the hub counts. The totals outlive the object's sleep, so they never fall. */
export interface CounterTotals extends BroadcastCounters, DeliveryCounters {
  accepted: number;
  stale: number;
  duplicates: number;
  refused: number;
  rowsWritten: number;
  relayFailures: number;
  storageFailures: number;
}

/** The numbers of one contact center's object. */
export interface HubFigures extends CounterTotals, DeliveryFigures {
  viewers: number;
  relayedViewers: number;
  relays: number;
  agents: number;
  seq: number;
  /** The time between two flushes now, ms. */
  flushWindowMs: number;
  /** Viewers of this object that have asked for fewer flushes. */
  pacedViewers: number;
  /** Contacts in queues that are not over. */
  openLegs: number;
  /** By how many waiting contacts the hub and the newest snapshots of Amazon Connect differ. */
  snapshotDifference: number;
  /** Whether the last write to storage succeeded. */
  storageWritable: boolean;
}

type Kind = "gauge" | "counter";
type Sample = readonly [labels: string, value: number];

/** Writes the Prometheus text exposition format 0.0.4. */
export function prometheusText(figures: HubFigures): string {
  const lines: string[] = [];
  const add = (name: string, kind: Kind, help: string, ...samples: Sample[]) => {
    lines.push(`# HELP vigia_${name} ${help}`, `# TYPE vigia_${name} ${kind}`);
    for (const [labels, value] of samples) lines.push(`vigia_${name}${labels} ${value}`);
  };
  add("viewers", "gauge", "Open viewer sockets.", ['{at="primary"}', figures.viewers], ['{at="relay"}', figures.relayedViewers]);
  add("relays", "gauge", "Relay objects attached.", ["", figures.relays]);
  add("agents", "gauge", "Agents on the board.", ["", figures.agents]);
  add("seq", "gauge", "Position of the newest change.", ["", figures.seq]);
  add("flush_window_milliseconds", "gauge", "Time between two flushes now; it widens with the audience and the backlog.", [
    "",
    figures.flushWindowMs,
  ]);
  add("paced_viewers", "gauge", "Viewers of the primary that have asked for fewer flushes.", ["", figures.pacedViewers]);
  add("queue_legs_open", "gauge", "Contacts in queues or answered from them that are not over.", ["", figures.openLegs]);
  add("queue_snapshot_difference", "gauge", "Waiting contacts by which the hub and Amazon Connect differ.", [
    "",
    figures.snapshotDifference,
  ]);
  add("storage_writable", "gauge", "1 = the last post could be stored.", ["", figures.storageWritable ? 1 : 0]);
  add(
    "updates_total",
    "counter",
    "Updates by outcome; duplicate and refused count posts.",
    ['{outcome="accepted"}', figures.accepted],
    ['{outcome="stale"}', figures.stale],
    ['{outcome="duplicate"}', figures.duplicates],
    ['{outcome="refused"}', figures.refused],
  );
  add("frames_sent_total", "counter", "Frames sent to viewers.", ["", figures.frames]);
  add("bytes_sent_total", "counter", "Bytes of the frames as they are sent; of hub.v1 viewers before compression.", [
    "",
    figures.bytes,
  ]);
  add("flushes_total", "counter", "Flushes of conflated changes.", ["", figures.flushes]);
  add("flushed_agents_total", "counter", "Changed agents over all flushes; divided by flushes: the flush size.", [
    "",
    figures.flushedAgents,
  ]);
  add(
    "first_frames_total",
    "counter",
    "First frames and resyncs by kind.",
    ['{kind="snapshot"}', figures.snapshots],
    ['{kind="resumed"}', figures.resumed],
    ['{kind="resync"}', figures.resyncs],
  );
  add("slow_closes_total", "counter", "Viewers closed because they did not drain.", ["", figures.slowCloses]);
  add("rows_written_total", "counter", "SQLite rows written.", ["", figures.rowsWritten]);
  add("relay_failures_total", "counter", "Calls to relays that failed or timed out.", ["", figures.relayFailures]);
  add("storage_failures_total", "counter", "Posts and expiry runs that could not be stored.", ["", figures.storageFailures]);
  add("alerts_fired_total", "counter", "Alerts that fired.", ["", figures.alertsFired]);
  add(
    "alert_messages_total",
    "counter",
    "Messages to targets by outcome; failed counts attempts.",
    ['{outcome="delivered"}', figures.alertMessagesDelivered],
    ['{outcome="failed"}', figures.alertAttemptsFailed],
    ['{outcome="given_up"}', figures.alertMessagesGivenUp],
  );
  add("alert_news_dropped_total", "counter", "News of alerts that waited for a day, or were too many.", [
    "",
    figures.alertNotesDropped,
  ]);
  add(
    "alert_targets",
    "gauge",
    "Targets of alerts by state.",
    ['{state="working"}', figures.alertTargets - figures.alertTargetsStopped],
    ['{state="stopped"}', figures.alertTargetsStopped],
  );
  add("alert_oldest_undelivered_seconds", "gauge", "Age of the oldest news that no target took yet; 0 = none waits.", [
    "",
    figures.oldestAlertSeconds,
  ]);
  return `${lines.join("\n")}\n`;
}
