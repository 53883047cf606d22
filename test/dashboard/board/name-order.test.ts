import { describe, expect, it } from "vitest";
import { nameOrder } from "../../../dashboard/board/model/name-order.ts";
import { anAgent } from "./an-agent.ts";

describe("The order of names", () => {
  it("compares each name once, and again when an agent has another name or is new.", () => {
    let compared = 0;
    const compare = (a: string, b: string) => {
      compared += 1;
      return a < b ? -1 : Number(a > b);
    };
    const [ana, bea, carla] = ["Ana", "Bea", "Carla"].map((name) => anAgent({ agentId: name, name }));
    if (!ana || !bea || !carla) throw new Error("There are three agents.");
    const namesOf = (agents: Parameters<typeof nameOrder>[0]) =>
      [...agents].sort(nameOrder(agents, compare)).map(({ name }) => name);

    expect(namesOf([carla, ana, bea])).toEqual(["Ana", "Bea", "Carla"]);
    const first = compared;
    expect(first).toBeGreaterThan(0);
    expect(namesOf([bea, { ...ana, status: "away" }])).toEqual(["Ana", "Bea"]);
    expect(compared).toBe(first);
    expect(namesOf([{ ...ana, name: "Dora" }, bea, carla])).toEqual(["Bea", "Carla", "Dora"]);
    expect(namesOf([bea, anAgent({ agentId: "new", name: "Abel" })])).toEqual(["Abel", "Bea"]);
    expect(compared).toBeGreaterThan(first);
  });

  it("goes by the id where two names are equal.", () => {
    const agents = ["b", "a"].map((agentId) => anAgent({ agentId, name: "Ana" }));
    const sorted = [...agents].sort(nameOrder(agents, () => 0));
    expect(sorted.map(({ agentId }) => agentId)).toEqual(["a", "b"]);
  });
});
