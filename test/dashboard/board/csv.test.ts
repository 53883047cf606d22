import { describe, expect, it } from "vitest";
import { AGENT_COLUMN, COLUMNS } from "../../../dashboard/board/columns/registry.tsx";
import { boardCsv } from "../../../dashboard/board/model/csv.ts";
import { csvText } from "../../../dashboard/board/model/csv-text.ts";
import { isoInZone } from "../../../dashboard/board/model/local-iso.ts";
import { createText, type Locale } from "../../../dashboard/board/text/text.ts";
import type { AgentView } from "../../../dashboard/client/contract.ts";
import { anAgent, NOON } from "./an-agent.ts";

function csv(locale: Locale, change: Partial<AgentView> = {}, timeZone = "America/Mexico_City"): string[][] {
  const input = { agents: [anAgent(change)], columns: [AGENT_COLUMN, ...COLUMNS], alerts: new Map(), now: NOON };
  return boardCsv({ ...input, text: createText(locale), timeZone })
    .slice(1)
    .trimEnd()
    .split("\r\n")
    .map((line) => line.split(","));
}

/** What a spreadsheet finds in the only cell. */
function cell(text: string): string {
  const written = csvText([[text]]).slice(1, -2);
  return written.startsWith('"') ? written.slice(1, -1).replaceAll('""', '"') : written;
}

const FORMULA = "HYPERLINK(A1)";
const BEFORE = [
  "",
  " ",
  "\u00A0",
  "\u3000",
  "\u200B",
  "\u200D",
  "\u2060",
  "\uFEFF",
  "\u202E",
  "\u00AD",
  "\u180E",
  "\t",
  "\r",
  "\n",
  "\0",
];
const SIGNS = ["=", "+", "-", "@", "\uFF1D", "\uFF0B", "\uFF0D", "\uFF20", "\uFE66", "\uFE62", "\uFE63", "\u2212"];

describe("A CSV file", () => {
  it("has no text that a spreadsheet runs, whatever stands before the sign.", () => {
    for (const before of [...BEFORE, ...BEFORE.map((each) => `${each} \u200B${each}`)]) {
      for (const sign of SIGNS) {
        const payload = `${before}${sign}${FORMULA}`;
        expect(cell(payload), JSON.stringify(payload)).toBe(`'${payload}`);
      }
    }
    for (const start of ["\t", "\r", "\n"]) expect(cell(`${start}1`)).toBe(`'${start}1`);
  });

  it("has no text that runs where a spreadsheet splits the text at semicolons.", () => {
    for (const before of BEFORE) {
      for (const sign of SIGNS) {
        const payload = `Ana;${before}${sign}${FORMULA};b`;
        const pieces = cell(payload).split(";");
        expect(pieces[1], JSON.stringify(payload)).toMatch(/^[\t\r\n]*'/);
        expect(pieces[0] + (pieces[2] ?? ""), JSON.stringify(payload)).toBe("Anab");
      }
    }
    expect(cell("Angry now; fell 6.2; on hold > 3 min")).toBe("Angry now; fell 6.2; on hold > 3 min");
  });

  it("leaves names and numbers as they are.", () => {
    for (const text of ["Ana", "", "0", "-2.5", "1234", "a=b", "Ruiz-Soto", "ana@example.com", "Ñandú"])
      expect(cell(text)).toBe(text);
  });

  it("keeps a cell whole for a spreadsheet that splits at semicolons or tabs.", () => {
    expect(csvText([["a;b", "c\td", 'e"f']])).toBe('\uFEFF"a;b","c\td","e""f"\r\n');
  });

  it("always has the whole path of the team, once, and the start of the status on the center's clocks.", () => {
    const [head, line] = csv("en", { groups: ["Ventas", "Ventas MX"], since: NOON - 61_500 });
    expect(head?.slice(0, 3)).toEqual(["Agent ID", "Agent", "Team"]);
    expect(head?.at(-1)).toBe("Status since (America/Mexico_City)");
    expect(head).not.toContain("Groups");
    expect(line?.slice(0, 3)).toEqual(["a", "Ana", "Ventas · Ventas MX"]);
    expect(line?.at(-1)).toBe("2026-01-05T11:58:58-06:00");
  });

  it("has one language, with numbers that every language reads.", () => {
    const [head, line] = csv("es-MX", { channel: "task", status: "on a contact", sentimentScore: -2.5 });
    const words = [...(head ?? []), ...(line ?? [])].join(" ");
    expect(words).not.toMatch(/agentId|since|Agent |Team|task|voice/);
    expect(line).toContain("Tarea");
    expect(line).toContain("-2.5");
  });
});

describe("A local time", () => {
  it("says how far the zone's clocks are from UTC, in summer and in winter.", () => {
    expect(isoInZone(Date.UTC(2026, 6, 1, 12), "America/Tijuana")).toBe("2026-07-01T05:00:00-07:00");
    expect(isoInZone(Date.UTC(2026, 0, 1, 12), "America/Tijuana")).toBe("2026-01-01T04:00:00-08:00");
    expect(isoInZone(Date.UTC(2026, 0, 1, 0), "UTC")).toBe("2026-01-01T00:00:00+00:00");
    expect(isoInZone(Date.UTC(2026, 0, 1, 0), "Asia/Kolkata")).toBe("2026-01-01T05:30:00+05:30");
    expect(isoInZone(Date.UTC(2026, 0, 1, 0), "No/Such")).toBe("2026-01-01T00:00:00+00:00");
  });
});
