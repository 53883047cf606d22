import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type RunningHub, startHub } from "../../../local/start/hub.ts";
import { importSecrets, sign } from "../../../protocol/signature.ts";
import type { Update } from "../../../protocol/updates.ts";
import { signedPost } from "../../support/signed-post.ts";

export const INSTANCE = "a8c17f30-f72c-4900-abd2-8745056c4c99";
const SECRET = `whsec_${Buffer.from("client-tests-client-tests-client").toString("base64")}`;
const VARS = {
  AUTH_MODE: "local",
  INGEST_SECRETS: JSON.stringify({ [INSTANCE]: SECRET }),
  TICKET_SECRET: Buffer.from("client-tests-client-tests-ticket").toString("base64"),
};

/** The real Worker on a free port. It can crash and start again with its stored state, hang, and revoke a viewer. */
export class HubUnderTest {
  readonly #folder: string;
  #hub: RunningHub;

  private constructor(folder: string, hub: RunningHub) {
    this.#folder = folder;
    this.#hub = hub;
  }

  /** @param origin the origin of another page that may connect. */
  static async start(origin = ""): Promise<HubUnderTest> {
    const folder = await mkdtemp(join(tmpdir(), "vigia-client-"));
    return new HubUnderTest(folder, await startHub({ port: 0, folder, vars: { ...VARS, ALLOWED_ORIGINS: origin } }));
  }

  get url(): string {
    return this.#hub.url;
  }

  /** The base address of this instance's resources. */
  get base(): string {
    return `${this.url}/v1/instances/${INSTANCE}`;
  }

  async post(...updates: Update[]): Promise<void> {
    const answer = await signedPost(`${this.base}/updates`, updates, { secret: SECRET });
    if (answer.status !== 200) throw new Error(`The hub answered ${answer.status}: ${await answer.text()}`);
    await answer.body?.cancel();
  }

  kill(): Promise<void> {
    return this.#hub.kill();
  }

  /** @param port 0 for another port. */
  async startAgain(port = 0): Promise<void> {
    this.#hub = await startHub({ port, folder: this.#folder, vars: VARS });
  }

  /** Stops all processes of the hub in the middle of what they do, as a machine that sleeps. Its sockets stay open. */
  sleep(): void {
    process.kill(-this.#hub.pid, "SIGSTOP");
  }

  wake(): void {
    process.kill(-this.#hub.pid, "SIGCONT");
  }

  /** Ends the access of a viewer (SES-14). */
  async revoke(subject: string): Promise<void> {
    const body = JSON.stringify({ subject });
    const headers = await sign(await importSecrets(SECRET), randomUUID(), Math.floor(Date.now() / 1000), body);
    const init = { method: "POST", headers: { ...headers, "content-type": "application/json" }, body };
    const answer = await fetch(`${this.base}/revocations`, init);
    if (!answer.ok) throw new Error(`The hub answered ${answer.status} to a revocation: ${await answer.text()}`);
  }

  async stop(): Promise<void> {
    await this.#hub.stop();
    await rm(this.#folder, { recursive: true, force: true });
  }
}
