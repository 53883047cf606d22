import { runInDurableObject } from "cloudflare:test";
import { Webhook } from "standardwebhooks";
import { describe, expect, test } from "vitest";
import { WallClock } from "../../../core/alerts/quiet-hours.ts";
import { AlertDelivery } from "../../../worker/alerts/alert-delivery.ts";
import { MessageSender } from "../../../worker/alerts/message-sender.ts";
import { OutboxTable } from "../../../worker/alerts/outbox-table.ts";
import { parseDeliveryTargets } from "../../../worker/alerts/target-settings.ts";
import { Sql } from "../../../worker/sql.ts";
import { sampleChange } from "../../core/alerts/sample-changes.ts";
import { center, freshInstance } from "../support.ts";
import { answerFrom, messagesTo, receiver } from "./received.ts";

const SECRET = "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==";
const T0 = 1_795_000_000_000;
const MINUTE = 60_000;

/** A delivery over the storage of a real object, with a clock that the test moves. */
class Stage {
  now = T0;
  wakes: number[] = [];
  delivery: AlertDelivery;
  failStorage = false;
  readonly #state: DurableObjectState;
  readonly #targets: object;

  constructor(state: DurableObjectState, targets: object) {
    this.#state = state;
    this.#targets = targets;
    this.delivery = this.restart();
  }

  /** As a new process: memory is lost, and what is open has no answer. */
  restart(): AlertDelivery {
    const parsed = parseDeliveryTargets(JSON.stringify(this.#targets), true);
    if (!parsed.ok) throw new Error(parsed.problem);
    const clock = new WallClock("UTC");
    const sender = new MessageSender({
      instanceId: "i1",
      centerName: null,
      boardUrl: null,
      clock,
      allowLoopback: true,
      mail: null,
      timeoutMs: 250,
    });
    const table = new OutboxTable(new Sql(this.#state.storage.sql));
    const made: AlertDelivery = new AlertDelivery("i1", parsed.targets, table, sender, {
      now: () => this.now,
      wakeBy: (at) => at !== null && this.wakes.push(at),
      transaction: (change) => {
        try {
          this.#state.storage.transactionSync(() => {
            change();
            if (this.failStorage) throw new Error("SQLITE_FULL");
          });
          return true;
        } catch {
          made.restore();
          return false;
        }
      },
    });
    this.delivery = made;
    return made;
  }

  fire(alertId: string, fields: Parameters<typeof sampleChange>[2] = {}): void {
    this.#state.storage.transactionSync(() => {
      this.delivery.noteChanges([sampleChange("fired", this.now, { alertId, ...fields })], this.now);
    });
  }

  /** Sends all that is due until then. */
  async passTime(until: number): Promise<void> {
    for (let at = this.delivery.nextWake(); at !== null && at <= until; at = this.delivery.nextWake()) {
      this.now = Math.max(this.now, at);
      await this.delivery.sendDue();
    }
    this.now = until;
  }

  rows(): number {
    const count = (table: string) => this.#state.storage.sql.exec<{ n: number }>(`SELECT count(*) AS n FROM ${table}`).one().n;
    return count("alert_lanes") + count("alert_notes") + count("alert_open");
  }
}

function onStage(targets: object, run: (stage: Stage, state: DurableObjectState) => Promise<void>): Promise<void> {
  return runInDurableObject(center(freshInstance()), (_, state) => run(new Stage(state, targets), state));
}

const slack = (url: string) => ({ kind: "slack", url });

describe("The delivery of alerts", () => {
  test("OUT-2 A message goes 5 s after its alert, under an id that stays the same over attempts and restarts.", async () => {
    const { url, name } = receiver("broken");
    await onStage({ hook: { kind: "webhook", url, secret: SECRET } }, async (stage) => {
      stage.fire("acw:A1:1");
      expect(stage.delivery.nextWake()).toBe(T0 + 5_000);
      await stage.passTime(T0 + 6_000);
      stage.restart();
      await stage.passTime(T0 + MINUTE);
      await answerFrom(name, "ok");
      stage.restart();
      await stage.passTime(T0 + 60 * MINUTE);
      const got = await messagesTo(name);
      expect(got.length).toBeGreaterThan(2);
      expect(new Set(got.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
      expect(new Set(got.map(({ body }) => body)).size).toBe(1);
      const last = got.at(-1);
      expect(new Webhook(SECRET).verify(last?.body ?? "", last?.headers ?? {})).toMatchObject({ type: "alert.fired" });
      expect(stage.delivery.nextWake()).toBeNull();
      expect(stage.delivery.counters).toMatchObject({ alertMessagesDelivered: 1 });
    });
  });

  test("OUT-2 A process that ends between the attempt and its answer repeats the attempt, with the same id.", async () => {
    const { url, name } = receiver("slow");
    await onStage({ hook: { kind: "webhook", url, secret: SECRET } }, async (stage) => {
      stage.fire("acw:A1:1");
      stage.now = T0 + 5_000;
      const lost = stage.delivery;
      const sending = lost.sendDue();
      // The alarm is set before the request has an answer.
      expect(stage.wakes.at(-1)).toBe(T0 + 20_000);
      stage.restart();
      expect(stage.delivery.nextWake()).toBe(T0 + 5_000);
      await answerFrom(name, "ok");
      await stage.passTime(T0 + MINUTE);
      await sending;
      const ids = (await messagesTo(name)).map(({ headers }) => headers["webhook-id"]);
      expect(ids.length).toBe(2);
      expect(new Set(ids).size).toBe(1);
    });
  });

  test("OUT-3 500 alerts in a minute are one digest for each target, also when the process ends in the middle.", async () => {
    const [a, b] = [receiver("ok"), receiver("accepted")];
    await onStage({ a: { kind: "webhook", url: a.url, secret: SECRET }, b: { kind: "teams", url: b.url } }, async (stage) => {
      for (let n = 0; n < 500; n += 1) {
        stage.now = T0 + n * 100;
        stage.fire(`acw:A${n}:1`);
        if (n % 100 === 50) stage.restart();
      }
      await stage.passTime(T0 + 5 * MINUTE);
      const digests = await messagesTo(a.name);
      const singles = digests.filter(({ body }) => body.includes('"alert.fired"'));
      expect(digests.filter(({ body }) => body.includes('"alert.digest"'))).toHaveLength(1);
      expect(singles.length + (await messagesTo(b.name)).length).toBeLessThanOrEqual(12);
      const alerts = digests.flatMap(({ body }): { alertId: string }[] => JSON.parse(body).data.alerts);
      expect(new Set(alerts.map(({ alertId }) => alertId)).size).toBe(500);
      expect(alerts).toHaveLength(500);
    });
  });

  test("OUT-9 A target that hangs delays no other, and at most four requests are open at once.", async () => {
    const hanging = Array.from({ length: 6 }, () => receiver("hang"));
    const fine = receiver("ok");
    const targets = Object.fromEntries(hanging.map(({ url }, index) => [`hang-${index}`, slack(url)]));
    await onStage({ ...targets, zz: slack(fine.url) }, async (stage) => {
      stage.fire("acw:A1:1");
      stage.now = T0 + 5_000;
      const sending = stage.delivery.sendDue();
      const wakes = stage.wakes.length;
      await stage.delivery.sendDue();
      // A second run starts nothing while all connections are used, and asks for no alarm at once.
      expect(stage.wakes.slice(wakes).every((at) => at > stage.now)).toBe(true);
      await sending;
      expect(await messagesTo(fine.name)).toHaveLength(1);
      for (const { name } of hanging) expect(await messagesTo(name)).toHaveLength(1);
      stage.fire("acw:A2:1");
      await stage.passTime(T0 + 11_000);
      expect((await messagesTo(fine.name)).length).toBe(2);
    });
  });

  test("OUT-7 A receiver that is gone stops its target, and a test that works starts it again.", async () => {
    const { url, name } = receiver("gone");
    await onStage({ slack: slack(url) }, async (stage) => {
      stage.fire("acw:A1:1");
      await stage.passTime(T0 + 50 * MINUTE);
      expect(await messagesTo(name)).toHaveLength(1);
      expect(stage.delivery.figures(stage.now)).toEqual({ alertTargets: 1, alertTargetsStopped: 1, oldestAlertSeconds: 3_000 });
      expect(await stage.delivery.sendTest("slack")).toMatchObject({ answer: { delivered: false, status: 410 } });
      expect(await stage.delivery.sendTest("slack")).toEqual({ type: "too_many_requests", retryAfterSeconds: 5 });
      await answerFrom(name, "ok");
      stage.now += 10_000;
      expect(await stage.delivery.sendTest("slack")).toMatchObject({ answer: { delivered: true } });
      await stage.passTime(T0 + 51 * MINUTE);
      const got = await messagesTo(name);
      expect(got).toHaveLength(4);
      // The target wants no names.
      expect(got.at(-1)?.body).toContain("Warning · An agent: after-contact work");
      expect(stage.delivery.figures(stage.now)).toMatchObject({ alertTargetsStopped: 0, oldestAlertSeconds: 0 });
    });
  });

  test("OUT-10 When the storage takes nothing, nothing is sent for a minute, and nothing is lost.", async () => {
    const { url, name } = receiver("ok");
    await onStage({ slack: slack(url) }, async (stage) => {
      stage.fire("acw:A1:1");
      stage.now = T0 + 5_000;
      stage.failStorage = true;
      await stage.delivery.sendDue();
      expect(await messagesTo(name)).toHaveLength(0);
      expect(stage.delivery.nextWake()).toBe(T0 + 65_000);
      stage.failStorage = false;
      await stage.passTime(T0 + 70_000);
      expect(await messagesTo(name)).toHaveLength(1);
    });
  });

  test("OUT-11 Everything that was stored about a person goes with the message about the end of the alert.", async () => {
    const { url } = receiver("ok");
    await onStage({ slack: slack(url) }, async (stage, state) => {
      stage.fire("acw:A1:1");
      const [note] = state.storage.sql.exec("SELECT agent_id, contact_id FROM alert_notes").toArray();
      expect(note).toEqual({ agent_id: "A1", contact_id: null });
      await stage.passTime(T0 + 2 * MINUTE);
      state.storage.transactionSync(() =>
        stage.delivery.noteChanges([sampleChange("resolved", stage.now, { alertId: "acw:A1:1" })], stage.now),
      );
      await stage.passTime(T0 + 10 * MINUTE);
      stage.restart();
      // One row says how many messages the target got lately.
      expect(stage.rows()).toBe(1);
    });
  });

  test("OUT-11 What waits for a target that left the settings is deleted.", async () => {
    const { url } = receiver("ok");
    await onStage({ slack: slack(url) }, async (stage, state) => {
      stage.fire("acw:A1:1");
      expect(stage.rows()).toBe(3);
      const other = new Stage(state, { other: slack(url) });
      expect([other.rows(), other.delivery.nextWake()]).toEqual([0, null]);
    });
  });

  test("OUT-11 Unreadable and erased rows are left out, and the rest is delivered.", async () => {
    const { url, name } = receiver("ok");
    await onStage({ hook: { kind: "webhook", url, secret: SECRET } }, async (stage, state) => {
      for (const agent of ["A1", "A2", "A3", "A4", "A5", "A6", "A7"])
        stage.fire(`acw:${agent}:1`, { subject: { agentId: agent } });
      state.storage.sql.exec("UPDATE alert_notes SET note = '{' WHERE agent_id = 'A2'");
      state.storage.sql.exec("DELETE FROM alert_notes WHERE agent_id = 'A5'");
      state.storage.sql.exec("DELETE FROM alert_open WHERE agent_id = 'A5'");
      stage.restart();
      await stage.passTime(T0 + 2 * MINUTE);
      const alerts = (await messagesTo(name)).flatMap(({ body }): { alertId: string }[] => JSON.parse(body).data.alerts);
      expect(alerts.map(({ alertId }) => alertId)).toEqual(["A1", "A3", "A4", "A6", "A7"].map((agent) => `acw:${agent}:1`));
    });
  });
});
