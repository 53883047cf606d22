// node examples/plain-client.mjs http://127.0.0.1:8787 a8c17f30-f72c-4900-abd2-8745056c4c99 [identity token]
const [hub, instance, token] = process.argv.slice(2);
const base = `${hub}/v1/instances/${instance}`;
const agents = new Map();
// Node has a WebSocket of its own since version 22. Before, the package ws has the same one.
const Socket = globalThis.WebSocket ?? (await import("ws")).WebSocket;

async function connect() {
  const headers = token ? { authorization: `Bearer ${token}` } : {};
  const answer = await fetch(`${base}/tickets`, { method: "POST", headers });
  if (!answer.ok) throw new Error(`The hub gave no ticket: ${answer.status} ${await answer.text()}`);
  const { ticket } = await answer.json();
  const socket = new Socket(`${base.replace("http", "ws")}/live?ticket=${ticket}`);
  socket.onmessage = ({ data }) => {
    const message = JSON.parse(data);
    if (message.type === "initialAgentList") agents.clear();
    for (const agent of [message.data].flat()) agents.set(agent.agentId, agent);
    if (message.type === "agentRemoved") agents.delete(message.data.agentId);
    for (const { name, status, duration, sentimentScore } of agents.values()) {
      console.log([name, status, duration ?? "-", sentimentScore ?? "-"].join("\t"));
    }
  };
  socket.onerror = () => {};
  socket.onclose = ({ code }) => code < 4500 && retryLater();
}
const retryLater = () => setTimeout(() => connect().catch(retryLater), 500 + Math.random() * 5000);
await connect();
