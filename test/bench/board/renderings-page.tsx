// library-renderings.ts opens this page. It changes one agent at a time and counts what React renders.

import { flushSync } from "react-dom";
import { createRoot } from "react-dom/client";
import { createFakeAgentClient, fakeAgent } from "../../../dashboard/client/testing.ts";
import { AgentClientProvider, shallow, useAgent, useAgents, useConnection } from "../../../dashboard/react/index.ts";

const AGENTS = 500;
const CHANGES = 200;

const counts = { row: 0, list: 0, connection: 0, wholeList: 0 };
const client = createFakeAgentClient({ agents: Array.from({ length: AGENTS }, (_, n) => fakeAgent({ agentId: `agent-${n}` })) });

function Row({ id }: { id: string }) {
  counts.row += 1;
  return <li>{useAgent(id)?.status}</li>;
}
function List() {
  counts.list += 1;
  const ids = useAgents((agents) => agents.map(({ agentId }) => agentId), shallow);
  return ids.map((id) => <Row key={id} id={id} />);
}
function Status() {
  counts.connection += 1;
  return <p>{useConnection().status}</p>;
}
/** What a page does that reads everything: one rendering of all rows for each change. */
function WholeList() {
  const agents = useAgents();
  counts.wholeList += agents.length;
  return <p>{agents.length}</p>;
}

const root = createRoot(document.body);
flushSync(() =>
  root.render(
    <AgentClientProvider client={client}>
      <List />
      <Status />
      <WholeList />
    </AgentClientProvider>,
  ),
);
// The hooks subscribe in effects.
requestAnimationFrame(() => {
  const before = { ...counts };
  for (let change = 0; change < CHANGES; change += 1) {
    const agentId = `agent-${(change * 7) % AGENTS}`;
    flushSync(() => {
      client.play({ agents: [{ agentId, status: change % 2 === 0 ? "away" : "ringing" }] });
      client.play({ connection: { lastMessageAt: change } });
    });
  }
  const perChange = Object.fromEntries(
    Object.entries(counts).map(([name, count]) => [name, (count - Reflect.get(before, name)) / CHANGES]),
  );
  Reflect.set(window, "renderings", perChange);
});
