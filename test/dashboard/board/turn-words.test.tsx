import { renderToStaticMarkup } from "react-dom/server";
import { expect, test } from "vitest";
import { TurnWords } from "../../../dashboard/board/parts/TurnWords.tsx";

const TURN = { turnId: "t", role: "customer", beginMs: 0, endMs: 1, final: true, sentiment: null, occurredAt: 1 } as const;

test("A turn whose words were withheld says so, and a masked word says what it was.", () => {
  const withheld = renderToStaticMarkup(<TurnWords turn={{ ...TURN, text: "[PII]" }} />);
  expect(withheld).toContain("Words not shown");
  expect(withheld).not.toContain("PII");
  expect(renderToStaticMarkup(<TurnWords turn={{ ...TURN, text: "Soy [NAME]." }} />)).toMatch(/Soy .*name.*\./);
});
