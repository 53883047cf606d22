import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { optionalColumns } from "../../../dashboard/board/columns/column-keys.ts";
import { STANDARD_RULES } from "../../../dashboard/board/model/rules-answer.ts";
import { AgentCells } from "../../../dashboard/board/parts/AgentRow.tsx";
import { BoardClock } from "../../../dashboard/board/parts/board-clock.ts";
import { BoardContext } from "../../../dashboard/board/parts/board-context.ts";
import { createText, type Locale } from "../../../dashboard/board/text/text.ts";
import { createFakeAgentClient } from "../../../dashboard/client/testing.ts";
import { anAgent } from "./an-agent.ts";

type Shown = Parameters<typeof anAgent>[0];

/** Returns the sentiment cell of a row. */
function cell(agent: Shown, locale: Locale = "en"): string {
  const board = {
    clock: new BoardClock(createFakeAgentClient()),
    text: createText(locale),
    rules: STANDARD_RULES,
  };
  return renderToString(
    <BoardContext.Provider value={board}>
      <AgentCells
        agent={anAgent({ agentId: "a", status: "on a call", ...agent })}
        alerts={[]}
        columns={optionalColumns(["sentiment"])}
      />
    </BoardContext.Provider>,
  );
}

describe("The row of a call that nobody listens to", () => {
  it.each([
    ["lost", "No data", "No transcription data", "Sin datos"],
    ["failed", "Failed", "Transcription failed", "Falló"],
    ["off", "Off", "Not transcribed", "Apagada"],
  ] as const)("says so in place of a score when its transcription is %s.", (transcription, short, words, spanish) => {
    const html = cell({ transcription });
    expect(html).toContain(`>${short}<`);
    expect(html).toContain(`title="${words}"`);
    expect(cell({ transcription }, "es-MX")).toContain(`>${spanish}<`);
  });

  it("keeps the score that is known, with a mark that a screen reader reads.", () => {
    const html = cell({ transcription: "lost", sentimentScore: 2.5, trend: [{ at: 0, score: 2.5 }] });
    expect(html).toContain("+2.5");
    expect(html).toContain("No transcription data");
    expect(html).not.toContain(">No data<");
  });

  it.each(["live", null] as const)("has no mark when its transcription is %s.", (transcription) => {
    expect(cell({ transcription })).toContain("—");
    expect(cell({ transcription })).not.toContain("vg-unheard");
  });
});
