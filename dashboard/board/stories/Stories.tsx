import { useState } from "react";
import { AgentBoard } from "../AgentBoard.tsx";
import { Parts } from "./Parts.tsx";
import { SCENARIOS, type Scenario } from "./scenarios.ts";

/** Each part and each state of the board, from fixed data. `?only=…` shows one by its name. */
export function Gallery() {
  const only = new URLSearchParams(location.search).get("only");
  const shown = SCENARIOS.filter(({ name }) => only === null || name === only);
  return (
    <>
      <h1>Gallery</h1>
      {only === null && <Parts />}
      {shown.map((scenario) => (
        <Stage key={scenario.name} scenario={scenario} />
      ))}
    </>
  );
}

function Stage({ scenario }: { scenario: Scenario }) {
  const [client] = useState(scenario.client);
  const { name, width, height, props } = scenario;
  return (
    <section aria-label={name}>
      <h2>{name}</h2>
      <div className="box" style={{ width, height }}>
        <AgentBoard client={client} title="Centro México" storage={null} {...props} />
      </div>
    </section>
  );
}
