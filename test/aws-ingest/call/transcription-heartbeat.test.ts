import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { TranscriptionHeartbeat } from "../../../aws-ingest/call/transcription-heartbeat.ts";
import type { Update } from "../../../protocol/updates.ts";
import { NOON } from "../../support/updates.ts";

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

function heartbeatOf(contact = { contactId: "contact-1", initialContactId: null }) {
  const posted: Update[] = [];
  const heartbeat = new TranscriptionHeartbeat(contact, (updates) => posted.push(...updates));
  const times = () => posted.map((update) => (update.type === "contact.transcription" ? update.occurredAt - NOON : null));
  return { heartbeat, posted, times };
}

describe("The heartbeat of a transcription", () => {
  it("TRN-4 It says at once that somebody listens, and again every 15 s.", () => {
    const { heartbeat, posted, times } = heartbeatOf();
    heartbeat.start();
    expect(posted).toEqual([
      { type: "contact.transcription", contactId: "contact-1", initialContactId: null, state: "live", occurredAt: NOON },
    ]);
    vi.advanceTimersByTime(45_000);
    expect(times()).toEqual([0, 15_000, 30_000, 45_000]);
    heartbeat.stop();
  });

  it.each(["ended", "failed"] as const)("TRN-4 Its last word is that the transcription %s.", (state) => {
    const { heartbeat, posted } = heartbeatOf();
    heartbeat.start();
    vi.advanceTimersByTime(1_000);
    heartbeat.postEnd(state);
    vi.advanceTimersByTime(60_000);
    expect(posted.slice(1)).toMatchObject([{ state, occurredAt: NOON + 1_000 }]);
  });

  it("TRN-4 It is silent while sessions fail, and beats again when one has held for 20 s.", () => {
    const { heartbeat, times } = heartbeatOf();
    heartbeat.start();
    for (const untilNext of [14_000, 12_000, 12_000]) {
      vi.advanceTimersByTime(untilNext);
      heartbeat.sessionFailed();
    }
    vi.advanceTimersByTime(22_000);
    heartbeat.stop();
    expect(times()).toEqual([0, 60_000]);
  });

  it("TRN-4 An invocation that hands its call over stops without a word.", () => {
    const { heartbeat, times } = heartbeatOf();
    heartbeat.start();
    heartbeat.stop();
    vi.advanceTimersByTime(60_000);
    expect(times()).toEqual([0]);
  });
});
