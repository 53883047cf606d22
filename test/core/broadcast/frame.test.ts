import fc from "fast-check";
import { expect, it } from "vitest";
import { frameOf } from "../../../core/broadcast/frame.ts";
import { anAgentState } from "../../support/updates.ts";
import { Center } from "../center.ts";

it("A frame knows its length in bytes for every text, with accents, emoji and lone surrogates.", () => {
  const text = fc.string({ unit: fc.constantFrom("a", "ñ", "€", "🥪", "\ud83e", "\udd6a", "\u0000") });
  fc.assert(
    fc.property(text, (each) => {
      expect(frameOf(each).bytes).toBe(new TextEncoder().encode(each).length);
    }),
    { numRuns: 1000 },
  );
});

it("OPS-2 The counter of bytes counts the UTF-8 bytes of every sent frame, not its characters.", () => {
  const center = new Center();
  center.post(anAgentState({ name: "Íñigo Peña 🥪", groups: ["Atención"] }));
  const ports = [center.join("v"), center.join("w"), center.join("x", { legacy: true })];
  center.post(anAgentState({ name: "Begoña", occurredAt: Date.parse("2024-05-01") }));
  center.flush();
  const sent = ports.flatMap((port) => port.texts);
  const bytes = sent.reduce((sum, each) => sum + new TextEncoder().encode(each).length, 0);
  expect(sent).toHaveLength(6);
  expect(center.broadcaster.counters.bytes).toBe(bytes);
});
