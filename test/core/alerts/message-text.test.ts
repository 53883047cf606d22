import { describe, expect, test } from "vitest";
import type { AlertChange } from "../../../core/alerts/alert-change.ts";
import { messageText, testText } from "../../../core/alerts/message-text.ts";
import { type AlertTarget, Outbox } from "../../../core/alerts/outbox.ts";
import { WallClock } from "../../../core/alerts/quiet-hours.ts";
import { sampleChange, TEAMS } from "./sample-changes.ts";
import { MINUTE, T0 } from "./sample-facts.ts";

const MEXICO = new WallClock("America/Mexico_City");

function textOf(changes: AlertChange[], target: AlertTarget = TEAMS) {
  const outbox = new Outbox([target], null);
  outbox.addChanges(changes, T0);
  const [message] = outbox.dueMessages(T0 + MINUTE, 1);
  if (message === undefined) throw new Error("Nothing is due.");
  return messageText(message, target, MEXICO);
}

describe("The text of a message", () => {
  test("OUT-6 says severity, who, what, how much and when, in the language of the target and the time of the center.", () => {
    expect(textOf([sampleChange("escalated", T0)]).subject).toBe(
      "Critical · Ana López: after-contact work · 5:00 (limit 5:00) · 04:00",
    );
    expect(textOf([sampleChange("fired", T0)], { ...TEAMS, language: "es" }).lines).toEqual([
      "Advertencia · Ana López: trabajo posterior (ACW) · 5:00 (umbral 5:00) · 04:00",
    ]);
  });

  test("CEN-3 begins with the name of the contact center, if it has one.", () => {
    const named = (changes: AlertChange[]) => {
      const outbox = new Outbox([TEAMS], null);
      outbox.addChanges(changes, T0);
      const [message] = outbox.dueMessages(T0 + MINUTE, 1);
      if (message === undefined) throw new Error("Nothing is due.");
      return messageText(message, TEAMS, MEXICO, "Ventas México");
    };
    const one = named([sampleChange("fired", T0)]);
    expect(one.subject).toMatch(/^Ventas México · Warning · Ana López/);
    expect(one.lines).toEqual([one.subject]);
    const many = named(Array.from({ length: 9 }, (_, n) => sampleChange("fired", T0, { alertId: `acw:A${n}:1` })));
    expect(many.subject).toBe("Ventas México · 9 alerts: Warning 9");
    expect(many.lines[0]).toMatch(/^Warning · /);
    expect(testText("es", "Ventas México").subject).toBe("Ventas México · Alerta de prueba de Vigía. No pasó nada.");
  });

  test("OUT-6 writes each figure in the unit of its rule.", () => {
    const line = (watch: string, value: number, limit: number) =>
      textOf([sampleChange("fired", T0, { value, limit, rule: { watch, warning: 1 } })]).subject.split(" · ")[2];
    expect(line("sentimentRecent", -4.5, -4)).toBe("−4.5 (limit −4.0)");
    expect(line("queueServiceLevel", 0.53, 0.6)).toBe("53% (limit 60%)");
    expect(line("queueWaiting", 12, 5)).toBe("12 (limit 5)");
    expect(line("queueOldest", 3723, 60)).toBe("1:02:03 (limit 1:00)");
  });

  test("OUT-6 has no figures for a rule that fires at once.", () => {
    expect(textOf([sampleChange("fired", T0, { value: 0, limit: 0 })]).subject).toBe(
      "Warning · Ana López: after-contact work · 04:00",
    );
  });

  test("OUT-6 names agents only if the target wants it, and queues always.", () => {
    const anonymous = { ...TEAMS, withNames: false };
    expect(textOf([sampleChange("fired", T0)], anonymous).subject).toContain("· An agent: ");
    const ofQueue = { subject: { queueId: "Q1" }, subjectName: "Citas" };
    expect(textOf([sampleChange("fired", T0, ofQueue)], anonymous).subject).toContain("· Citas: ");
    expect(textOf([sampleChange("fired", T0, { subject: "hub", subjectName: null })]).subject).toContain("· Vigía: ");
  });

  test("OUT-6 has no telephone number, even if a name or a title has one.", () => {
    const numbers = ["+52 55 1234 5678", "(555) 123-4567", "5512345678", "٥٥١٢٣٤٥٦٧٨"];
    for (const number of numbers) {
      const change = sampleChange("fired", T0, { subjectName: `Cola ${number}`, rule: { title: `Llamar ${number}` } });
      const text = textOf([change]).lines.join("\n");
      expect(text).toContain("Cola …: Llamar …");
      expect(text.match(/\p{Nd}{3}/u), number).toBeNull();
    }
  });

  test("OUT-6 of a digest counts, begins with the gravest, and stays short.", () => {
    const many = Array.from({ length: 500 }, (_, n) => {
      const fields = { alertId: `acw:A${n}:1`, subjectName: `Agente ${"ñ".repeat(240)}` };
      return sampleChange(n === 400 ? "escalated" : "fired", T0, fields);
    });
    const { subject, lines } = textOf(many);
    expect(subject).toBe("500 alerts: Critical 1, Warning 499");
    expect([lines.length, lines[0]?.startsWith("Critical"), lines.at(-1)]).toEqual([13, true, "… 488 more"]);
    expect(new TextEncoder().encode(lines.join("\n")).length).toBeLessThan(4_000);
  });

  test("A resolved alert has no figures, also when its rule was deleted.", () => {
    const outbox = new Outbox([TEAMS], null);
    outbox.addChanges([sampleChange("fired", T0)], T0);
    outbox
      .dueMessages(T0 + MINUTE, 1)
      .map(({ messageId }) => outbox.noteAnswer(messageId, { type: "delivered" }, T0 + MINUTE, 0));
    outbox.addChanges([{ ...sampleChange("resolved", T0 + MINUTE), rule: null }], T0 + MINUTE);
    const [message] = outbox.dueMessages(T0 + 2 * MINUTE, 1);
    expect(message && messageText(message, TEAMS, MEXICO).subject).toBe("Resolved · Ana López: The rule was deleted · 04:01");
  });

  test("A test message says that nothing happened.", () => {
    expect([testText("en").subject, testText("es").subject]).toEqual([
      "Test message from Vigía. Nothing happened.",
      "Alerta de prueba de Vigía. No pasó nada.",
    ]);
  });
});
