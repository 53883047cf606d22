import { expect, test } from "vitest";
import { DeletedUsers } from "../../../aws-ingest/connect/deleted-users.ts";

const NOW = 1_714_363_532_120;
const NEVER = new AbortController().signal;

/** Answers for these users only, and keeps whom it was asked about. */
function directory(existing: readonly string[]) {
  const asked: string[] = [];
  const userExists = async (userId: string) => {
    asked.push(userId);
    if (userId === "broken") throw new RangeError("no answer");
    return existing.includes(userId);
  };
  return { asked, userExists };
}

test("A user is deleted only if Amazon Connect says that there is none.", async () => {
  const { userExists } = directory(["ana"]);
  const found = await new DeletedUsers().findAmong(["ana", "beto", "carla"], userExists, NEVER, NOW);
  expect(found).toEqual({ deleted: ["beto", "carla"], failure: null });
});

test("An error ends the check, and what was found before it stays.", async () => {
  const { asked, userExists } = directory([]);
  const found = await new DeletedUsers().findAmong(["ana", "broken", "beto"], userExists, NEVER, NOW);
  expect([found, asked]).toEqual([{ deleted: ["ana"], failure: "RangeError" }, ["ana", "broken"]]);
});

test("Nobody is asked about when the time is up.", async () => {
  const { asked, userExists } = directory([]);
  expect(await new DeletedUsers().findAmong(["ana"], userExists, AbortSignal.abort(), NOW)).toEqual({
    deleted: [],
    failure: null,
  });
  expect(asked).toEqual([]);
});

test("A user who exists is asked about again after an hour, so that a later deletion is found.", async () => {
  const { asked, userExists } = directory(["ana"]);
  const users = new DeletedUsers();
  for (const minutes of [0, 1, 59, 60]) await users.findAmong(["ana"], userExists, NEVER, NOW + minutes * 60_000);
  expect(asked).toEqual(["ana", "ana"]);
});
