import { renderToString } from "react-dom/server";
import { describe, expect, it } from "vitest";
import { AgentBoard } from "../../../dashboard/board/AgentBoard.tsx";
import { type Locale, loadWords } from "../../../dashboard/board/text/text.ts";
import { createFakeAgentClient } from "../../../dashboard/client/testing.ts";

describe("On a server", () => {
  it("the board renders without a browser, in the wanted language.", () => {
    const html = renderToString(<AgentBoard client={createFakeAgentClient()} locale="es-MX" title="Centro México" />);
    expect(html).toContain("Centro México");
    expect(html).toContain("Timbrando");
    expect(html).toContain('lang="es-MX"');
  });

  it.each([
    ["es", "es-MX"],
    ["es-419", "es-MX"],
    ["en-GB", "en"],
    ["fr", "en"],
  ])("a page without types that asks for %s gets the nearest of its languages, %s.", (asked, shown) => {
    const locale: Locale = JSON.parse(JSON.stringify(asked));
    const html = renderToString(<AgentBoard client={createFakeAgentClient()} locale={locale} />);
    expect(html).toContain(`lang="${shown}"`);
  });

  it("the words of the nearest language are loaded for a page without types.", async () => {
    const locale: Locale = JSON.parse('"pt-BR"');
    await expect(loadWords(locale)).resolves.toBeUndefined();
  });
});
