import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type Server } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import type { Browser, BrowserContextOptions, Page } from "playwright-core";
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from "vitest";
import { type RunningHub, startHub } from "../../local/start/hub.ts";
import { signedPost } from "../support/signed-post.ts";
import { aContact, anAgentState } from "../support/updates.ts";
import { COLOURS, violations } from "./axe-violations.ts";
import { type IdentityProvider, startIdentityProvider } from "./identity-provider.ts";
import { NETWORK, openPage, takeComplaints } from "./page.ts";
import { sharedBrowser } from "./shared-browser.ts";

const INSTANCE = "3c1f8e44-3b0f-4d5e-9a53-0d1f6a1b2c3d";
const secretOf = (fill: number) => `whsec_${Buffer.alloc(32, fill).toString("base64")}`;
/** The audio that the function's link leads to. */
const AUDIO = "/recordings/call-1.wav";

let browser: Browser;
let provider: IdentityProvider;
let folder: string;
/** A hub whose readers have identities, and one for this machine alone, which may ask a function on it. */
let hub: RunningHub;
let localHub: RunningHub;
/** The function for actions, and the store of the recordings. */
let aws: Server;
let awsUrl = "";
/** What the function was asked, and its next answer. */
const orders: unknown[] = [];
let outcome: Record<string, unknown> = {};

beforeAll(async () => {
  browser = await sharedBrowser();
  provider = await startIdentityProvider();
  folder = mkdtempSync(join(tmpdir(), "vigia-recording-"));
  aws = createServer(async (request, response) => {
    if (request.method === "GET") return void response.writeHead(200, { "content-type": "text/plain" }).end("the audio");
    orders.push(JSON.parse(await text(request)));
    response.writeHead(200, { "content-type": "application/json" }).end(JSON.stringify(outcome));
  });
  await new Promise<void>((resolve) => aws.listen(0, "127.0.0.1", resolve));
  const address = aws.address();
  awsUrl = `http://127.0.0.1:${address !== null && typeof address !== "string" ? address.port : 0}`;
  const vars = {
    ...provider.settings,
    INGEST_SECRETS: JSON.stringify({ [INSTANCE]: secretOf(9) }),
    TICKET_SECRET: Buffer.alloc(32, 4).toString("base64"),
    RECORDING_ROLE: "supervisor",
    ACTIONS_URL: `${awsUrl}/`,
    ACTIONS_SECRET: secretOf(7),
  };
  hub = await startHub({ port: 0, folder: join(folder, "jwt"), vars });
  localHub = await startHub({ port: 0, folder: join(folder, "local"), vars: { ...vars, AUTH_MODE: "local" } });
});
beforeEach(async () => {
  orders.length = 0;
  const now = Date.now();
  const contacts = [aContact({ contactId: "call-1", since: now, connectedAt: now, queue: "Ventas" })];
  const status = { name: "Available", kind: "routable", since: now } as const;
  const ana = anAgentState({ agentId: "ana", name: "Ana Ruiz", groups: ["Ventas"], occurredAt: now, status, contacts });
  for (const { url } of [hub, localHub]) {
    expect((await signedPost(`${url}/v1/instances/${INSTANCE}/updates`, [ana], { secret: secretOf(9) })).status).toBe(200);
  }
});
afterEach(async () => {
  for (const context of browser.contexts()) await context.close();
  expect(takeComplaints(NETWORK)).toEqual([]);
});
afterAll(async () => {
  await browser?.close();
  await hub?.stop();
  await localHub?.stop();
  await provider?.close();
  aws?.close();
  rmSync(folder, { recursive: true, force: true });
});

/** The function has made a link that ends then (epoch ms). */
const linkUntil = (expiresAt: number) => ({
  ok: true,
  code: "done",
  message: "Found.",
  recording: { url: `${awsUrl}${AUDIO}`, expiresAt },
});
const refusedAs = (code: string) => ({ ok: false, code, message: "Said by the test." });

async function open(address: string, options: BrowserContextOptions = {}): Promise<Page> {
  const { page } = await openPage(browser, address, options);
  await page.getByRole("button", { name: "Ana Ruiz", exact: true }).click();
  return page;
}
const addressOf = ({ url }: RunningHub, lang = "en") => `${url}/?lang=${lang}&instance=${INSTANCE}`;
const openAs = async (roles: readonly string[]) =>
  open(`${addressOf(hub)}#id_token=${await provider.token("Eva", INSTANCE, ["*"], { roles, name: "Eva" })}`);
const panelOf = (page: Page) => page.getByRole("dialog", { name: "Ana Ruiz" });

describe("The button for a recording", () => {
  it("REC-1 gets a link that opens the recording in another tab, and the audit has it.", async () => {
    const expiresAt = Date.now() + 300_000;
    outcome = linkUntil(expiresAt);
    const page = await open(addressOf(localHub));
    await panelOf(page).getByRole("button", { name: "Get a link to the recording of this contact" }).click();
    const link = panelOf(page).getByRole("link", { name: /^Listen \(until \d\d:\d\d:\d\d\)$/ });
    await link.waitFor();
    expect(orders).toMatchObject([{ action: "recording", agentId: "ana", contactId: "call-1" }]);
    expect(await violations(page)).toEqual([]);
    await page.screenshot({ path: "artifacts/recording-link.png" });
    // The button had the focus, and the link in its place has it now.
    expect(await link.evaluate((element) => element === document.activeElement)).toBe(true);
    const [opened] = await Promise.all([page.waitForEvent("popup"), link.click()]);
    await opened.getByText("the audio").waitFor();
    expect(new URL(opened.url()).pathname).toBe(AUDIO);
    await page.getByRole("button", { name: "Settings" }).click();
    await page.getByRole("button", { name: "Audit log…" }).click();
    const entries = page.getByRole("dialog", { name: "Audit log" }).getByRole("row").filter({ hasText: "Opened a recording" });
    await expect.poll(() => entries.count()).toBe(2);
    expect(await entries.filter({ hasText: "Ana Ruiz" }).count()).toBe(2);
  });

  it("REC-1 is there for a reader with the role alone.", async () => {
    const supervisor = await openAs(["supervisor"]);
    // This hub asks no function on this machine.
    await panelOf(supervisor).getByRole("button", { name: "Get a link to the recording of this contact" }).click();
    await panelOf(supervisor).getByText("Recordings are not set up. Tell the person who runs the server.").waitFor();
    const page = await openAs([]);
    await panelOf(page).getByText("Contact call-1").waitFor();
    // The board has asked what this reader may do, so no button comes later.
    await page.waitForFunction(() => performance.getEntriesByType("resource").some(({ name }) => name.endsWith("/me")));
    expect(await panelOf(page).getByText("Recording").count()).toBe(0);
    expect(orders).toEqual([]);
  });

  it("says that the link has ended, and gets another one.", async () => {
    outcome = linkUntil(Date.now() + 2_000);
    const page = await open(addressOf(localHub));
    const button = panelOf(page).getByRole("button", { name: "Get a link to the recording of this contact" });
    await button.click();
    await panelOf(page).getByText("The link has ended. Ask for a new one.").waitFor();
    outcome = linkUntil(Date.now() + 300_000);
    await button.click();
    await panelOf(page)
      .getByRole("link", { name: /^Listen/ })
      .waitFor();
    expect(orders).toHaveLength(2);
  });

  it("REC-4 says in the reader's language why there is no link, and can be pressed again.", async () => {
    const page = await open(addressOf(localHub, "es"), { colorScheme: "dark", viewport: { width: 390, height: 844 } });
    const button = panelOf(page).getByRole("button", { name: "Obtener un enlace a la grabación de este contacto" });
    const refusals = {
      no_recording: "La grabación aún no está. Intenta de nuevo unos minutos después del fin del contacto.",
      not_permitted: "Las grabaciones no están configuradas. Avisa a quien opera el servidor.",
    };
    for (const [code, words] of Object.entries(refusals)) {
      outcome = refusedAs(code);
      await button.click();
      await panelOf(page).getByText(words).waitFor();
    }
    expect(await violations(page, COLOURS)).toEqual([]);
    await page.screenshot({ path: "artifacts/recording-refused-es-dark.png" });
    outcome = linkUntil(Date.now() + 300_000);
    await button.click();
    await panelOf(page)
      .getByRole("link", { name: /^Escuchar \(hasta las / })
      .waitFor();
    await page.screenshot({ path: "artifacts/recording-link-es-dark.png" });
  });
});
