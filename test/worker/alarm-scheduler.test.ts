import { runInDurableObject } from "cloudflare:test";
import { expect, it } from "vitest";
import { AlarmScheduler } from "../../worker/alarm-scheduler.ts";
import { center, freshInstance } from "./support.ts";

/** Far enough ahead that no alarm runs during the test. */
const LATER = Date.now() + 86_400_000;

it("TIM-5 The alarm moves only to an earlier time, and each move is one write.", async () => {
  await runInDurableObject(center(freshInstance()), async (_, state) => {
    const moves: number[] = [];
    const storage = new Proxy(state.storage, {
      get: (target, key) =>
        key === "setAlarm"
          ? (at: number) => {
              moves.push(at - LATER);
              return target.setAlarm(at);
            }
          : Reflect.get(target, key).bind(target),
    });
    const alarms = new AlarmScheduler(storage);
    await alarms.load();
    alarms.wakeBy(null);
    expect(moves).toEqual([]);
    for (const at of [100, 100, 200, 50]) alarms.wakeBy(LATER + at);
    expect(moves).toEqual([100, 50]);
    // After its sleep the object reads the alarm that is set.
    const woken = new AlarmScheduler(storage);
    await woken.load();
    for (const at of [50, 60, 40]) woken.wakeBy(LATER + at);
    expect(moves).toEqual([100, 50, 40]);
    woken.alarmFired();
    woken.wakeBy(LATER + 500);
    expect(moves).toEqual([100, 50, 40, 500]);
    expect(await state.storage.getAlarm()).toBe(LATER + 500);
    await state.storage.deleteAlarm();
  });
});
