import { afterEach, beforeEach, expect, test } from "vitest";
import type { Clock } from "../../../dashboard/client/contract.ts";
import { ClientFixture, NOW, until } from "./client-fixture.ts";

const HOUR_MS = 3_600_000;

let fixture: ClientFixture;
/** By how much somebody has set the machine's clock. Timers do not follow it. */
let setBy: number;

beforeEach(async () => {
  fixture = await ClientFixture.start();
  setBy = 0;
  const clock: Clock = {
    now: () => fixture.clock.now() + setBy,
    setTimeout: (callback, ms) => fixture.clock.setTimeout(callback, ms),
    clearTimeout: (handle) => fixture.clock.clearTimeout(handle),
  };
  fixture.create({ clock });
});
afterEach(async () => {
  await fixture.stop();
});

test("The time of the last message follows a clock that was set back.", async () => {
  await fixture.live();
  setBy = -2 * HOUR_MS;
  fixture.change(1, "a", "away");
  await until(() => expect(fixture.client.agent("a")?.status).toBe("away"));
  expect(fixture.client.connection().lastMessageAt).toBe(NOW + setBy);
});

test("A clock that was set forward buys no tickets in a row for a session that only seems to be over.", async () => {
  await fixture.live();
  const { tickets } = fixture;
  setBy = 2 * HOUR_MS;
  for (let answers = 1; answers <= 3; answers += 1) {
    fixture.hub.last.send({ type: "refreshed", sessionExpiresAt: NOW + 90_000 });
    // The change comes after the answer, so the client has read both.
    fixture.hub.last.send({ type: "transcript", contactId: `c${answers}`, turns: [], complete: true });
    const stop = fixture.client.watch(`c${answers}`, () => {});
    await until(() => expect(fixture.client.transcript(`c${answers}`).status).toBe("complete"));
    stop();
    fixture.clock.advance(1_000);
  }
  expect(fixture.tickets).toBe(tickets);
  fixture.clock.advance(8_000);
  await until(() => expect(fixture.tickets).toBe(tickets + 1));
});
