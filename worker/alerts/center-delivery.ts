import { WallClock } from "../../core/alerts/quiet-hours.ts";
import type { AlarmScheduler } from "../alarm-scheduler.ts";
import { centerFactsOf } from "../center-name.ts";
import type { Settings } from "../settings.ts";
import type { SqliteStore } from "../sqlite-store.ts";
import type { StorageGuard } from "../storage-guard.ts";
import { AlertDelivery } from "./alert-delivery.ts";
import { boardLink, targetsOf } from "./delivery-settings.ts";
import { mailBindingOf } from "./mail-sender.ts";
import { MessageSender } from "./message-sender.ts";

/** What the delivery of a contact center is made of. */
interface CenterParts {
  readonly instanceId: string;
  readonly settings: Settings;
  /** The bindings of the Worker. */
  readonly env: object;
  readonly store: SqliteStore;
  readonly guard: StorageGuard;
  readonly alarms: AlarmScheduler;
}

/** Makes the delivery of alerts of one contact center. */
export function makeDelivery({ instanceId, settings, env, store, guard, alarms }: CenterParts): AlertDelivery {
  const { delivery: deliverySettings, localMode } = settings;
  const sender = new MessageSender({
    instanceId,
    centerName: centerFactsOf(settings, instanceId).name,
    boardUrl: boardLink(deliverySettings.boardUrl, instanceId),
    clock: new WallClock(settings.timeZone),
    allowLoopback: localMode,
    mail: mailBindingOf(env),
  });
  const delivery: AlertDelivery = new AlertDelivery(instanceId, targetsOf(deliverySettings, instanceId), store.outbox, sender, {
    wakeBy: (at) => alarms.wakeForDeadline(at),
    transaction: (change) => {
      try {
        guard.transaction(Date.now(), change);
        return true;
      } catch {
        // The guard has logged why.
        delivery.restore();
        return false;
      }
    },
  });
  return delivery;
}
