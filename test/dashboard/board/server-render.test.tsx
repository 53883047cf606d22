import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { AgentBoard } from "../../../dashboard/board/AgentBoard.tsx";
import { createFakeAgentClient } from "../../../dashboard/client/testing.ts";

describe("On a server", () => {
  it("the board renders without a browser, in the wanted language.", () => {
    const html = renderToString(<AgentBoard client={createFakeAgentClient()} locale="es-MX" title="Centro México" />);
    expect(html).toContain("Centro México");
    expect(html).toContain("Timbrando");
    expect(html).toContain('lang="es-MX"');
  });
});
