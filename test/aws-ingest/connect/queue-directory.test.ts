import { expect, test } from "vitest";
import { QueueDirectory } from "../../../aws-ingest/connect/queue-directory.ts";

const NOW = Date.UTC(2026, 10, 20, 12);
const HOUR_MS = 3_600_000;
const queue = (id: string) => ({ id, name: `Cola ${id}` });

test("The queues of a routing profile stay known while the profile is read again, and are posted when all are read.", () => {
  const directory = new QueueDirectory();
  const profiles = new Map([
    ["p1", "Ventas"],
    ["p2", "Soporte"],
  ]);
  directory.setProfiles(profiles, NOW);
  directory.setProfileQueues("p1", [queue("q1")]);
  expect([directory.profilesToPost(), directory.unreadProfiles()]).toEqual([null, ["p2"]]);
  directory.setProfileQueues("p2", [queue("q2")]);
  expect(directory.profilesToPost()).toMatchObject([{ queueIds: ["q1"] }, { queueIds: ["q2"] }]);
  directory.notePosted();
  expect([directory.profilesToPost(), directory.profilesDue(NOW + HOUR_MS - 1)]).toEqual([null, false]);
  expect(directory.profilesDue(NOW + HOUR_MS)).toBe(true);
  directory.setProfiles(profiles, NOW + HOUR_MS);
  // Without the right to list queues their names come from the profiles, also in a run that cannot read all of them.
  expect([...directory.names()]).toEqual([
    ["q1", "Cola q1"],
    ["q2", "Cola q2"],
  ]);
  expect([directory.profilesToPost(), directory.unreadProfiles()]).toEqual([null, ["p1", "p2"]]);
});

test("A queue that no list has makes the names be read again once, and a failed post does each time.", () => {
  const directory = new QueueDirectory();
  expect([directory.hasLists, directory.namesDue(NOW)]).toEqual([false, true]);
  const read = () => directory.setNames(new Map([["q1", "Ventas"]]), NOW);
  read();
  directory.noteQueue("q1");
  expect(directory.namesDue(NOW)).toBe(false);
  directory.noteQueue("agent-queue");
  expect(directory.namesDue(NOW)).toBe(true);
  read();
  directory.noteQueue("agent-queue");
  expect([directory.namesDue(NOW), directory.namesDue(NOW + HOUR_MS)]).toEqual([false, true]);
  directory.readNamesAgain();
  expect(directory.namesDue(NOW)).toBe(true);
});
