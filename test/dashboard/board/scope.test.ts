import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { alertInScope } from "../../../dashboard/board/model/alert-scope.ts";
import type { BoardAlert } from "../../../dashboard/board/model/board-alert.ts";
import { readPreferences } from "../../../dashboard/board/model/preferences.ts";
import { chosenTeams, inScope, type ScopeChoice } from "../../../dashboard/board/model/scope.ts";
import {
  isWithin,
  type TeamPath,
  teamChoices,
  teamKey,
  teamName,
  teamPathOf,
  toggledTeam,
} from "../../../dashboard/board/model/team-path.ts";
import { createText } from "../../../dashboard/board/text/text.ts";
import { anAgent, anAlert } from "./an-agent.ts";

const { compare } = createText("es-MX");
const MEXICO_VENTAS: TeamPath = ["México", "Ventas"];

describe("A team", () => {
  it("has a text of its own, whatever is in the names.", () => {
    const paths = fc.array(fc.string({ unit: fc.constantFrom("a", "/", "\\", " ", "é", "\n"), minLength: 1 }), { maxLength: 4 });
    fc.assert(
      fc.property(paths, (path) => {
        expect(teamPathOf(teamKey(path))).toEqual(path);
      }),
    );
    expect(teamKey(MEXICO_VENTAS)).toBe("México/Ventas");
    expect(teamPathOf("/México//Ventas/")).toEqual(MEXICO_VENTAS);
    expect(teamPathOf("a\\")).toEqual(["a\\"]);
  });

  it("has what is below it, and compares names whole.", () => {
    expect(isWithin(["México", "Ventas", "Turno A"], MEXICO_VENTAS)).toBe(true);
    expect(isWithin(["Colombia", "Ventas"], MEXICO_VENTAS)).toBe(false);
    expect(isWithin(["México", "Ventas Norte"], MEXICO_VENTAS)).toBe(false);
    expect(isWithin(["México"], MEXICO_VENTAS)).toBe(false);
    expect(isWithin(["México"], [])).toBe(false);
  });

  it("leaves out a level that the next one repeats as a whole word.", () => {
    expect(teamName(["Ventas", "Ventas · MX"])).toBe("Ventas · MX");
    expect(teamName(["Ventas", "Ventas"])).toBe("Ventas");
    expect(teamName(["Sur", "Sureste"])).toBe("Sur · Sureste");
    expect(teamName([])).toBe("");
  });
});

describe("The choice of teams", () => {
  const agents = [MEXICO_VENTAS, MEXICO_VENTAS, ["México", "Soporte"], ["Colombia", "Ventas"], []].map((groups, index) =>
    anAgent({ agentId: String(index), groups: [...groups] }),
  );

  it("has each level before the teams below it, with the number of agents, and a chosen team without any.", () => {
    const choices = teamChoices(agents, [["Perú"]], compare);
    expect(choices.map(({ key, agents: count }) => [key, count])).toEqual([
      ["Colombia", 1],
      ["Colombia/Ventas", 1],
      ["México", 3],
      ["México/Soporte", 1],
      ["México/Ventas", 2],
      ["Perú", 0],
    ]);
  });

  it("drops the teams below a level that is chosen, and takes a team out again.", () => {
    const both = toggledTeam([MEXICO_VENTAS, ["Colombia"]], ["México"]);
    expect(both).toEqual([["Colombia"], ["México"]]);
    expect(toggledTeam(both, ["México"])).toEqual([["Colombia"]]);
  });

  it("is the link's, else the reader's own, and none for a link with groups from an earlier version.", () => {
    const own = [MEXICO_VENTAS];
    expect(chosenTeams({ teams: null, groups: [] }, own)).toBe(own);
    expect(chosenTeams({ teams: [], groups: [] }, own)).toEqual([]);
    expect(chosenTeams({ teams: [["Perú"]], groups: [] }, own)).toEqual([["Perú"]]);
    expect(chosenTeams({ teams: null, groups: ["Ventas"] }, own)).toEqual([]);
  });

  it("is kept by the browser, without what is not a team.", () => {
    const kept = JSON.stringify({ teams: [MEXICO_VENTAS, [], "x", ["Perú", 3, ""], MEXICO_VENTAS] });
    expect(readPreferences(kept).teams).toEqual([MEXICO_VENTAS, ["Perú"]]);
    expect(readPreferences(JSON.stringify({ teams: "all" })).teams).toEqual([]);
  });
});

describe("The scope", () => {
  const subjects = (choice: Partial<ScopeChoice>) => ({
    scope: inScope({ teams: [], groups: [], ...choice }),
    pathOf: (agentId: string) => (agentId === "a" ? MEXICO_VENTAS : undefined),
    knownQueues: new Set(["ventas", "soporte"]),
    scopedQueues: new Set(["ventas"]),
  });
  const ofNobody = { agentId: null, contactId: null, queueId: null };

  it("is the whole center without a choice.", () => {
    const whole = inScope({ teams: [], groups: [] });
    expect([whole.isWhole, whole.hasPath([]), whole.mayHave([])]).toEqual([true, true, true]);
  });

  it("tells teams of one name in two countries apart, and takes groups of earlier links at any level.", () => {
    const team = inScope({ teams: [MEXICO_VENTAS], groups: [] });
    expect([team.hasPath(["México", "Ventas", "Turno A"]), team.hasPath(["Colombia", "Ventas"]), team.hasPath([])]).toEqual([
      true,
      false,
      false,
    ]);
    const group = inScope({ teams: [], groups: ["Ventas"] });
    expect([group.hasPath(["Colombia", "Ventas"]), group.hasPath(["Colombia", "Ventas Norte"])]).toEqual([true, false]);
  });

  it("has an alert by its agent, its contact, or the queues in the scope, and every queue without a team.", () => {
    const scope = subjects({ teams: [MEXICO_VENTAS] });
    const has = (change: Partial<BoardAlert>) => alertInScope(scope, anAlert({ ...ofNobody, groups: [], ...change }));
    expect(has({ agentId: "a", groups: ["México"] })).toBe(true);
    expect(has({ agentId: "gone", groups: ["Colombia", "Ventas"] })).toBe(false);
    expect(has({ contactId: "c", groups: ["México", "Ventas"] })).toBe(true);
    expect(has({ contactId: "c", groups: [] })).toBe(false);
    expect(has({ queueId: "ventas", groups: ["Colombia"] })).toBe(true);
    expect(has({ queueId: "soporte", groups: ["México", "Ventas"] })).toBe(false);
    expect(has({ queueId: "soporte" })).toBe(true);
    expect(has({ queueId: "gone", groups: ["Colombia", "México", "Ventas"] })).toBe(true);
    expect(has({ queueId: "gone", groups: ["Colombia", "Ventas"] })).toBe(false);
  });

  it("has the alerts about the hub always.", () => {
    const alert = anAlert({ ...ofNobody, groups: [] });
    expect(alertInScope(subjects({ teams: [["Perú"]] }), alert)).toBe(true);
    expect(alertInScope(subjects({ groups: ["Perú"] }), alert)).toBe(true);
  });
});
