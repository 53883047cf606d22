import type { QueueFigures, QueueSnapshot } from "../../protocol/queue-updates.ts";
import { MAX_BODY_BYTES } from "../../protocol/updates.ts";
import { channelWord } from "./contact-words.ts";
import type { ForeignValues } from "./foreign-values.ts";

/** The fields that are read of one row of GetCurrentMetricData (API reference, read 2026-11-26). */
export interface FigureRow {
  Dimensions?:
    | { Queue?: { Id?: string | undefined; Arn?: string | undefined } | undefined; Channel?: string | undefined }
    | undefined;
  Collections?: readonly Figure[] | undefined;
}
interface Figure {
  Metric?: { Name?: string | undefined } | undefined;
  Value?: number | undefined;
}

/** What Amazon Connect says about the queues of an instance. */
export interface QueueAnswers {
  /** Queue -> its name. */
  names: ReadonlyMap<string, string>;
  /** Rows grouped by queue; null = not known this time. */
  agents: readonly FigureRow[] | null;
  /** Rows grouped by queue and channel; null = not known this time. */
  contacts: readonly FigureRow[] | null;
  /** Which queues each routing profile serves; null = not asked this time. */
  profiles: readonly ServingProfile[] | null;
  /** When the figures were taken, epoch ms. */
  takenAt: number;
  /** Whether `names` has every standard queue of the instance. */
  complete: boolean;
}
export interface ServingProfile {
  name: string;
  queueIds: readonly string[];
}

/** Name or id of a queue -> the seconds within which its contacts should leave it. `*` stands for all others. */
export type ServiceLevelTargets = ReadonlyMap<string, number>;

/** The target of a queue for which the settings have none. It is the preset that Amazon Connect's own reports begin with. */
const DEFAULT_TARGET_SECONDS = 20;
/** Amazon Connect allows 50 queues in a routing profile by default, and 500 routing profiles. */
const MAX_LISTED = 5000;
/** Room for the fields of a snapshot besides its lists, and for the frame of a post. */
const FRAME_BYTES = 1024;

/**
 * Returns the snapshot, in parts if it is too large for one post. No part is complete then, so the hub keeps queues that are gone.
 * A figure that Amazon Connect cannot compute is null, and a channel without a row is left out. Neither means zero.
 */
export function queueSnapshots(answers: QueueAnswers, targets: ServiceLevelTargets, values: ForeignValues): QueueSnapshot[] {
  const { takenAt, names } = answers;
  const agents = new Map((answers.agents ?? []).map((row) => [queueIdOf(row), row]));
  const contacts = new Map<string, FigureRow[]>();
  for (const row of answers.contacts ?? []) {
    const queueId = queueIdOf(row);
    contacts.set(queueId, [...(contacts.get(queueId) ?? []), row]);
  }
  const queues = [...names].slice(0, MAX_LISTED).map(([queueId, name]): QueueFigures => {
    const row = agents.get(queueId);
    return {
      queueId: values.id(queueId),
      name: values.label(name || queueId),
      serviceLevelSeconds: targets.get(queueId) ?? targets.get(name) ?? targets.get("*") ?? DEFAULT_TARGET_SECONDS,
      channels: (contacts.get(queueId) ?? []).flatMap((figures) => channelFigures(figures, values)),
      staffed: countOf(row, "AGENTS_STAFFED"),
      available: countOf(row, "AGENTS_AVAILABLE"),
    };
  });
  const profiles = answers.profiles?.slice(0, MAX_LISTED).map(({ name, queueIds }) => {
    return { name: values.label(name), queues: queueIds.slice(0, MAX_LISTED).map((id) => values.id(id)) };
  });
  const complete = answers.complete && names.size <= MAX_LISTED;
  const whole = { type: "queue.snapshot" as const, takenAt, complete, queues, ...(profiles && { profiles }) };
  if (bytesOf(whole) + FRAME_BYTES <= MAX_BODY_BYTES) return [whole];
  const parts = inParts(queues).map((part) => ({ ...whole, complete: false, queues: part, profiles: undefined }));
  if (profiles === undefined) return parts;
  // Profiles that do not fit into a post would cost the whole post, and the figures with it.
  const alone = { ...whole, complete: false, queues: [], profiles };
  if (bytesOf(alone) + FRAME_BYTES > MAX_BODY_BYTES) {
    values.flaws.skipped += profiles.length;
    return parts;
  }
  return [...parts, alone];
}

/** Some published answers have only the ARN. */
function queueIdOf({ Dimensions }: FigureRow): string {
  const { Id, Arn = "" } = Dimensions?.Queue ?? {};
  return Id ?? Arn.slice(Arn.lastIndexOf("/") + 1);
}

function channelFigures(row: FigureRow, values: ForeignValues): QueueFigures["channels"] {
  const channel = channelWord(row.Dimensions?.Channel ?? "");
  if (channel === null) {
    values.flaws.skipped += 1;
    return [];
  }
  return [
    {
      channel,
      waiting: countOf(row, "CONTACTS_IN_QUEUE"),
      // Seconds, because the rows are grouped. Without groups, Amazon Connect writes milliseconds and calls them seconds.
      oldestSeconds: figureOf(row, "OLDEST_CONTACT_AGE"),
      scheduled: countOf(row, "CONTACTS_SCHEDULED"),
      estimatedWaitSeconds: figureOf(row, "ESTIMATED_WAIT_TIME"),
    },
  ];
}

function figureOf(row: FigureRow | undefined, metric: string): number | null {
  const value = row?.Collections?.find(({ Metric }) => Metric?.Name === metric)?.Value;
  return typeof value === "number" && Number.isFinite(value) && value >= 0 ? value : null;
}

function countOf(row: FigureRow | undefined, metric: string): number | null {
  const value = figureOf(row, metric);
  return value === null ? null : Math.round(value);
}

/** Splits the queues into lists that fit into one post each. */
function inParts(queues: readonly QueueFigures[]): QueueFigures[][] {
  const parts: { queues: QueueFigures[]; bytes: number }[] = [];
  for (const queue of queues) {
    const bytes = bytesOf(queue) + 1;
    const last = parts.at(-1);
    if (last !== undefined && last.bytes + bytes + FRAME_BYTES <= MAX_BODY_BYTES) {
      last.queues.push(queue);
      last.bytes += bytes;
    } else parts.push({ queues: [queue], bytes });
  }
  return parts.map((part) => part.queues);
}

function bytesOf(value: object): number {
  return Buffer.byteLength(JSON.stringify(value));
}
