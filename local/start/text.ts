import type { StartOptions } from "./options.ts";

const NAME_WIDTH = 14;

/**
 * Returns the text that `npm start` prints when everything runs.
 * @param recordingsUrl the page with the recordings, or null without the simulator
 */
export function announcement(options: StartOptions, url: string, recordingsUrl: string | null): string {
  const rows: (readonly [string, string])[] = [
    ["Dashboard", `${url}/`],
    ...(recordingsUrl === null
      ? []
      : ([["Recordings", `${recordingsUrl} (of calls that ask for one, when they are over)`]] as const)),
    ["Hub", "the real Worker in the Workers runtime; only this machine can reach it"],
  ];
  if (options.simulator) {
    const speed = options.speed === 1 ? "" : `, ${options.speed} times as fast as real life`;
    rows.push(
      [
        "Contact center",
        `simulated: ${count(options.agents, "agent")}, ${count(options.calls, "transcribed call")} at a time${speed};`,
      ],
      ["", "queues with more calls, chats, tasks and e-mails, which are events only"],
      ["AWS", "stand-ins for Kinesis (data and video), Transcribe, Comprehend, Connect, Contact Lens,"],
      ["", "EventBridge, Lambda, S3, SQS and Secrets Manager; all Lambda handlers run and use them"],
    );
  } else rows.push(["Contact center", "none (--no-simulator); the board shows the updates that you post to the hub"]);
  if (options.chaosSeconds !== null) {
    const victims = options.simulator ? "a transcriber and the hub in turn" : "the hub";
    rows.push(["Chaos", `kills ${victims}, one every ${options.chaosSeconds} s; at the end it counts the turns`]);
  }
  rows.push(["Files", ".vigia/ has the hub's state and the logs; --fresh starts with an empty state"], ["Stop", "Ctrl-C"]);
  const lines = rows.map(([name, text]) => `  ${name.padEnd(NAME_WIDTH)}  ${text}`);
  return `\nVigía is running.\n\n${lines.join("\n")}\n\n`;
}

function count(amount: number, noun: string): string {
  return `${amount} ${noun}${amount === 1 ? "" : "s"}`;
}

/** The one line that tells what the kills cost. */
export function chaosResult(kills: number, said: number, onHub: number): string {
  return `chaos: ${kills} kills, ${said} turns spoken, ${onHub} on the hub, ${said - onHub} lost`;
}
