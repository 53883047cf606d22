import { cloudflareTest } from "@cloudflare/vitest-plugin";
import { defineConfig } from "vitest/config";

/** Each test of the Worker has a contact center of its own; they share one signing secret. */
const testInstances = Object.fromEntries(
  Array.from({ length: 200 }, (_, index) => [`test-${index + 1}`, "whsec_dGVzdC1zZWNyZXQtdGVzdC1zZWNyZXQtdGVzdC0wMQ=="]),
);
const workerSettings = {
  AUTH_MODE: "local",
  INGEST_SECRETS: JSON.stringify(testInstances),
  TICKET_SECRET: "dGlja2V0LXNlY3JldC10aWNrZXQtc2VjcmV0LXRpY2tldC0wMQ==",
  METRICS_TOKEN: "metrics-token-for-tests",
};

export default defineConfig({
  test: {
    projects: [
      {
        test: {
          name: "node",
          include: ["test/**/*.test.ts", "test/**/*.test.tsx"],
          exclude: ["test/worker/**", "test/browser/**", "test/bench/**"],
          testTimeout: 60_000,
        },
      },
      {
        plugins: [cloudflareTest({ wrangler: { configPath: "./wrangler.toml" }, miniflare: { bindings: workerSettings } })],
        test: { name: "workerd", include: ["test/worker/**/*.test.ts"], testTimeout: 60_000 },
      },
      {
        test: {
          name: "browser",
          include: ["test/browser/**/*.test.ts"],
          testTimeout: 120_000,
          hookTimeout: 120_000,
          fileParallelism: false,
        },
      },
    ],
  },
});
