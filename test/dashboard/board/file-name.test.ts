import { expect, test } from "vitest";
import { csvFileName } from "../../../dashboard/board/model/file-name.ts";

const NOW = Date.UTC(2026, 0, 5, 15);

test("The name of a file has the center's name, of which only letters and digits stay.", () => {
  expect(csvFileName("Ventas México", NOW)).toBe("vigia-Ventas-México-2026-01-05T150000000Z.csv");
  expect(csvFileName("../a\\b: <c>?*", NOW)).toBe("vigia-a-b-c-2026-01-05T150000000Z.csv");
  expect(csvFileName("", NOW)).toBe("vigia-2026-01-05T150000000Z.csv");
  expect(csvFileName(" … ", NOW)).toBe("vigia-2026-01-05T150000000Z.csv");
});
