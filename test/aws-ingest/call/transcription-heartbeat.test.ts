import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { Poster } from "../../../aws-ingest/call/poster.ts";
import { TranscriptionHeartbeat } from "../../../aws-ingest/call/transcription-heartbeat.ts";
import type { Update } from "../../../protocol/updates.ts";
import { aTurn, NOON } from "../../support/updates.ts";

beforeEach(() => void vi.useFakeTimers({ now: NOON }));
afterEach(() => void vi.useRealTimers());

function heartbeatOf(contact = { contactId: "contact-1", initialContactId: null }) {
  const posted: Update[] = [];
  const hub = {
    async postUpdates(updates: readonly Update[]) {
      posted.push(...updates);
      return { watched: [], undelivered: 0 };
    },
  };
  const poster = new Poster(hub, contact.contactId);
  const heartbeat = new TranscriptionHeartbeat(contact, poster);
  const times = () => posted.flatMap((update) => (update.type === "contact.transcription" ? [update.occurredAt - NOON] : []));
  return { heartbeat, poster, posted, times };
}
const pass = (ms: number) => vi.advanceTimersByTimeAsync(ms);

describe("The heartbeat of a transcription", () => {
  it("TRN-4 It says at once that somebody listens, and again when nothing else was posted for 15 s.", async () => {
    const { heartbeat, poster, posted, times } = heartbeatOf();
    heartbeat.start();
    await pass(0);
    expect(posted).toEqual([
      { type: "contact.transcription", contactId: "contact-1", initialContactId: null, state: "live", occurredAt: NOON },
    ]);
    await pass(45_000);
    expect(times()).toEqual([0, 15_000, 30_000, 45_000]);
    for (let turn = 0; turn < 4; turn += 1) {
      await pass(6_000);
      poster.addUpdates([aTurn({ turnId: `turn-${turn}` }), aTurn({ turnId: "partial", final: false })]);
    }
    expect(times()).toHaveLength(4);
    await pass(20_000);
    expect(times()).toEqual([0, 15_000, 30_000, 45_000, 85_000]);
    heartbeat.stop();
  });

  it("TRN-4 Partial turns do not replace it, because they are posted only while somebody watches.", async () => {
    const { heartbeat, poster, times } = heartbeatOf();
    heartbeat.start();
    for (let second = 0; second < 15; second += 1) {
      await pass(1_000);
      poster.addUpdates([aTurn({ final: false })]);
    }
    expect(times()).toEqual([0, 15_000]);
    heartbeat.stop();
  });

  it.each(["ended", "failed"] as const)("TRN-4 Its last word is that the transcription %s.", async (state) => {
    const { heartbeat, posted } = heartbeatOf();
    heartbeat.start();
    await pass(1_000);
    heartbeat.postEnd(state);
    await pass(60_000);
    expect(posted.slice(1)).toMatchObject([{ state, occurredAt: NOON + 1_000 }]);
  });

  it("TRN-4 It is silent while sessions fail, and beats again when one has held for 20 s.", async () => {
    const { heartbeat, times } = heartbeatOf();
    heartbeat.start();
    for (const untilNext of [14_000, 12_000, 12_000]) {
      await pass(untilNext);
      heartbeat.sessionFailed();
    }
    await pass(22_000);
    heartbeat.stop();
    expect(times()).toEqual([0, 60_000]);
  });

  it("TRN-4 An invocation that hands its call over stops without a word.", async () => {
    const { heartbeat, times } = heartbeatOf();
    heartbeat.start();
    heartbeat.stop();
    await pass(60_000);
    expect(times()).toEqual([0]);
  });
});
