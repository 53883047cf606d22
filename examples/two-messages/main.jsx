// The plainest client: React, the two oldest messages, and a clock. No library of ours, no build but your own.
import { useEffect, useState } from "react";
import { createRoot } from "react-dom/client";

const HUB = import.meta.env.VITE_HUB ?? "http://127.0.0.1:8787";
const INSTANCE = import.meta.env.VITE_INSTANCE ?? "a8c17f30-f72c-4900-abd2-8745056c4c99";
const BASE = `${HUB}/v1/instances/${INSTANCE}`;

function AgentList() {
  const [agents, setAgents] = useState(new Map());
  const now = useNow();
  useEffect(
    () =>
      keepConnected((message) => {
        if (message.type === "initialAgentList")
          setAgents(new Map(message.data.map((agent) => [agent.agentId, received(agent)])));
        if (message.type === "agentStatusUpdate") {
          setAgents((before) => new Map(before).set(message.data.agentId, received(message.data)));
        }
      }),
    [],
  );
  return (
    <table>
      <tbody>
        {[...agents.values()].map(({ agentId, name, status, duration, sentimentScore, receivedAt }) => (
          <tr key={agentId}>
            <th scope="row">{name}</th>
            <td>{status}</td>
            <td>{duration === null ? "–" : `${duration + Math.floor((now - receivedAt) / 1000)} s`}</td>
            <td>{sentimentScore ?? "–"}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** `duration` is from the moment of sending, and the hub sends no message while it only grows: the page counts on. */
function received(agent) {
  return { ...agent, receivedAt: Date.now() };
}

function useNow() {
  const [now, setNow] = useState(Date.now);
  useEffect(() => {
    const timer = setInterval(() => setNow(Date.now()), 1000);
    return () => clearInterval(timer);
  }, []);
  return now;
}

/** Connects, and again after every loss, until the returned function is called. A ticket opens one socket. */
function keepConnected(onMessage) {
  let socket = null;
  let timer = null;
  let stopped = false;
  const later = () => {
    if (!stopped) timer = setTimeout(connect, 500 + Math.random() * 4500);
  };
  async function connect() {
    try {
      const answer = await fetch(`${BASE}/tickets`, { method: "POST" });
      if (!answer.ok) throw new Error(`The hub gave no ticket: ${answer.status}`);
      const { ticket } = await answer.json();
      if (stopped) return;
      socket = new WebSocket(`${BASE.replace("http", "ws")}/live?ticket=${ticket}`);
      socket.onmessage = ({ data }) => onMessage(JSON.parse(data));
      // From 4500 on, the hub wants nobody to come back.
      socket.onclose = ({ code }) => code < 4500 && later();
    } catch (error) {
      console.warn(error);
      later();
    }
  }
  void connect();
  return () => {
    stopped = true;
    clearTimeout(timer);
    socket?.close();
  };
}

createRoot(document.querySelector("#root")).render(<AgentList />);
