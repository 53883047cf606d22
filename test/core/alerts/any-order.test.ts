import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AlertChange } from "../../../core/alerts/alert-change.ts";
import type { AlertEngine } from "../../../core/alerts/alert-engine.ts";
import { type Facts, subjectKey, subjectOf } from "../../../core/alerts/facts.ts";
import {
  agentFacts,
  contactFacts,
  engineOf,
  MINUTE,
  post,
  queueFacts,
  rulesOf,
  SECOND,
  scored,
  T0,
  throughJson,
} from "./sample-facts.ts";

const RULES = rulesOf(
  { id: "acw", watch: "statusTime", statuses: ["after call work"], warning: 60, critical: 150, cooldownSeconds: 90 },
  { id: "held", watch: "statusTime", warning: 45, forSeconds: 30, cooldownSeconds: 30 },
  { id: "quiet", watch: "statusTime", critical: 30, quietHours: [{ from: "10:03", to: "10:06" }] },
  { id: "missed", watch: "missedInRow", warning: 1, critical: 2, forSeconds: 20 },
  { id: "silent", watch: "agentSilence", warning: 100, critical: 200 },
  { id: "low", watch: "sentimentRecent", warning: -1, critical: -3, forSeconds: 10, cooldownSeconds: 40 },
  { id: "lost", watch: "transcriptionLost", warning: 20, critical: 80 },
  { id: "waiting", watch: "queueWaiting", warning: 2, critical: 4, forSeconds: 15, cooldownSeconds: 60 },
  { id: "empty", watch: "queueUnattended", warning: 30 },
  { id: "feed", watch: "feedSilence", warning: 60, critical: 150 },
);

type Maker = (at: number) => Facts;

const status = fc.constantFrom("available" as const, "after call work" as const, "missed" as const, "offline" as const);
const ago = fc.integer({ min: 0, max: 200 }).map((n) => n * SECOND);

const agentMaker: fc.Arbitrary<Maker> = fc
  .record({
    agentId: fc.constantFrom("A1", "A2"),
    status,
    ago,
    gone: fc.integer({ min: 0, max: 9 }),
    missed: fc.integer({ min: 0, max: 3 }),
  })
  .map(({ agentId, status, ago, gone, missed }) => (at) => ({
    ...agentFacts(at, { agentId, status, since: at - ago }, missed),
    ...(gone === 0 ? { row: null } : {}),
  }));
const contactMaker: fc.Arbitrary<Maker> = fc
  .record({ recent: fc.integer({ min: -5, max: 1 }), going: fc.boolean(), lost: fc.boolean() })
  .map(
    ({ recent, going, lost }) =>
      (at) =>
        going ? { ...scored(at, { recent }), transcription: lost ? "lost" : "live" } : contactFacts(at, { going }),
  );
const queueMaker: fc.Arbitrary<Maker> = fc
  .record({ waiting: fc.integer({ min: 0, max: 5 }), available: fc.integer({ min: 0, max: 1 }) })
  .map((fields) => (at) => queueFacts(at, fields));
const maker = fc.oneof(agentMaker, contactMaker, queueMaker, fc.constant<Maker>(post));

interface Step {
  at: number;
  facts: Facts[];
}

/** News that comes in batches over a quarter of an hour. Some of it confirms less than the present. */
const steps: fc.Arbitrary<Step[]> = fc
  .array(
    fc.record({
      wait: fc.integer({ min: 0, max: 120 }),
      batch: fc.array(fc.tuple(maker, fc.integer({ min: 0, max: 20 })), { maxLength: 4 }),
    }),
    {
      minLength: 1,
      maxLength: 12,
    },
  )
  .map((list) => {
    let at = T0;
    return list.map(({ wait, batch }) => {
      at += wait * SECOND;
      return { at, facts: batch.map(([make, late]) => make(at - late * SECOND)) };
    });
  });

const END = T0 + 40 * MINUTE;

function run(list: readonly Step[], engine = engineOf(RULES)): { changes: AlertChange[]; engine: AlertEngine } {
  const changes = list.flatMap(({ at, facts }) => engine.applyFacts(facts, at));
  return { changes: [...changes, ...engine.advance(END)], engine };
}

function inOneOrder(changes: readonly AlertChange[]): string[] {
  return changes.map((change) => JSON.stringify(change)).sort();
}

describe("The alerts", () => {
  test("ALR-7 do not depend on the order of facts within one batch, nor on repetitions.", () => {
    fc.assert(
      fc.property(steps, fc.infiniteStream(fc.nat()), (list, numbers) => {
        const shuffled = list.map(({ at, facts }) => {
          const twice = [...facts, ...facts].map((fact) => ({ fact, rank: numbers.next().value ?? 0 }));
          return { at, facts: twice.sort((a, b) => a.rank - b.rank).map(({ fact }) => fact) };
        });
        const [one, other] = [run(list), run(shuffled)];
        expect(other.changes).toEqual(one.changes);
        expect(other.engine.firing()).toEqual(one.engine.firing());
      }),
      { numRuns: 150 },
    );
  });

  test("ALR-7 do not depend on the steps in which time passes.", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.integer({ min: 0, max: 1200 }), { maxLength: 20 }), (list, looks) => {
        const more = looks.map((second) => ({ at: T0 + second * SECOND, facts: [] }));
        // A look in the middle of a second changes nothing either.
        const mixed = [...list, ...more].sort((a, b) => a.at - b.at);
        expect(inOneOrder(run(mixed).changes)).toEqual(inOneOrder(run(list).changes));
      }),
      { numRuns: 150 },
    );
  });

  test("ALR-7 do not depend on restarts at any step.", () => {
    fc.assert(
      fc.property(steps, (list) => {
        let engine = engineOf(RULES);
        const changes: AlertChange[] = [];
        for (const { at, facts } of list) {
          changes.push(...engine.applyFacts(facts, at));
          engine = engineOf(RULES, throughJson(engine.stored()), [...engine.facts()]);
        }
        changes.push(...engine.advance(END));
        expect(inOneOrder(changes)).toEqual(inOneOrder(run(list).changes));
      }),
      { numRuns: 150 },
    );
  });

  test("ALR-1 fire once and resolve once for each breach, and what fires is what has not resolved.", () => {
    fc.assert(
      fc.property(steps, (list) => {
        const { changes, engine } = run(list);
        const open = new Map<string, string>();
        for (const { type, alert } of changes) {
          const key = `${alert.rule} ${JSON.stringify(alert.subject)}`;
          if (type === "fired") {
            expect(open.has(key), key).toBe(false);
            open.set(key, alert.alertId);
          } else {
            expect(open.get(key), type).toBe(alert.alertId);
            if (type === "resolved") open.delete(key);
          }
        }
        expect(engine.firing().map(({ alertId }) => alertId)).toEqual([...open.values()].sort());
      }),
      { numRuns: 150 },
    );
  });

  test("ALR-2 that follow from time alone end alike in every order of the posts.", () => {
    const rules = rulesOf({ id: "acw", watch: "statusTime", statuses: ["after call work"], warning: 60, critical: 150 });
    const news = fc.array(fc.tuple(agentMaker, fc.integer({ min: 0, max: 100 })), { minLength: 1, maxLength: 8 });
    fc.assert(
      fc.property(news, fc.infiniteStream(fc.nat()), (made, numbers) => {
        const facts = made
          .map(([make, second]) => make(T0 + second * SECOND))
          .filter(
            (fact, index, all) =>
              all.findIndex(
                (other) => subjectKey(subjectOf(other)) === subjectKey(subjectOf(fact)) && other.confirmedAt === fact.confirmedAt,
              ) === index,
          );
        const firing = (order: readonly Facts[]) => {
          const engine = engineOf(rules);
          for (const fact of order) engine.applyFacts([fact], T0 + 100 * SECOND);
          return engine.firing();
        };
        const shuffled = facts.map((fact) => ({ fact, rank: numbers.next().value ?? 0 })).sort((a, b) => a.rank - b.rank);
        expect(firing(shuffled.map(({ fact }) => fact))).toEqual(firing(facts));
      }),
      { numRuns: 150 },
    );
  });
});
