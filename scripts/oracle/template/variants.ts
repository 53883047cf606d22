const STREAM = "arn:aws:kinesis:us-east-1:111122223333:stream/";
const KEY = "arn:aws:kms:us-east-1:111122223333:key/0000-1111";
/** The example, and what it leaves out: foreign sources, Contact Lens, and a stack with as little as possible. */
export const VARIANTS: Record<string, unknown>[] = [
  {},
  {
    stackName: "Foreign",
    media: { mode: "existing", prefix: "theirs", keyArn: KEY },
    agentEvents: { mode: "existing", streamArn: `${STREAM}agents`, keyArn: KEY },
    contactLens: { mode: "managed" },
    actions: ["status", "free", "listen", "stop"],
    recordingLinks: { mode: "on", connectRecordings: { location: "my-bucket/connect/acme/CallRecordings", keyArn: KEY } },
    connectRules: true,
    alarmEmail: null,
    languages: { default: "es-MX", identify: ["es-US", "en-US"] },
  },
  {
    stackName: "Small",
    media: { mode: "off" },
    agentEvents: { mode: "managed" },
    contactLens: { mode: "existing", streamArn: `${STREAM}lens` },
    contactEvents: false,
    queues: false,
    reconcileMinutes: 0,
    flow: { mode: "off" },
    recording: { mode: "off" },
  },
];

/** Returns the settings of one variant: the example with the variant's own settings, as an instance of its own in an account of its own. */
export function variant(
  example: Readonly<Record<string, unknown>>,
  own: Readonly<Record<string, unknown>>,
  index: number,
): unknown {
  return JSON.parse(
    JSON.stringify({ ...example, ...own })
      .replaceAll("111122223333", "999988887777")
      .replaceAll(/(?<=instance\/)./g, String(index + 1)),
  );
}
