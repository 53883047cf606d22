import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Each test of the Worker has a contact center of its own; they share one signing secret. */
const testInstances = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`test-${index + 1}`, "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ=="]),
);

/** Each has a function of its own, which answers questions for recordings in another way. */
const recordingInstances = Object.fromEntries(
  ["found", "none", "unknown", "forged"].map((answer) => [
    `recording-${answer}`,
    "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==",
  ]),
);

/** One contact center of the tests has targets, so that the others send nothing. */
function alertTargets(receivers: string): string {
  const shared = { kind: "slack", instances: ["alerts-1"] };
  const kinds = ["ok", "missing", "redirect"];
  return JSON.stringify(Object.fromEntries(kinds.map((kind) => [kind, { ...shared, url: `${receivers}/hub-${kind}/${kind}` }])));
}

function worker(settings: Record<string, string>) {
  return cloudflareTest(({ inject }) => ({
    wrangler: { configPath: "./wrangler.toml" },
    miniflare: {
      bindings: {
        AUTH_MODE: "local",
        AUTH_JWKS_URL: `${inject("identityProvider").url}/keys`,
        AUTH_ISSUER: "https://issuer.example",
        AUTH_AUDIENCE: "vigia",
        ALLOWED_ORIGINS: "https://embedding.example",
        INGEST_SECRETS: JSON.stringify({
          ...testInstances,
          "alerts-1": "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==",
          "actions-1": "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==",
          ...recordingInstances,
          "named-1": "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ==",
        }),
        BOARD_URL: "https://board.example.com/",
        CENTER_NAME_NAMED_1: "Ventas México",
        ALERT_TARGETS: alertTargets(inject("receivers")),
        ACTIONS: "status free listen stop",
        ACTIONS_URL: `${inject("receivers")}/hub-actions/act-done`,
        ACTIONS_URL_ACTIONS_1: `${inject("receivers")}/hub-who-may-act/act-done`,
        RECORDING_ROLE: "supervisor",
        ACTIONS_URL_RECORDING_FOUND: `${inject("receivers")}/hub-recording/act-recording`,
        ACTIONS_URL_RECORDING_NONE: `${inject("receivers")}/hub-no-recording/act-no-recording`,
        ACTIONS_URL_RECORDING_UNKNOWN: `${inject("receivers")}/hub-lost-recording/act-unknown`,
        ACTIONS_URL_RECORDING_FORGED: `${inject("receivers")}/hub-refused-recording/act-forged`,
        ACTIONS_SECRET: "whsec_YWN0aW9ucy1zZWNyZXQtYWN0aW9ucy1zZWNyZXQtMDE=",
        TICKET_SECRET: "dGlja2V0LXNlY3JldC10aWNrZXQtc2VjcmV0LXRpY2tldC0wMQ==",
        METRICS_TOKEN: "metrics-token-for-tests",
        ...settings,
      },
    },
  }));
}

/** It deploys six times, so `npm run oracle -- rollback` runs it and `npm test` does not. */
const slowTests = process.env["VIGIA_ROLLBACK"] === undefined ? ["test/infra/rollback.test.ts"] : [];

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          setupFiles: ["test/dashboard/words.ts"],
          exclude: ["test/worker/**", "test/browser/**", "test/bench/node_modules/**", ...slowTests],
          // Many files wait for sockets and timers more than they compute: four at a time halve the run on two cores.
          maxWorkers: 4,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          // A machine that is busy with three files keeps a poll waiting longer than the second it has by default.
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        plugins: [worker({})],
        test: {
          name: "workerd",
          include: ["test/worker/**/*.test.ts"],
          globalSetup: ["test/worker/identity-provider.ts", "test/worker/alerts/receivers.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        // The same behaviour when an object has room for one viewer only and all others sit at relays.
        plugins: [worker({ VIEWERS_PER_OBJECT: "1" })],
        test: {
          name: "relayed",
          include: ["test/worker/conformance/*.test.ts"],
          globalSetup: ["test/worker/identity-provider.ts", "test/worker/alerts/receivers.ts"],
          testTimeout: 120_000,
          hookTimeout: 60_000,
          expect: { poll: { timeout: 20_000 } },
        },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          globalSetup: "test/browser/setup.ts",
          testTimeout: 120_000,
          hookTimeout: 120_000,
          maxWorkers: 2,
          // Two files at once on a busy machine: a second is not long.
          expect: { poll: { timeout: 20_000 } },
        },
      },
    ],
  },
});
