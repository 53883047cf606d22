// Paste this into the console of the board's page (a hub in local mode). It prints every frame as text, without compression.
const base = `/v1/instances/${new URLSearchParams(location.search).get("instance") ?? "a8c17f30-f72c-4900-abd2-8745056c4c99"}`;
const answer = await fetch(`${base}/tickets`, { method: "POST" });
if (!answer.ok)
  throw new Error(`The hub gave no ticket: ${answer.status}. Add an identity to the request: authorization: Bearer …`);
const { ticket } = await answer.json();
const socket = new WebSocket(location.origin.replace("http", "ws") + `${base}/live`, ["hub.v1", `ticket.${ticket}`]);
socket.onmessage = ({ data }) => console.log(data);
socket.onclose = ({ code, reason }) => console.log("The hub closed the socket:", code, reason);
