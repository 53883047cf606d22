import { expect, test } from "vitest";
import { csvFileName } from "../../../dashboard/board/model/file-name.ts";

const NOW = Date.UTC(2026, 0, 5, 15);
const ZONE = "America/Mexico_City";

test("The name of a file has the center's name, of which only letters and digits stay.", () => {
  expect(csvFileName("Ventas México", NOW, ZONE)).toBe("vigia-Ventas-México-2026-01-05-090000.csv");
  expect(csvFileName("../a\\b: <c>?*", NOW, ZONE)).toBe("vigia-a-b-c-2026-01-05-090000.csv");
  expect(csvFileName("", NOW, ZONE)).toBe("vigia-2026-01-05-090000.csv");
  expect(csvFileName(" … ", NOW, ZONE)).toBe("vigia-2026-01-05-090000.csv");
});
