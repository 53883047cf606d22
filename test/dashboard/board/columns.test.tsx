import { renderToString } from "react-dom/server";
import { describe, expect, it, vi } from "vitest";
import { AgentBoard } from "../../../dashboard/board/AgentBoard.tsx";
import type { OptionalColumn } from "../../../dashboard/board/columns/column.ts";
import {
  type ColumnKey,
  columnOf,
  OPTIONAL_KEYS,
  optionalColumns,
  optionalKeyFor,
} from "../../../dashboard/board/columns/column-keys.ts";
import { boardCsv } from "../../../dashboard/board/model/csv.ts";
import { listView } from "../../../dashboard/board/model/list-view.ts";
import { readPreferences } from "../../../dashboard/board/model/preferences.ts";
import { shownAgents } from "../../../dashboard/board/model/rows.ts";
import { viewFromQuery, viewToQuery } from "../../../dashboard/board/model/view-query.ts";
import { AgentCells } from "../../../dashboard/board/parts/AgentRow.tsx";
import { createText, LOCALES } from "../../../dashboard/board/text/text.ts";
import { createFakeAgentClient } from "../../../dashboard/client/testing.ts";
import { anAgent, NOON } from "./an-agent.ts";

// A copy of the registry with one column more. All other files are the ones that run in production.
vi.mock("../../../dashboard/board/columns/registry.tsx", async (importOriginal) => {
  const original = await importOriginal<typeof import("../../../dashboard/board/columns/registry.tsx")>();
  const { byText } = await import("../../../dashboard/board/columns/column.ts");
  const contact: OptionalColumn = {
    key: "contact",
    formerKeys: ["call-id"],
    heading: "call.transcript",
    width: { least: 123 },
    shownAtStart: false,
    comparison: byText((agent) => agent.contactId),
    csvValue: (agent) => agent.contactId ?? "",
    Cell: ({ agent }) => <td>The contact is {agent.contactId}</td>,
  };
  return { ...original, COLUMNS: [...original.COLUMNS, contact] };
});

const agents = [
  anAgent({ agentId: "a", name: "Ana", contactId: "c-2" }),
  anAgent({ agentId: "b", name: "Beto", contactId: "c-1" }),
];

/** The key of the added column, which the compiler does not know. */
function addedKey() {
  const key = optionalKeyFor("contact");
  if (key === null) throw new Error("The copy of the registry has no column for contacts.");
  return key;
}

describe("A column that is added to the registry", () => {
  it("is read from the address and from saved views, by its key or a former key.", () => {
    const view = viewFromQuery(new URLSearchParams("cols=time+call-id&sort=-contact"));
    expect(view.columns).toEqual(["time", "contact"]);
    expect(view.sort).toEqual({ column: "contact", descending: true });
    expect(viewToQuery(view, new URLSearchParams()).toString()).toBe("sort=-contact&cols=time+contact");
    const kept = JSON.stringify({ views: [{ name: "Ids", query: "cols=call-id" }] });
    expect(readPreferences(kept).views).toEqual([{ name: "Ids", query: "cols=contact" }]);
  });

  it("sorts the agents.", () => {
    const view = listView(viewFromQuery(new URLSearchParams("sort=contact")));
    const shown = shownAgents({
      agents,
      view,
      alerts: new Map(),
      attention: new Map(),
      profiles: new Map(),
      text: createText("en"),
    });
    expect(shown.map((agent) => agent.agentId)).toEqual(["b", "a"]);
  });

  it("is in the CSV file and in the list of the column menu.", () => {
    const csv = boardCsv({
      agents,
      columns: [columnOf(addedKey())],
      alerts: new Map(),
      text: createText("en"),
      now: NOON,
      timeZone: "UTC",
    });
    expect(csv.split("\r\n").slice(0, 2)).toEqual([
      "\uFEFFAgent ID,Transcript,Team,Status since (UTC)",
      `a,c-2,,${new Date(agents[0]?.since ?? 0).toISOString().replace(/\.\d+Z/, "+00:00")}`,
    ]);
    expect(OPTIONAL_KEYS).toContain("contact");
  });

  it("has its heading, its width and its cells in the table.", () => {
    const view = viewFromQuery(new URLSearchParams("cols=contact"));
    const board = renderToString(<AgentBoard client={createFakeAgentClient()} view={view} />);
    expect(board).toMatch(/<th scope="col">(?:(?!<\/th>).)*Transcript/);
    expect(board).toContain("--vg-least:123px");
    const [agent] = agents;
    if (agent === undefined) throw new Error("No agent.");
    const cells = renderToString(<AgentCells agent={agent} alerts={[]} columns={optionalColumns(view.columns)} />);
    expect(cells.replaceAll("<!-- -->", "")).toBe("<td>The contact is c-2</td>");
  });
});

describe("Every column of the registry", () => {
  it("has a key of its own and a heading in every language.", () => {
    const keys: ColumnKey[] = ["agent", ...OPTIONAL_KEYS];
    expect(new Set(keys).size).toBe(keys.length);
    for (const locale of LOCALES) {
      const headings = keys.map((key) => createText(locale).text(columnOf(key).heading));
      expect(new Set(headings).size).toBe(keys.length);
    }
  });
});
